/** `ottugi chat` on a real terminal, with a real agent: what a person types, sees, allows and stops. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { makeHome, startAgent, type TestHome, type TestProcess } from '../../agent/agentProcess.ts'
import { type FakeAnthropic, type Script, startFakeAnthropic, textOf } from '../../fakes/anthropic.ts'
import { KEY, openTerminal, pasted, type TestTerminal } from './terminal.ts'

const PROMPT = '> \u001b[3G'

let provider: FakeAnthropic
let home: TestHome
const agents: TestProcess[] = []
const terminals: TestTerminal[] = []

beforeEach(async () => {
  provider = await startFakeAnthropic()
  home = makeHome({ modelUrl: provider.url })
  await start()
})

afterEach(async () => {
  for (const terminal of terminals.splice(0)) await terminal.close()
  for (const agent of agents.splice(0)) await agent.kill()
  await provider.close()
  home.remove()
})

async function start(): Promise<TestProcess> {
  const agent = await startAgent(home)
  agents.push(agent)
  return agent
}

async function talk(
  how: Parameters<typeof openTerminal>[1] = {},
  words: readonly string[] = [],
): Promise<TestTerminal> {
  const terminal = openTerminal(['chat', '--home', home.paths.home, ...words], how)
  terminals.push(terminal)
  await terminal.shows(PROMPT)
  return terminal
}

async function say(terminal: TestTerminal, words: string): Promise<void> {
  terminal.type(words + KEY.enter)
  await terminal.shows(PROMPT)
}

const write = (path: string): Script => ({
  do: 'call',
  calls: [{ name: 'write_file', input: { path, content: 'x' } }],
})
const isWritten = (path: string) => existsSync(join(home.paths.workspace, path))
const lastQuestion = () => textOf(provider.requests.at(-1)?.body.messages.at(-1))

it('talks: Korean, Markdown, a paste of many lines as one message, a line that is mended, and leaves', async () => {
  const terminal = await talk({ columns: 40 })
  terminal.type(`안뇽${KEY.back}녕`)
  await say(terminal, ' **하나**')
  expect(lastQuestion()).toContain('안녕 **하나**')
  provider.setScript({
    do: 'say',
    text: '# 제목\n- **굵게** 그리고 `code`\n\n한국어로 된 긴 문장이 **여러 줄**에 걸쳐 이어집니다\nend',
  })
  terminal.type(pasted('/etc is a folder\nsecond line\nthird'))
  await terminal.shows('third')
  await say(terminal, '')
  expect(lastQuestion()).toContain('/etc is a folder\nsecond line\nthird')
  expect(terminal.screen().slice(-10, -1)).toEqual([
    '> /etc is a folder',
    '· second line',
    '· third',
    '제목',
    '• 굵게 그리고 code',
    '',
    '한국어로 된 긴 문장이 여러 줄에 걸쳐 이',
    '어집니다',
    'end',
  ])
  // What was begun and is not wanted goes with Ctrl-C; on an empty line it leaves.
  terminal.type(`not this${KEY.interrupt}`)
  await terminal.shows(PROMPT)
  terminal.type(KEY.interrupt)
  expect(await terminal.exited).toBe(0)
  expect(terminal.output().endsWith('\u001b[?2004l')).toBe(true)
})

it('is drawn anew for the width that the terminal has by now', async () => {
  const terminal = await talk({ columns: 60 })
  terminal.resize(30)
  await terminal.shows(PROMPT)
  provider.setScript({ do: 'say', text: 'some **bold** words that are longer than one row is now\n' })
  await say(terminal, 'go')
  expect(terminal.screen().slice(-4, -1)).toEqual(['> go', 'some bold words that are longe', 'r than one row is now'])
})

it('shows tools as they run, and asks: yes once, no, and always from then on', async () => {
  const terminal = await talk()
  provider.setScript({ do: 'turns', turns: [write('yes.txt'), { do: 'say', text: 'one' }] })
  terminal.type(`write${KEY.enter}`)
  await terminal.shows('[y] yes  [n] no  [a] always')
  expect(isWritten('yes.txt')).toBe(false)
  terminal.type('y')
  await terminal.shows(PROMPT)
  expect(isWritten('yes.txt')).toBe(true)
  expect(stripVTControlCharacters(terminal.output())).toMatch(/→ write_file .*yes\.txt[\s\S]*✓ write_file \(.*\)/)

  provider.setScript({ do: 'turns', turns: [write('no.txt'), { do: 'say', text: 'two' }] })
  terminal.type(`write${KEY.enter}`)
  await terminal.shows('[y]')
  // What is pasted while a question stands there answers nothing; a Korean keyboard answers as well.
  terminal.type(pasted('yes, always\n'))
  terminal.type('ㅜ')
  await terminal.shows(PROMPT)
  expect(isWritten('no.txt')).toBe(false)

  const twice: Script[] = [write('a.txt'), write('a.txt'), { do: 'say', text: 'three' }]
  provider.setScript({ do: 'turns', turns: twice })
  terminal.type(`write${KEY.enter}`)
  await terminal.shows('[a] always')
  terminal.type('a')
  await terminal.shows(PROMPT)
  expect(isWritten('a.txt')).toBe(true)
  expect(terminal.output().split('[y] yes').length - 1).toBe(3)
})

it('stops an answer with Esc and with Ctrl-C, in the agent as well, also while it waits for a yes', async () => {
  const terminal = await talk()
  provider.setScript({ do: 'stall' })
  for (const [index, key] of [KEY.escape, KEY.interrupt].entries()) {
    terminal.type(`wait${KEY.enter}`)
    await provider.seen(index + 1)
    terminal.type(key)
    await terminal.shows('Stopped.')
    await terminal.shows(PROMPT)
    await provider.dropped(index + 1)
  }
  provider.setScript(write('never.txt'))
  terminal.type(`write${KEY.enter}`)
  await terminal.shows('[y]')
  terminal.type(KEY.escape)
  await terminal.shows('Stopped.')
  await terminal.shows(PROMPT)
  expect(isWritten('never.txt')).toBe(false)
  await say(terminal, '/cost')
  expect(terminal.output()).toContain('This conversation: 3 questions')
})

it('goes on when the agent is killed in the middle, and a second Ctrl-C leaves when nobody hears the first', async () => {
  const terminal = await talk()
  provider.setScript({ do: 'stall' })
  terminal.type(`hold on${KEY.enter}`)
  await provider.seen(1)
  await agents.pop()?.kill()
  provider.setScript({ do: 'echo' })
  await start()
  await terminal.shows('echo: hold on')
  await terminal.shows(PROMPT)
  expect(terminal.output()).toContain('asking again')

  provider.setScript({ do: 'stall' })
  const before = provider.requests.length
  terminal.type(`once more${KEY.enter}`)
  await provider.seen(before + 1)
  await agents.pop()?.kill()
  await terminal.shows('asking again')
  terminal.type(KEY.interrupt)
  terminal.type(KEY.interrupt)
  const command = /replay (\S+)/.exec(await terminal.shows(/did not say that it stops.*replay \S+/))
  expect(await terminal.exited).toBe(0)
  expect(command?.[1]).toMatch(/^[0-9a-f-]{36}$/)
})

it('knows its commands', async () => {
  const terminal = await talk({}, ['--session', 'known'])
  const said = async (words: string) => {
    const from = terminal.output().length
    await say(terminal, words)
    return stripVTControlCharacters(terminal.output().slice(from))
  }
  expect(await said('/help')).toContain('/compact')
  expect(await said('/model')).toContain('the one of the settings')
  expect(await said('/model claude-haiku-4-5')).toContain('Model: claude-haiku-4-5')
  await say(terminal, 'a first question')
  expect(provider.requests.at(-1)?.body.model).toBe('claude-haiku-4-5')
  expect(await said('/model default')).toContain('the one of the settings')
  expect(await said('/tools')).toMatch(/read_file +0, looks +run again +on/)
  expect(await said('/cost')).toMatch(/This conversation: 1 questions, \d+ tokens, 0\.\d+ USD/)
  expect(await said('/sessions')).toMatch(/known +a first question/)
  expect(await said('/undo')).toContain('No summary is in force')
  for (let index = 0; index < 8; index++) await say(terminal, `question ${index} ${'with many words '.repeat(40)}`)
  provider.setScript({ do: 'say', text: 'It was about questions.' })
  expect(await said('/compact')).toContain('is a summary now')
  expect(await said('/undo')).toContain('is back as it was')
  expect(await said('/nothing')).toContain('There is no command /nothing')
  terminal.type(`/quit${KEY.enter}`)
  expect(await terminal.exited).toBe(0)
})

it('has no colour with NO_COLOR, and speaks Korean', async () => {
  provider.setScript({ do: 'say', text: '# a **b**\n' })
  const terminal = await talk({ environment: { NO_COLOR: '1', LANG: 'ko_KR.UTF-8' } })
  await say(terminal, 'go')
  expect(terminal.output()).toContain('# a **b**\r\n')
  expect(terminal.output()).toContain('/help 명령 보기')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a colour begins with one
  expect(terminal.output()).not.toMatch(/\u001b\[[\d;]*m/)
})

/** The wizard on a real terminal: from nothing to settings, again with what is set, and Ctrl+C at every question. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type HomePaths, homePaths } from '../../../src/shared/paths.ts'
import { type FakeAnthropic, startFakeAnthropic } from '../../fakes/anthropic.ts'
import { KEY as KEYS, openTerminal, type TestTerminal } from '../chat/terminal.ts'

const SECRET = 'sk-ant-api03-hunter2hunter2hunter2'
const UP = '\u001b[A'
const DOWN = '\u001b[B'
const HAS_SYSTEMD = existsSync('/run/systemd/system')

let provider: FakeAnthropic
let paths: HomePaths
const terminals: TestTerminal[] = []

beforeEach(async () => {
  provider = await startFakeAnthropic()
  provider.requireKey(SECRET)
  paths = homePaths(mkdtempSync(join(tmpdir(), 'ottugi-wizard-')))
  mkdirSync(paths.home, { recursive: true })
  writeFileSync(paths.settings, `# mine\nmodel:\n  baseUrl: ${provider.url}\n`, { mode: 0o600 })
})

afterEach(async () => {
  for (const terminal of terminals.splice(0)) await terminal.close()
  await provider.close()
  rmSync(paths.home, { recursive: true, force: true })
})

function open(): TestTerminal {
  const terminal = openTerminal(['init', '--home', paths.home], { environment: { HOME: paths.home } })
  terminals.push(terminal)
  return terminal
}

/** Every question of a first run, and the keys that answer it. */
const QUESTIONS: readonly (readonly [question: string, keys: string])[] = [
  ['Language', KEYS.enter],
  ['Who provides the model?', KEYS.enter],
  ['Model', KEYS.enter],
  ['Key (ANTHROPIC_API_KEY)', `${SECRET}${KEYS.enter}`],
  ['a day, in USD', `${KEYS.back}3${KEYS.enter}`],
  ['a month, in USD', KEYS.enter],
  ['How are you told', `${UP}${KEYS.enter}`],
  ['Who may reach the dashboard?', KEYS.enter],
  ['Port of the dashboard', KEYS.enter],
  ['reverse proxy shows it', KEYS.enter],
  ...(HAS_SYSTEMD ? [['What keeps it running?', `${DOWN}${KEYS.enter}`] as const] : []),
  ['Start now?', 'n'],
  ['Do this?', KEYS.enter],
]

async function answer(terminal: TestTerminal, count: number): Promise<void> {
  for (const [question, keys] of QUESTIONS.slice(0, count)) {
    await terminal.shows(question)
    terminal.type(keys)
  }
}

const filesOf = () => readdirSync(paths.home, { recursive: true, encoding: 'utf8' }).toSorted()

it('asks everything, tries the key, and writes at the end', async () => {
  const terminal = open()
  await answer(terminal, QUESTIONS.length)
  await terminal.shows('Everything is written.')
  expect(await terminal.exited).toBe(0)
  expect(provider.requests.map(({ key }) => key)).toEqual([SECRET])
  expect(terminal.output()).not.toContain(SECRET)
  const settings = readFileSync(paths.settings, 'utf8')
  expect(settings).toContain('# mine')
  expect(settings).toContain('dayUsd: 3')
  expect(readFileSync(paths.env, 'utf8')).toContain(`ANTHROPIC_API_KEY=${SECRET}`)
})

it.each(QUESTIONS.map(([question], index) => [question, index] as const))(
  'Ctrl+C at "%s" leaves everything as it was',
  async (question, index) => {
    const before = filesOf()
    const text = readFileSync(paths.settings, 'utf8')
    const terminal = open()
    await answer(terminal, index)
    await terminal.shows(question)
    terminal.type(KEYS.interrupt)
    await terminal.shows('Nothing was changed.')
    expect(await terminal.exited).toBe(1)
    expect(filesOf()).toEqual(before)
    expect(readFileSync(paths.settings, 'utf8')).toBe(text)
  },
)

it('Ctrl+C while the key is tried leaves everything as it was', async () => {
  provider.setScript({ do: 'silence' })
  const before = filesOf()
  const terminal = open()
  await answer(terminal, 4)
  await provider.seen(1)
  terminal.type(KEYS.interrupt)
  await terminal.shows('Nothing was changed.')
  expect(await terminal.exited).toBe(1)
  expect(filesOf()).toEqual(before)
})

it('asks in whole lines also where the terminal tells no width', async () => {
  const terminal = openTerminal(['init', '--home', paths.home], { columns: 0, environment: { HOME: paths.home } })
  terminals.push(terminal)
  await terminal.shows('Language')
  await terminal.shows('English')
  terminal.type(KEYS.interrupt)
  await terminal.shows('Nothing was changed.')
  expect(await terminal.exited).toBe(1)
})

it('asks again for a key that was refused', async () => {
  const terminal = open()
  await answer(terminal, 3)
  await terminal.shows('Key (ANTHROPIC_API_KEY)')
  terminal.type(`wrong-key-wrong-key${KEYS.enter}`)
  await terminal.shows('does not take this key')
  await terminal.shows('And now?')
  terminal.type(KEYS.enter)
  await terminal.shows('Who provides the model?')
  terminal.type(KEYS.enter)
  await terminal.shows('Model')
  terminal.type(KEYS.enter)
  await terminal.shows('Key (ANTHROPIC_API_KEY)')
  terminal.type(`${SECRET}${KEYS.enter}`)
  await terminal.shows('answered in')
  terminal.type(KEYS.interrupt)
  expect(await terminal.exited).toBe(1)
})

it('called again, it shows what is set and changes only what is chosen', async () => {
  writeFileSync(paths.env, `ANTHROPIC_API_KEY=${SECRET}\n`, { mode: 0o600 })
  writeFileSync(paths.settings, `language: ko\nmodel:\n  baseUrl: ${provider.url}\n`, { mode: 0o600 })
  const terminal = open()
  await terminal.shows('언어')
  terminal.type(KEYS.enter)
  await terminal.shows('무엇을 바꾸시겠습니까?')
  await terminal.shows('anthropic/')
  terminal.type(`${DOWN} ${KEYS.enter}`)
  await terminal.shows('하루에')
  terminal.type(`${KEYS.back}9${KEYS.enter}`)
  await terminal.shows('한 달')
  terminal.type(KEYS.enter)
  await terminal.shows('이대로 할까요?')
  terminal.type(KEYS.enter)
  await terminal.shows('모두 저장했습니다.')
  expect(await terminal.exited).toBe(0)
  expect(readFileSync(paths.settings, 'utf8')).toBe(
    `language: ko\nmodel:\n  baseUrl: ${provider.url}\nbudget:\n  dayUsd: 9\n`,
  )
  expect(provider.requests).toHaveLength(0)
})

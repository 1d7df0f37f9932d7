/** `ottugi schedule` with a real agent: a sentence becomes a job that a person sees before it is one, and what is due is run once, whatever is killed. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  call as ask,
  eventually,
  makeHome,
  startAgent,
  type TestHome,
  type TestProcess,
} from '../agent/agentProcess.ts'
import { type FakeAnthropic, type Script, startFakeAnthropic } from '../fakes/anthropic.ts'
import { KEY, openTerminal } from './chat/terminal.ts'
import { call } from './command.ts'

const SENTENCE = 'every weekday at 8, summarise my open pull requests'
const PROPOSED: Script = {
  do: 'call',
  calls: [{ input: { cron: '0 8 * * 1-5', prompt: 'Summarise my open pull requests.', zone: 'Asia/Seoul' } }],
}

let provider: FakeAnthropic
let home: TestHome
let agent: TestProcess

beforeAll(async () => {
  provider = await startFakeAnthropic()
  home = makeHome({ modelUrl: provider.url })
  agent = await startAgent(home)
})

afterAll(async () => {
  await agent.kill()
  await provider.close()
  home.remove()
})

const schedule = (...words: string[]) => call(['schedule', ...words, '--home', home.paths.home])
const jsonLines = ({ out }: { out: string }) =>
  out
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
const jobs = async () => jsonLines(await schedule('list', '--json'))

it('shows the cron line of a sentence, and adds nothing without a yes', async () => {
  provider.setScript(PROPOSED)
  for (const how of [
    ['add', SENTENCE],
    ['propose', SENTENCE],
  ]) {
    const { code, out, err } = await schedule(...how)
    expect([code, out, err]).toEqual([
      2,
      expect.stringContaining('0 8 * * 1-5 (Asia/Seoul)'),
      expect.stringContaining('--yes'),
    ])
  }
  expect(await schedule('add')).toMatchObject({ code: 2, out: '' })
  const terminal = openTerminal(['schedule', 'add', SENTENCE, '--home', home.paths.home])
  try {
    await terminal.shows('0 8 * * 1-5 (Asia/Seoul): Summarise my open pull requests.')
    await terminal.shows('[y/n]')
    terminal.type(`n${KEY.enter}`)
    await terminal.shows('Nothing was added.')
    expect(await terminal.exited).toBe(0)
  } finally {
    await terminal.close()
  }
  expect(await jobs()).toEqual([])
})

it('adds it after a yes, with what was said beside it', async () => {
  const terminal = openTerminal([
    'schedule',
    'add',
    SENTENCE,
    '--name',
    'morning',
    '--usd',
    '0.5',
    '--home',
    home.paths.home,
  ])
  try {
    await terminal.shows('[y/n]')
    terminal.type(`y${KEY.enter}`)
    await terminal.shows('08:00:00 Asia/Seoul')
    expect(await terminal.exited).toBe(0)
  } finally {
    await terminal.close()
  }
  const [job] = await jobs()
  expect(job).toMatchObject({
    name: 'morning',
    trigger: { kind: 'cron', line: '0 8 * * 1-5' },
    zone: 'Asia/Seoul',
    limits: { usd: 0.5 },
    createdBy: 'terminal',
  })
  expect(new Date(job.nextMs).toISOString()).toMatch(/T23:00:00/)
  const again = await schedule('add', SENTENCE, '--yes', '--json')
  expect(JSON.parse(again.out)).toMatchObject({ job: { prompt: 'Summarise my open pull requests.' } })
  for (const { id } of await jobs()) expect((await schedule('remove', id)).code).toBe(0)
})

/** A job that is due in a moment; gives its id. */
async function soon(prompt: string): Promise<string> {
  const at = new Date(Date.now() + 1_000).toISOString()
  const added = await ask(agent, '/api/schedule', { prompt, trigger: { kind: 'at', at } })
  return ((await added.json()) as { job: { id: string } }).job.id
}

async function historyOf(id: string) {
  return eventually(async () => {
    const slots = jsonLines(await schedule('history', id, '--json'))
    return slots.some(({ state }) => state === 'done') && slots
  }, 50_000)
}

const asksFor = (words: string) =>
  provider.requests.filter(({ body }) => JSON.stringify(body.messages).includes(words)).length

it('runs what is due once, and its history says so', async () => {
  provider.setScript({ do: 'echo' })
  const id = await soon('the quiet job')
  const history = await historyOf(id)
  expect(history).toEqual([expect.objectContaining({ state: 'done', outcome: 'answered' })])
  expect(asksFor('the quiet job')).toBe(1)
  const shown = await call(['replay', history[0].run, '--home', home.paths.home])
  expect(shown.out).toContain('the quiet job')
})

it('runs it once also when the agent is killed in the middle, and nothing is done twice', async () => {
  const look: Script = { do: 'call', calls: [{ name: 'list_dir', input: { path: '.' } }] }
  provider.setScript({ do: 'turns', turns: [look, { do: 'stall' }] })
  const before = provider.requests.length
  const id = await soon('the killed job')
  await provider.seen(before + 2)
  await agent.kill()
  provider.setScript({ do: 'say', text: 'over' })
  agent = await startAgent(home)
  const history = await historyOf(id)
  expect(history).toEqual([expect.objectContaining({ state: 'done', outcome: 'answered' })])
  const { run } = history[0]
  const { out } = await call(['replay', run, '--json', '--home', home.paths.home])
  const types = jsonLines({ out }).map(({ type }) => type)
  expect(types.filter((type) => ['message_in', 'tool_started', 'tool_ended', 'run_ended'].includes(type))).toEqual([
    'message_in',
    'tool_started',
    'tool_ended',
    'run_ended',
  ])
  expect(await call(['replay', run, '--check', '--home', home.paths.home])).toMatchObject({ code: 0 })
  // Begun again by nobody, also not by the start after.
  await agent.stop()
  agent = await startAgent(home)
  expect(await historyOf(id)).toEqual(history)
})

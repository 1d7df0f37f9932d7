/** `ottugi replay` with a real agent: a recorded run is shown, compared, run again from a step on another model, and run without effects. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { call as ask, makeHome, startAgent, type TestHome, type TestProcess } from '../agent/agentProcess.ts'
import { type FakeAnthropic, type Script, startFakeAnthropic } from '../fakes/anthropic.ts'
import { call } from './command.ts'

const STEPS = 6

let provider: FakeAnthropic
let home: TestHome
let agent: TestProcess
/** Every run that this file made. */
const made: string[] = []

type Event = { readonly seq: number; readonly type: string; readonly data: Record<string, unknown> }

const replay = (...words: string[]) => call(['replay', '--home', home.paths.home, ...words])
const notes = () =>
  [...readFileSync(join(home.paths.workspace, 'notes.md'), 'utf8').matchAll(/step \d/g)].map(([note]) => note)

async function eventsOf(run: string): Promise<Event[]> {
  const { out } = await replay(run, '--json')
  return out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}

const step = (number: number): Script => ({
  do: 'call',
  calls: [{ name: 'note', input: { text: `step ${number}` } }],
})
const steps = (from: number): Script => ({
  do: 'turns',
  turns: [
    ...Array.from({ length: STEPS - from + 1 }, (_, index) => step(from + index)),
    { do: 'say', text: 'all done' },
  ],
})

beforeAll(async () => {
  provider = await startFakeAnthropic()
  home = makeHome({ modelUrl: provider.url })
  agent = await startAgent(home)
  provider.setScript(steps(1))
  await ask(agent, '/api/sessions/s/messages', { message: 'six notes', id: 'first', approve: 'all' })
  made.push('first')
})

afterAll(async () => {
  await agent.kill()
  await provider.close()
  home.remove()
})

it('shows every step in order, with what it cost', async () => {
  const { code, out } = await replay('first')
  expect(code).toBe(0)
  expect([...out.matchAll(/calls note .*(step \d)/g)].map(([, note]) => note)).toEqual(
    Array.from({ length: STEPS }, (_, index) => `step ${index + 1}`),
  )
  expect(out).toMatch(/7 model calls, 6 tool calls, 0\.\d+ USD/)
  expect(await replay('no-such-run')).toMatchObject({ code: 1, out: '' })
})

it('runs it again from step 4 on another model: what was before is kept and not done again', async () => {
  const before = await eventsOf('first')
  const from = before.filter(({ type }) => type === 'model_asked')[3]?.seq
  provider.setScript(steps(4))
  const seen = provider.requests.length
  const { code, out } = await replay(
    'first',
    '--rerun',
    '--from',
    String(from),
    '--model',
    'claude-haiku-4-5',
    '--json',
  )
  const { run, text } = JSON.parse(out) as { run: string; text: string }
  made.push(run)
  expect([code, text]).toEqual([0, 'all done'])
  const { body } = provider.requests[seen] ?? {}
  expect(body?.model).toBe('claude-haiku-4-5')
  const told = body?.messages.map((message) => JSON.stringify(message)).join('\n') ?? ''
  expect([1, 2, 3, 4].map((number) => told.includes(`step ${number}`))).toEqual([true, true, true, false])
  expect(notes()).toEqual([1, 2, 3, 4, 5, 6, 4, 5, 6].map((number) => `step ${number}`))
  expect((await eventsOf(run))[0]?.data).toMatchObject({ rerunOf: { run: 'first' }, model: 'claude-haiku-4-5' })
  expect(await eventsOf('first')).toEqual(before)
})

it('runs it without effects', async () => {
  provider.setScript(steps(1))
  const noted = notes()
  const { code, out } = await replay('first', '--dry-run', '--json')
  const { run } = JSON.parse(out) as { run: string }
  made.push(run)
  const ends = (await eventsOf(run)).flatMap(({ type, data }) => (type === 'tool_ended' ? [data['how']] : []))
  expect([code, ends]).toEqual([0, Array.from({ length: STEPS }, () => 'dry')])
  expect(notes()).toEqual(noted)
})

it('says what is wrong with what was asked', async () => {
  expect(await replay('first', '--from', '3')).toMatchObject({ code: 2, out: '' })
  expect(await replay('first', '--rerun', '--from', 'four')).toMatchObject({ code: 2, out: '' })
  expect(await replay('nothing', '--rerun')).toMatchObject({ code: 1, out: '' })
  expect(await replay('nothing', '--check')).toMatchObject({ code: 1, out: '' })
})

it('finds no divergence in any run: one that was killed in the middle, cancelled, refused, or ended early is none either', async () => {
  provider.setScript({ do: 'turns', turns: [step(7), { do: 'stall' }] })
  const seen = provider.requests.length
  const killed = ask(agent, '/api/sessions/k/messages', { message: 'go', id: 'killed', approve: 'all' })
  await Promise.all([
    provider.seen(seen + 2),
    killed.catch(() => undefined),
    provider.seen(seen + 2).then(() => agent.kill()),
  ])
  provider.setScript({ do: 'echo' })
  agent = await startAgent(home)
  await ask(agent, '/api/sessions/k/messages', { message: 'go', id: 'killed', approve: 'all' })

  provider.setScript({ do: 'stall' })
  const waiting = ask(agent, '/api/sessions/c/messages', { message: 'wait', id: 'cancelled' })
  await provider.seen(provider.requests.length + 1)
  await ask(agent, '/api/runs/cancelled/cancel', {})
  await waiting
  provider.setScript({ do: 'refuse' })
  await ask(agent, '/api/sessions/r/messages', { message: 'no', id: 'refused' })
  provider.setScript({ do: 'call', calls: [{ name: 'list_dir', input: { path: '.' } }] })
  await ask(agent, '/api/sessions/e/messages', { message: 'on and on', id: 'early' })

  for (const run of [...made, 'killed', 'cancelled', 'refused', 'early']) {
    expect(await replay(run, '--check'), run).toMatchObject({ code: 0, out: expect.stringContaining('No divergence') })
  }
  expect(JSON.parse((await replay('first', '--check', '--json')).out)).toEqual({ run: 'first', diverged: [] })
})

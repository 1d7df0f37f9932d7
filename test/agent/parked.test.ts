/** A real agent with something set aside: the rest works, and a release is noticed. */
import { writeFileSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readParked, release } from '../../src/shared/parked.ts'
import { type FakeAnthropic, startFakeAnthropic } from '../fakes/anthropic.ts'
import { call, eventually, makeHome, startAgent, type TestHome, type TestProcess } from './agentProcess.ts'

let provider: FakeAnthropic
let home: TestHome
let agent: TestProcess

const entry = (id: string) => ({ id, since: '2026-01-01T00:00:00.000Z', reason: 'the agent ended 2 times' })

beforeAll(async () => {
  provider = await startFakeAnthropic()
  home = makeHome({ modelUrl: provider.url })
  agent = await startAgent(home)
  await agent.stop()
  const db = new Sqlite(home.paths.agentDb)
  const insert = db.prepare("INSERT INTO events (run, session, type, at, data) VALUES (?, ?, 'message_in', ?, ?)")
  for (const [run, session] of [
    ['poison', 'daily'],
    ['held', 'nightly'],
    ['bystander', 'daily'],
  ]) {
    insert.run(run, session, '2026-01-01T00:00:00.000Z', JSON.stringify({ text: `question of ${run}` }))
  }
  db.close()
  writeFileSync(home.paths.parked, JSON.stringify({ runs: [entry('poison')], sessions: [entry('nightly')] }))
  agent = await startAgent(home)
})

afterAll(async () => {
  await agent?.stop()
  await provider?.close()
  home?.remove()
})

const finishOf = async (run: string) =>
  ((await (await call(agent, `/api/runs/${run}`)).json()) as { finish: string }).finish

async function problemOf(response: Response) {
  const { type, detail } = (await response.json()) as { type: string; detail: string }
  return { status: response.status, type, detail }
}

it('goes on with every run but the parked ones, and says so', async () => {
  await eventually(async () => (await finishOf('bystander')) === 'answered')
  expect([await finishOf('poison'), await finishOf('held')]).toEqual([null, null])
  const { checks } = (await (await call(agent, '/health')).json()) as { checks: Record<string, unknown> }
  expect(checks['parked']).toEqual({
    status: 'warn',
    observedValue: 2,
    output: expect.stringContaining('recovery release nightly'),
  })
})

it('takes no message of a parked session, nor a parked run again, and every other one', async () => {
  const inSession = await problemOf(await call(agent, '/api/chat', { message: 'hello', session: 'nightly' }))
  expect(inSession).toMatchObject({ status: 409, type: 'urn:ottugi:problem:parked' })
  expect(inSession.detail).toContain('recovery release nightly')
  const sameRun = { message: 'question of poison', session: 'daily', id: 'poison' }
  expect(await problemOf(await call(agent, '/api/chat', sameRun))).toMatchObject({
    status: 409,
    detail: expect.stringContaining('recovery release poison'),
  })
  const other = await call(agent, '/api/chat', { message: 'hello', session: 'daily' })
  expect(other.status).toBe(200)
})

it('goes on with what a person releases, as soon as somebody asks how it is', async () => {
  expect([release(home.paths, 'nobody'), release(home.paths, 'nightly')]).toEqual([false, true])
  expect(readParked(home.paths)).toEqual({ runs: [entry('poison')], sessions: [] })
  await call(agent, '/health')
  await eventually(async () => (await finishOf('held')) === 'answered')
  expect(await finishOf('poison')).toBe(null)
})

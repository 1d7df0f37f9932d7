/** The budget of a session holds for all that comes out of it: branches, and runs that are run again. And a body that is too large is told its limit. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type FakeAnthropic, startFakeAnthropic } from '../fakes/anthropic.ts'
import { call, makeHome, startAgent, type TestHome, type TestProcess } from './agentProcess.ts'

let provider: FakeAnthropic
let home: TestHome
let agent: TestProcess

beforeAll(async () => {
  provider = await startFakeAnthropic()
  const yaml = `model:\n  baseUrl: ${provider.url}\nbudget:\n  dayUsd: 1000\n  monthUsd: 10000\n  runUsd: 1000\n  sessionTokens: 1000000\n`
  home = makeHome({ yaml })
  agent = await startAgent(home)
})

afterAll(async () => {
  await agent.kill()
  await provider.close()
  home.remove()
})

async function send(path: string, body: object): Promise<{ status: number } & Record<string, unknown>> {
  const response = await call(agent, path, body)
  return { ...((await response.json()) as object), status: response.status }
}

it('counts branches and repeated runs with the session that they come from', async () => {
  provider.setScript({ do: 'say', text: 'a long answer', outputTokens: 1_000_000 })
  const ask = (session: string) => send(`/api/sessions/${session}/messages`, { message: 'hi' })
  // Branched off while there is something left.
  const first = await send('/api/sessions/origin/messages', { message: 'hi', id: 'first', limits: { rounds: 1 } })
  expect(first).toMatchObject({ status: 200, finish: 'answered' })
  const { session } = await send('/api/sessions/origin/branch', {})
  const asked = provider.requests.length
  for (const one of [String(session), 'origin']) {
    expect(await ask(one)).toMatchObject({ status: 429, type: 'urn:ottugi:problem:budget' })
  }
  const again = await send('/api/runs/first/rerun', { id: 'again' })
  expect(again).toMatchObject({ status: 429, type: 'urn:ottugi:problem:budget' })
  expect(String(again['detail'])).toContain('budget.sessionTokens')
  expect(provider.requests.length).toBe(asked)
  // Another conversation has a budget of its own.
  expect(await ask('other')).toMatchObject({ status: 200 })
})

it('says which limit a body broke: that of its route', async () => {
  const tooLarge = async (path: string, bytes: number) => {
    const { status, detail } = await send(path, { message: 'x'.repeat(bytes) })
    return [status, detail]
  }
  expect(await tooLarge('/api/chat', 1_048_576)).toEqual([413, 'The body is larger than 1 MiB.'])
  expect(await tooLarge('/api/sessions/s/messages', 16 * 1_048_576)).toEqual([413, 'The body is larger than 16 MiB.'])
  expect(await tooLarge('/api/models/test', 16 * 1_024)).toEqual([413, 'The body is larger than 16 KiB.'])
})

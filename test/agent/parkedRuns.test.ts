/** Runs over which real agents died twice: found, set aside by the hands, and everything else goes on; what waited behind them is kept. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { execute } from '../../src/repair/execute.ts'
import { unfinishedRuns } from '../../src/repair/unfinishedRuns.ts'
import { release } from '../../src/shared/parked.ts'
import { type FakeAnthropic, type SeenRequest, startFakeAnthropic, textOf } from '../fakes/anthropic.ts'
import { call, eventually, makeHome, startAgent, type TestHome, type TestProcess } from './agentProcess.ts'

let provider: FakeAnthropic
let home: TestHome
const agents: TestProcess[] = []

/** What a poisoned run asks is never answered. */
const silentForPoison = ({ body }: SeenRequest) =>
  textOf(body.messages.at(-1)).includes('poison')
    ? ({ do: 'silence' } as const)
    : ({ do: 'say', text: 'answered' } as const)

beforeEach(async () => {
  provider = await startFakeAnthropic(silentForPoison)
  home = makeHome({ modelUrl: provider.url })
})

afterEach(async () => {
  for (const agent of agents.splice(0)) await agent.kill()
  await provider.close()
  home.remove()
})

/** After two short lives a start is held for a while: it is asked for until it may. */
async function start(): Promise<TestProcess> {
  const agent = await eventually(() => startAgent(home).catch(() => undefined), 60_000)
  agents.push(agent)
  return agent
}

const asked = (text: string) => provider.requests.filter(({ body }) => textOf(body.messages.at(-1)).includes(text))
const finishOf = async (agent: TestProcess, run: string) =>
  ((await (await call(agent, `/api/runs/${run}`)).json()) as { finish: string | null }).finish

/** Asks, and does not wait for the answer; resolves when the journal has the question. */
async function say(agent: TestProcess, session: string, id: string): Promise<void> {
  call(agent, `/api/sessions/${session}/messages`, { message: `say ${id}`, id }).catch(() => undefined)
  await eventually(async () => (await call(agent, `/api/runs/${id}`)).status === 200)
}

const park = (action: string, args: object) =>
  execute({ paths: home.paths, environment: {} }, { action, args, by: 'test', fault: 'crash-loop' })

it('are parked with their lives counted; other sessions and what waits in theirs lose nothing', async () => {
  const first = await start()
  await say(first, 'a', 'poison-a')
  await say(first, 'a', 'behind-a')
  await say(first, 'b', 'poison-b')
  await say(first, 'b', 'behind-b')
  await eventually(() => asked('poison-a').length > 0 && asked('poison-b').length > 0)
  await first.kill()
  const before = asked('poison').length
  const second = await start()
  await eventually(() => asked('poison').length >= before + 2)
  await second.kill()
  const counted = await unfinishedRuns(home.paths)
  expect(
    counted
      .filter(({ livesEnded }) => livesEnded >= 2)
      .map(({ run }) => run)
      .toSorted(),
  ).toEqual(['poison-a', 'poison-b'])
  expect(await park('quarantine_job', { run: 'behind-a' })).toMatchObject({ ok: false, kind: 'refused' })
  expect(await park('quarantine_job', { run: 'poison-a' })).toMatchObject({ ok: true })
  expect(await park('park_session', { session: 'b' })).toMatchObject({ ok: true })

  const third = await start()
  await eventually(async () => (await finishOf(third, 'behind-a')) === 'answered')
  const other = await call(third, '/api/sessions/c/messages', { message: 'hello', id: 'other' })
  expect(other.status).toBe(200)
  expect((await call(third, '/api/sessions/b/messages', { message: 'more', id: 'more' })).status).toBe(409)
  for (const run of ['poison-a', 'poison-b', 'behind-b']) expect(await finishOf(third, run)).toBe(null)

  provider.setScript({ do: 'say', text: 'answered' })
  expect([release(home.paths, 'b'), release(home.paths, 'poison-a')]).toEqual([true, true])
  await call(third, '/health')
  for (const run of ['poison-a', 'poison-b', 'behind-b']) {
    await eventually(async () => (await finishOf(third, run)) === 'answered')
  }
}, 120_000)

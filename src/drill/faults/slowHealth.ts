/** Row 5: `/health` answers after five seconds, while the agent works on. */
import { isAlive } from '../../shared/identity.ts'
import { type Drill, expectThat, type Measured, type Stage } from '../drill.ts'
import { startFakeProvider } from '../fakeProvider.ts'
import { FAULT_ENVIRONMENT, runInAgent } from '../inspector.ts'
import type { Ring } from '../ring.ts'
import { ask, useProvider } from './agentApi.ts'
import { degradedWhen, expectNobodyNeeded, expectOneOfEach, untilKnown } from './wholeAgain.ts'

const SLOW_MS = 5_000

/** Puts a delay before every answer to `/health`, in the living server; `ottugiDrillEnds()` takes it away again. */
const SLOW = `(() => {
  const servers = process._getActiveHandles().filter((handle) => handle.listening && handle.listenerCount('request') > 0)
  if (servers.length !== 1) throw new Error('expected one server, got ' + servers.length)
  const [server] = servers
  const listeners = server.listeners('request')
  server.removeAllListeners('request')
  server.on('request', (request, response) => {
    const answer = () => listeners.forEach((listener) => listener.call(server, request, response))
    if (request.url.startsWith('/health')) setTimeout(answer, ${SLOW_MS})
    else answer()
  })
  globalThis.ottugiDrillEnds = () => {
    server.removeAllListeners('request')
    listeners.forEach((listener) => server.on('request', listener))
  }
})(); 0`

const isSaid = (sentences: readonly string[]) => sentences.some((sentence) => sentence.startsWith('health:'))

const slowHealth: Drill = {
  id: 'slow-health',
  row: 5,
  title: '/health answers after 5 s, the agent works on',
  options: FAULT_ENVIRONMENT,
  async run(stage) {
    const provider = await startFakeProvider()
    try {
      const agent = await useProvider(stage.ring, stage.agent, provider.url)
      return await slowed({ ...stage, agent })
    } finally {
      await provider.close()
    }
  },
}

async function slowed(stage: Stage): Promise<Measured> {
  const { ring, agent } = stage
  await untilKnown(ring)
  const { downMs, failed } = stage.client.report()
  const startedAt = await runInAgent(ring, SLOW)
  await degradedWhen(ring, 'the slow /health to be said', isSaid)
  const seenMs = performance.now() - startedAt
  await expectUntouched(stage)
  const endedAt = await runInAgent(ring, 'ottugiDrillEnds(); 0')
  await degradedWhen(ring, 'nothing to be amiss', (sentences) => sentences.length === 0)
  const healedMs = performance.now() - endedAt
  expectThat(isAlive(agent), 'the same process all the time')
  await expectOneOfEach(ring)
  await expectNobodyNeeded(ring)
  const incidents = await ring.incidents()
  expectThat(incidents.length === 0, `no incident, got ${incidents.map(({ fault }) => fault).join(', ')}`)
  const note = `degraded ${(seenMs / 1_000).toFixed(1)} s after it began, never restarted`
  const after = stage.client.report()
  return { healedMs, downMs: after.downMs - downMs, failedRequests: after.failed - failed, note }
}

/** Through several polls that come to nothing it stays degraded, at work, and the same process. */
async function expectUntouched({ ring, agent, client }: Stage): Promise<void> {
  const before = client.report()
  for (let turn = 0; turn < 3; turn++) {
    await untilAnotherPoll(ring)
    const { state, agent: view } = await ring.status()
    expectThat(state === 'healthy' && isSaid(view.degraded), `healthy and degraded, got ${state}: ${view.degraded}`)
    expectThat(isAlive(agent) && view.pid === agent.pid, 'the agent not to be restarted')
  }
  const { status, body } = await ask(ring, 'are you there?')
  expectThat(status === 200 && body.text === 'echo: are you there?', `an answer, got ${status} ${body.detail}`)
  const { failed } = client.report()
  expectThat(failed === before.failed, `every other request to be answered, ${failed - before.failed} failed`)
}

/** A poll that comes to nothing takes longer than one answer of the slow server. */
async function untilAnotherPoll(ring: Ring): Promise<void> {
  const url = ring.living('agent')?.url
  await (await fetch(`${url}/health`, { signal: AbortSignal.timeout(4 * SLOW_MS) })).arrayBuffer()
}

/** Row 5. */
export const SLOW_HEALTH_DRILLS: readonly Drill[] = [slowHealth]

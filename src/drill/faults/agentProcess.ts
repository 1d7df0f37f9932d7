/** Rows 1–4: the agent's process ends, stops, or turns no more. */
import { isAlive } from '../../shared/identity.ts'
import { type Drill, expectThat, type Stage } from '../drill.ts'
import { blockMainThread, FAULT_ENVIRONMENT } from '../inspector.ts'
import { waitFor } from '../waitFor.ts'

/** Waits for the one incident of this fault, and checks who healed it. */
async function healedBy({ ring }: Stage, tier: string, count = 1) {
  const [incident] = await ring.closedIncidents(count)
  expectThat(incident?.outcome === 'healed', `the incident to be healed, got ${incident?.outcome}`)
  expectThat(incident?.tier === tier, `${tier} to heal it, got ${incident?.tier}`)
  return incident
}

async function signalled(stage: Stage, signal: NodeJS.Signals) {
  const startedAt = performance.now()
  process.kill(stage.agent.pid, signal)
  const next = await stage.ring.nextAgent(stage.agent)
  const healedMs = performance.now() - startedAt
  expectThat(next.url === stage.agent.url, `the same address ${stage.agent.url}, got ${next.url}`)
  return healedMs
}

const sigkill: Drill = {
  id: 'sigkill',
  row: 1,
  title: 'SIGKILL of the agent',
  async run(stage) {
    const healedMs = await signalled(stage, 'SIGKILL')
    return { healedMs, incident: await healedBy(stage, 'keepalive') }
  },
}

const unaskedExit: Drill = {
  id: 'unasked-exit',
  row: 2,
  title: 'the agent ends by itself with exit 0',
  async run(stage) {
    const healedMs = await signalled(stage, 'SIGTERM')
    const incident = await healedBy(stage, 'keepalive')
    expectThat(incident?.symptom === 'exited', `an anomaly on record, got ${incident?.symptom}`)
    return { healedMs, incident }
  },
}

const sigstop: Drill = {
  id: 'sigstop',
  row: 3,
  title: 'SIGSTOP of the agent: SIGCONT helps',
  async run(stage) {
    const startedAt = performance.now()
    process.kill(stage.agent.pid, 'SIGSTOP')
    await waitFor('the agent to answer again', 10_000, async () => ((await answersNow(stage)) ? true : undefined))
    const healedMs = performance.now() - startedAt
    const incident = await healedBy(stage, 'watchdog')
    expectThat(isAlive(stage.agent), 'the same process to go on')
    return { healedMs, incident }
  },
}

async function answersNow({ ring }: Stage): Promise<boolean> {
  try {
    const response = await fetch(`${ring.agentUrl}/readyz`, { signal: AbortSignal.timeout(200) })
    return response.ok
  } catch {
    return false
  }
}

const sigstopAgain: Drill = {
  id: 'sigstop-again',
  row: 3,
  title: 'SIGSTOP of the agent, again after each SIGCONT',
  async run(stage) {
    const startedAt = performance.now()
    const timer = setInterval(() => isAlive(stage.agent) && process.kill(stage.agent.pid, 'SIGSTOP'), 1)
    try {
      await stage.ring.nextAgent(stage.agent)
    } finally {
      clearInterval(timer)
    }
    const healedMs = performance.now() - startedAt
    return { healedMs, incident: await healedBy(stage, 'watchdog') }
  },
}

const blockedLoop: Drill = {
  id: 'blocked-loop',
  row: 4,
  title: 'event loop blocked for ever',
  options: FAULT_ENVIRONMENT,
  async run(stage) {
    const startedAt = await blockMainThread(stage.ring)
    await stage.ring.nextAgent(stage.agent)
    const healedMs = performance.now() - startedAt
    const incident = await healedBy(stage, 'watchdog')
    const kill = incident?.actions.find(({ action }) => action === 'kill')
    const stack = JSON.stringify(kill?.args['stack'] ?? [])
    expectThat(stack.includes('ottugiDrillBlocksHere'), `the stack of the blocked loop to be on record, got ${stack}`)
    return { healedMs, incident, note: 'stack captured before the kill' }
  },
}

/** Rows 1 to 4. */
export const PROCESS_DRILLS: readonly Drill[] = [sigkill, unaskedExit, sigstop, sigstopAgain, blockedLoop]

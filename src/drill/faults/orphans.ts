/** Row 9: a stopped agent of ours outlives the supervisor that started it, and holds port and database. */
import { isAlive } from '../../shared/identity.ts'
import type { Incident } from '../../shared/incident.ts'
import { type Drill, expectThat, type Measured, type Stage } from '../drill.ts'
import { waitFor } from '../waitFor.ts'
import { expectNobodyNeeded, expectOneOfEach } from './wholeAgain.ts'

/** The supervisor has a story of its own beside it. */
const isAgents = ({ symptom, actions, fault }: Incident) =>
  !fault.startsWith('supervisor') &&
  (symptom === 'stopped' || actions.some(({ action }) => action === 'stop_own_orphan'))

async function orphan({ ring, agent }: Stage, together: readonly number[]): Promise<Measured> {
  const startedAt = performance.now()
  process.kill(agent.pid, 'SIGSTOP')
  for (const pid of together) process.kill(pid, 'SIGKILL')
  const next = await ring.nextAgent(agent)
  const healedMs = performance.now() - startedAt
  expectThat(next.url === agent.url, `the same address ${agent.url}, got ${next.url}`)
  // One that went on in time hands over: it may still finish what it was doing.
  await waitFor('the orphan to have ended', 15_000, () => !isAlive(agent) || undefined)
  await expectOneOfEach(ring)
  const incident = await waitFor(
    "the agent's own story",
    20_000,
    async () => (await ring.closedIncidents(1)).find(isAgents),
    100,
  )
  const incidents = await ring.incidents()
  expectThat(
    incidents.every(({ outcome }) => outcome === 'healed'),
    `every incident to be healed, got ${incidents.map(({ fault, outcome }) => `${fault} ${outcome}`).join(', ')}`,
  )
  await expectNobodyNeeded(ring)
  return { healedMs, incident, note: (incident?.actions ?? []).map(({ action }) => action).join(', ') }
}

const supervisorKilled: Drill = {
  id: 'own-orphan',
  row: 9,
  title: 'SIGSTOP of the agent and SIGKILL of PM2 at once',
  run: (stage) => orphan(stage, [stage.ring.supervisorPid()]),
}

const watchdogKilledToo: Drill = {
  id: 'own-orphan-unwatched',
  row: 9,
  title: 'SIGSTOP of the agent and SIGKILL of PM2 and watchdog at once',
  run: (stage) => orphan(stage, [stage.ring.supervisorPid(), stage.ring.living('watchdog')?.pid ?? 0]),
}

/** Row 9. */
export const ORPHAN_DRILLS: readonly Drill[] = [supervisorKilled, watchdogKilledToo]

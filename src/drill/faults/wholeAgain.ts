/** What must hold after a fault: one of each process, an incident that tells the truth, and nobody who is needed. */
import type { Incident, Outcome, Tier } from '../../shared/incident.ts'
import { APPS } from '../../shared/paths.ts'
import { readCommandLine } from '../../shared/procfs.ts'
import { expectThat } from '../drill.ts'
import { isReady, type Ring } from '../ring.ts'
import { waitFor } from '../waitFor.ts'

/** What the incident must say; a field that is left out may be anything. */
export type Ending = { readonly tier?: Tier; readonly outcome?: Outcome; readonly fault?: string }

/** So long a healthy watch has asked the agent more than once how it is (it asks each second): it knows what was amiss before the fault. */
const KNOWN_MS = 2_500

/** Waits until the watchdog knows how the agent is, without which it cannot tell degraded from healed. */
export async function untilKnown(ring: Ring): Promise<void> {
  await waitFor(
    'a watch that knows its agent',
    20_000,
    async () => {
      const { state, since } = await ring.status()
      return state === 'healthy' && since !== null && Date.now() - Date.parse(since) >= KNOWN_MS ? true : undefined
    },
    100,
  )
}

/** Waits until each process lives once and nothing else of this home does: a child of the guardian may still be about its work. */
export async function expectOneOfEach(ring: Ring): Promise<void> {
  try {
    await waitFor('one agent, watchdog, dashboard and PM2, and nothing else', 15_000, () => isOneOfEach(ring), 50)
  } catch (error) {
    const seen = ring.processes().map((pid) => `${pid} ${readCommandLine(pid)}`)
    throw new Error(`${error instanceof Error ? error.message : error}; there are: ${seen.join(' | ')}`)
  }
}

async function isOneOfEach(ring: Ring): Promise<true | undefined> {
  const named = new Set([...APPS.map((app) => ring.living(app)?.pid), ring.supervisorPid()])
  const own = ring.processes()
  if (named.size !== APPS.length + 1 || own.length !== named.size || !own.every((pid) => named.has(pid)))
    return undefined
  const url = ring.living('agent')?.url
  return url && (await isReady(url)) ? true : undefined
}

/** Waits for the one incident of this fault and checks how it ended. */
export async function expectOneIncident(ring: Ring, ending: Ending): Promise<Incident> {
  const incidents = await ring.closedIncidents(1)
  const [incident] = incidents
  expectThat(
    incidents.length === 1,
    `one incident, got ${incidents.map(({ id, fault }) => `${id} ${fault}`).join(', ')}`,
  )
  if (!incident) throw new Error('expected an incident')
  for (const [field, wanted] of Object.entries(ending)) {
    const got = incident[field as keyof Ending]
    expectThat(got === wanted, `${field} ${wanted} in the incident, got ${got}`)
  }
  return incident
}

/** Nothing is open, and no incident asks for a person. */
export async function expectNobodyNeeded(ring: Ring): Promise<void> {
  const { alertsOpen } = await ring.status()
  expectThat(alertsOpen === 0, `no open alert, got ${alertsOpen}`)
  const asking = (await ring.incidents()).filter(({ human }) => human !== null)
  expectThat(asking.length === 0, `nobody to be needed, got ${asking.map(({ human }) => human).join('; ')}`)
}

/** Everything that is not well, as `ottugi status` says it, once `isDone` is content with it. */
export async function degradedWhen(
  ring: Ring,
  what: string,
  isDone: (sentences: readonly string[]) => boolean,
): Promise<readonly string[]> {
  return waitFor(
    what,
    40_000,
    async () => {
      const { degraded } = (await ring.status()).agent
      return isDone(degraded) ? degraded : undefined
    },
    100,
  )
}

/** Half of the bench is health: nothing is wrong, the machine is merely slow, and nothing may be done about it. */
import { loadavg } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { type ClientReport, startClient } from '../../src/drill/client.ts'
import { untilKnown } from '../../src/drill/faults/wholeAgain.ts'
import { createRing, type Ring } from '../../src/drill/ring.ts'
import type { Incident } from '../../src/shared/incident.ts'
import { APPS } from '../../src/shared/paths.ts'
import { round } from './drillBench.ts'
import type { Bench, Outcome } from './measurement.ts'
import { type Stressed, startStress } from './stress.ts'

const LOOK_EVERY_MS = 500
const MINUTE_MS = 60_000

function loadBench(id: string, defaultMinutes: number, groups: readonly string[]): Bench {
  return {
    id,
    groups,
    title: `${defaultMinutes} minutes of CPU stress and slow disk`,
    async run({ minutes = defaultMinutes }) {
      const ring = await createRing()
      try {
        await ring.start()
        await untilKnown(ring)
        return await underLoad(ring, minutes)
      } finally {
        await ring.destroy()
      }
    },
  }
}

/** `--rows load`: ten minutes. */
export const LOAD_BENCH: Bench = loadBench('load', 10, ['promises'])
/** `--soak`: an hour. */
export const SOAK_BENCH: Bench = loadBench('soak', 60, [])

async function underLoad(ring: Ring, minutes: number): Promise<Outcome> {
  const client = startClient(() => ring.agentUrl)
  const stress = startStress()
  try {
    const changes = await countChanges(ring, minutes * MINUTE_MS)
    const load = loadavg()[0] ?? 0
    const asked = await client.stop()
    const stressed = await stress.stop()
    const incidents = await ring.incidents()
    const note = describe(minutes, stressed, load)
    return { figures: figuresOf({ changes, asked, incidents, note }) }
  } finally {
    await client.stop()
    await stress.stop()
  }
}

/** Looks who lives, and counts each time that it is somebody else: nobody had a reason to end. */
async function countChanges(ring: Ring, lengthMs: number): Promise<number> {
  const members = (): (number | undefined)[] => [...APPS.map((app) => ring.living(app)?.pid), ring.supervisorPid()]
  const until = performance.now() + lengthMs
  let known = members()
  let changes = 0
  while (performance.now() < until) {
    await delay(LOOK_EVERY_MS)
    const seen = members()
    changes += seen.filter((pid, index) => pid && pid !== known[index]).length
    known = seen.map((pid, index) => pid || known[index])
  }
  return changes
}

function describe(minutes: number, { loops, writtenGiB, slowestSyncMs }: Stressed, load: number): string {
  const disk = `${writtenGiB.toFixed(1)} GiB written and synced (slowest sync ${Math.round(slowestSyncMs)} ms)`
  return `${minutes} min, ${loops} busy loops, ${disk}, load average ${load.toFixed(1)} at the end`
}

type Seen = {
  readonly changes: number
  readonly asked: ClientReport
  readonly incidents: readonly Incident[]
  readonly note: string
}

function figuresOf({ changes, asked, incidents, note }: Seen): Outcome['figures'] {
  const what = incidents.map(({ fault, symptom, tier }) => `${fault} (${symptom}, ${tier})`).join('; ')
  const actions = incidents.reduce((sum, incident) => sum + incident.actions.length, 0)
  return {
    restarts: { title: 'processes of ours that were replaced', unit: 'times', values: [changes], target: 0, note },
    incidents: { title: 'incidents', unit: 'times', values: [incidents.length], target: 0, note: what },
    actions: { title: 'actions', unit: 'times', values: [actions], target: 0 },
    down: { title: 'longest time without service for a client', unit: 'ms', values: [round(asked.downMs)] },
    failedRequests: {
      title: 'failed requests of a client that asks every 10 ms and waits 1.5 s',
      unit: 'times',
      values: [asked.failed],
      note: `of ${asked.requests}`,
    },
  }
}

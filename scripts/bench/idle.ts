/** What a healthy Ottugi costs while nobody asks it anything: CPU and memory of each process and of all. */
import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { untilKnown } from '../../src/drill/faults/wholeAgain.ts'
import { createRing, type Ring } from '../../src/drill/ring.ts'
import { APPS } from '../../src/shared/paths.ts'
import { round } from './drillBench.ts'
import type { Bench, Figure, Outcome } from './measurement.ts'

const WINDOW_MS = 60_000
/** What a start leaves to do: caches are written, the heap is swept. */
const SETTLE_MS = 30_000
const MOST_WINDOWS = 5
/** USER_HZ: a second of `/proc/<pid>/stat` on every Linux that we run on. */
export const TICKS_PER_SECOND = 100
const MEMBERS = [...APPS, 'supervisor'] as const
type Member = (typeof MEMBERS)[number]
type Sample = Readonly<Record<Member, { readonly cpu: number; readonly pssMiB: number }>>

/** `--rows idle`. */
export const IDLE_BENCH: Bench = {
  id: 'idle',
  groups: ['promises'],
  title: 'CPU and memory at rest',
  async run({ times }) {
    const ring = await createRing()
    try {
      await ring.start()
      await untilKnown(ring)
      await delay(SETTLE_MS)
      const samples: Sample[] = []
      for (let window = 0; window < Math.min(times, MOST_WINDOWS); window++) samples.push(await watchWindow(ring))
      return figuresOf(samples)
    } finally {
      await ring.destroy()
    }
  },
}

async function watchWindow(ring: Ring): Promise<Sample> {
  const pids = pidsOf(ring)
  const before = pids.map(([member, pid]) => [member, pid, cpuTicks(pid)] as const)
  const startedAt = performance.now()
  await delay(WINDOW_MS)
  const seconds = (performance.now() - startedAt) / 1_000
  const sample = before.map(([member, pid, ticks]) => {
    const cpu = ((cpuTicks(pid) - ticks) / TICKS_PER_SECOND / seconds) * 100
    return [member, { cpu, pssMiB: pssMiB(pid) }] as const
  })
  return Object.fromEntries(sample) as Sample
}

function pidsOf(ring: Ring): (readonly [Member, number])[] {
  return MEMBERS.map((member) => {
    const pid = member === 'supervisor' ? ring.supervisorPid() : ring.living(member)?.pid
    if (!pid) throw new Error(`the ${member} does not run: nothing to measure`)
    return [member, pid] as const
  })
}

/** User and system time of a process and of the children that it has waited for: a doctor's visits are part of the cost. */
export function cpuTicks(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
}

/** Proportional set size: a page that four processes share counts a quarter in each. */
export function pssMiB(pid: number): number {
  const found = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]
  return Number(found ?? Number.NaN) / 1_024
}

function figuresOf(samples: readonly Sample[]): Outcome {
  const figures: Record<string, Figure> = {}
  for (const member of [...MEMBERS, 'all'] as const) {
    const name = member === 'supervisor' ? 'PM2' : member === 'all' ? 'all four' : member
    const capital = `${member.charAt(0).toUpperCase()}${member.slice(1)}`
    figures[`cpu${capital}`] = {
      title: `CPU of ${name}, of one core, over a minute`,
      unit: '%',
      values: samples.map((sample) => Math.round(costOf(sample, member, 'cpu') * 1_000) / 1_000),
    }
    figures[`pss${capital}`] = {
      title: `memory of ${name} (PSS)`,
      unit: 'MiB',
      values: samples.map((sample) => round(costOf(sample, member, 'pssMiB'))),
    }
  }
  return { figures }
}

function costOf(sample: Sample, member: Member | 'all', field: 'cpu' | 'pssMiB'): number {
  if (member !== 'all') return sample[member][field]
  return MEMBERS.reduce((sum, one) => sum + sample[one][field], 0)
}

/** Watches what the process holds: its JavaScript heap, and everything resident (buffers and native memory live outside the heap). */

import { totalmem } from 'node:os'
import { constrainedMemory, memoryUsage } from 'node:process'
import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { type Growth, isWorthSample, judgeGrowth, type Sample, unlessReturned, withSample } from './growth.ts'

const MIB = 1_048_576
/** Beside twice the heap, the code, the stacks and the databases of the process need this much resident memory, in MiB. */
const BESIDE_HEAP_MB = 256
/** Never more of the machine, or of the control group, than this share. */
const MACHINE_SHARE = 0.8
/** Between two collections lies at least this many times what the last one took: they may not become the load themselves. */
const PAUSE_FACTOR = 5
/** The system takes back late what was freed: resident memory is full only after so many collections in a row. */
const FULL_LOOKS = 3

/** Bytes in use, garbage included. */
export type MemoryReading = { readonly heap: number; readonly resident: number }
/** What grows. */
export type MemoryKind = keyof MemoryReading

/** How the memory is looked at; the process's own by default. */
export type MemorySource = {
  readonly read: () => MemoryReading
  /** Collects garbage now; gives how long that took, in milliseconds. */
  readonly collect: () => number
}

/** What one look came to. `full`: over the limit, also without the garbage. */
export type MemoryVerdict =
  | { readonly kind: 'well' }
  | {
      readonly kind: 'growing'
      readonly what: MemoryKind
      readonly usedBytes: number
      readonly growth: Extract<Growth, { kind: 'growing' }>
    }
  | { readonly kind: 'full'; readonly what: MemoryKind; readonly usedBytes: number; readonly isLeak: boolean }

type Series = Readonly<Record<MemoryKind, readonly Sample[]>>
const KINDS: readonly MemoryKind[] = ['heap', 'resident']
const WELL: MemoryVerdict = { kind: 'well' }

/** Most that may be resident beside a heap of `maxHeapMb`: twice the heap and {@link BESIDE_HEAP_MB}, and less on a small machine. In bytes. */
export function residentLimit(maxHeapMb: number, machineBytes: number = memoryOfMachine()): number {
  return Math.min((2 * maxHeapMb + BESIDE_HEAP_MB) * MIB, machineBytes * MACHINE_SHARE)
}

/** What a container gives us, or the machine; 0 and absurd figures of an unlimited one count as none. */
function memoryOfMachine(): number {
  const constrained = constrainedMemory()
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem()
}

/** Makes the watch: call it with the monotonic time, once a second or less often. Garbage is collected only where a leak is suspected. */
export function createMemoryWatch(
  limits: MemoryReading,
  source: MemorySource = OWN_MEMORY,
): (nowMs: number) => MemoryVerdict {
  let series: Series = { heap: [], resident: [] }
  let growing: { readonly verdict: MemoryVerdict; readonly untilMs: number } | undefined
  let collectAgainMs = Number.NEGATIVE_INFINITY
  let fullLooks = 0
  return (nowMs) => {
    const raw = source.read()
    series = {
      heap: unlessReturned(series.heap, raw.heap),
      resident: unlessReturned(series.resident, raw.resident),
    }
    const isFull = KINDS.some((what) => raw[what] > limits[what])
    const isSuspected = KINDS.some((what) => isWorthSample(series[what], raw[what], limits[what]))
    if (!isFull) fullLooks = 0
    // By then it would be full: a growth that was not seen again has ended.
    if (growing && nowMs >= growing.untilMs) growing = undefined
    if (!(isFull || isSuspected) || nowMs < collectAgainMs) return growing?.verdict ?? WELL
    const pauseMs = source.collect()
    collectAgainMs = nowMs + pauseMs * PAUSE_FACTOR
    const left = source.read()
    fullLooks = left.resident > limits.resident ? fullLooks + 1 : 0
    series = sampled(series, { raw, left, limits, atMs: nowMs })
    const verdict = judge(series, { left, limits, isResidentFull: fullLooks >= FULL_LOOKS })
    growing = verdict.kind === 'growing' ? { verdict, untilMs: nowMs + verdict.growth.msToLimit } : undefined
    return verdict
  }
}

type Look = {
  readonly raw: MemoryReading
  readonly left: MemoryReading
  readonly limits: MemoryReading
  readonly atMs: number
}

function sampled(series: Series, { raw, left, limits, atMs }: Look): Series {
  const next = (what: MemoryKind) =>
    isWorthSample(series[what], raw[what], limits[what])
      ? withSample(series[what], { atMs, bytes: left[what] })
      : series[what]
  return { heap: next('heap'), resident: next('resident') }
}

type Fullness = { readonly left: MemoryReading; readonly limits: MemoryReading; readonly isResidentFull: boolean }

/** What is full goes first, then what is due. */
function judge(series: Series, { left, limits, isResidentFull }: Fullness): MemoryVerdict {
  const all = KINDS.map((what) => ({ what, growth: judgeGrowth(series[what], limits[what]) }))
  const full = all.find(({ what }) => (what === 'heap' ? left.heap > limits.heap : isResidentFull))
  if (full) return { kind: 'full', what: full.what, usedBytes: left[full.what], isLeak: full.growth.kind === 'growing' }
  const growing = all.flatMap(({ what, growth }) =>
    growth.kind === 'growing' ? [{ kind: 'growing', what, usedBytes: left[what], growth } as const] : [],
  )
  return growing.find(({ growth }) => growth.isDue) ?? growing[0] ?? WELL
}

const OWN_MEMORY: MemorySource = {
  read: () => ({ heap: getHeapStatistics().used_heap_size, resident: memoryUsage.rss() }),
  collect: () => {
    const startedAt = performance.now()
    // V8 shows its function only to contexts that are made after the flag was set.
    setFlagsFromString('--expose-gc')
    const collect: () => void = runInNewContext('gc')
    collect()
    return performance.now() - startedAt
  },
}

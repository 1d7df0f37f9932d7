/** Turns readings into measurements: shares and rates since the last reading. Monotonic time; the first reading of a counter measures nothing. */
import { type HostReading, readHost } from './hostReading.ts'
import { createPortableProcesses, createPortableTraffic } from './portable.ts'
import { countDescriptors, type ProcessReading, readProcess, readProportional } from './processReading.ts'

/** The machine now; null where it is not known (yet). */
export type HostSample = Pick<HostReading, 'load1' | 'memoryUsed' | 'memoryTotal' | 'diskUsed' | 'diskTotal'> & {
  readonly cpu: number | null
  readonly networkReceivedPerSec: number | null
  readonly networkSentPerSec: number | null
}

/** A process now. `cpu` is a share of one core; `memory` is proportional. */
export type ProcessSample = {
  readonly cpu: number | null
  readonly memory: number | null
  readonly descriptors: number | null
}

const HAS_PROC: boolean = process.platform === 'linux'

/** A meter of this machine. */
export function createHostMeter(folder: string, read = readHost, hasProc = HAS_PROC): (now: number) => HostSample {
  const traffic = hasProc ? undefined : createPortableTraffic()
  let last: { readonly reading: HostReading; readonly now: number } | undefined
  return (now) => {
    const reading = read(folder)
    const { load1, memoryUsed, memoryTotal, diskUsed, diskTotal } = reading
    const rate = (value: (reading: HostReading) => number | undefined) => rateOf(last, { reading, now }, value)
    const sample = {
      load1,
      memoryUsed,
      memoryTotal,
      diskUsed,
      diskTotal,
      cpu: last ? shareOf(last.reading.cpu, reading.cpu) : null,
      networkReceivedPerSec: rate(({ network }) => network?.received) ?? traffic?.(now)?.received ?? null,
      networkSentPerSec: rate(({ network }) => network?.sent) ?? traffic?.(now)?.sent ?? null,
    }
    last = { reading, now }
    return sample
  }
}

function shareOf(before: HostReading['cpu'], after: HostReading['cpu']): number | null {
  if (!before || !after || after.total <= before.total) return null
  return Math.min(1, Math.max(0, (after.busy - before.busy) / (after.total - before.total)))
}

type At = { readonly reading: HostReading; readonly now: number }

/** A counter that goes back was begun anew: nothing is known of it this time. */
function rateOf(before: At | undefined, after: At, value: (reading: HostReading) => number | undefined): number | null {
  if (!before || after.now <= before.now) return null
  const grown = (value(after.reading) ?? Number.NaN) - (value(before.reading) ?? Number.NaN)
  return grown >= 0 ? grown / ((after.now - before.now) / 1_000) : null
}

/** Walking every page of a process costs milliseconds: so often it is worth it, in milliseconds. */
const PROPORTIONAL_EVERY_MS = 300_000
const MS_PER_TICK = 10

type Known = {
  readonly reading: ProcessReading
  readonly now: number
  readonly proportional: number | null
  readonly residentThen: number
  readonly walkedAt: number
}

/** Measures one process by its identity; undefined when it is gone. `startTicks` null: whoever has that pid. */
export type MeterProcess = (
  process: { readonly pid: number; readonly startTicks: number | null },
  now: number,
) => ProcessSample | undefined

/** A meter of any number of processes. */
export function createProcessMeter(hasProc = HAS_PROC): MeterProcess {
  if (hasProc) return createProcMeter()
  const portable = createPortableProcesses()
  return ({ pid }, now) => portable(pid, now)
}

function createProcMeter(): MeterProcess {
  const known = new Map<number, Known>()
  return ({ pid, startTicks }, now) => {
    const reading = readProcess(pid)
    if (!reading || (startTicks !== null && reading.startTicks !== startTicks)) {
      known.delete(pid)
      return undefined
    }
    const before = known.get(pid)
    const isSame = before?.reading.startTicks === reading.startTicks
    const next = nextOf(isSame ? before : undefined, pid, reading, now)
    known.set(pid, next)
    return {
      cpu: isSame ? cpuShare(before, next) : null,
      memory: memoryOf(next),
      descriptors: countDescriptors(pid),
    }
  }
}

function nextOf(before: Known | undefined, pid: number, reading: ProcessReading, now: number): Known {
  if (before && now - before.walkedAt < PROPORTIONAL_EVERY_MS) return { ...before, reading, now }
  return { reading, now, proportional: readProportional(pid), residentThen: reading.resident, walkedAt: now }
}

function cpuShare(before: Known, after: Known): number | null {
  const elapsedMs = after.now - before.now
  return elapsedMs > 0 ? ((after.reading.cpuTicks - before.reading.cpuTicks) * MS_PER_TICK) / elapsedMs : null
}

/** Between two walks it follows what is resident. */
function memoryOf({ reading, proportional, residentThen }: Known): number {
  if (proportional === null) return reading.resident
  return Math.max(0, proportional + reading.resident - residentThen)
}

import { performance } from 'node:perf_hooks'
import { getHeapStatistics } from 'node:v8'
import { monotonicMs } from '../../shared/clock.ts'
import type { HealthCheck } from '../../shared/health.ts'
import type { Language } from '../../shared/messages/message.ts'
import { text } from '../../shared/messages/text.ts'
import type { Departure } from '../leave.ts'
import { createDescriptorWatch, type DescriptorVerdict } from './descriptors.ts'
import { createMemoryWatch, type MemoryVerdict, residentLimit } from './memoryWatch.ts'
import { createRest } from './rest.ts'

const LOOK_MS = 1_000
const MIB = 1_048_576
/** A heap fuller than this share of its limit is worth a word. */
const HIGH_SHARE = 0.85
const BUSY_SHARE = 0.95
/** So many looks in a row count as busy: a single long answer does not. */
const BUSY_LOOKS = 5
/** Of the time that a leak leaves, the drain may take this share. */
const DRAIN_SHARE = 0.5

/** The checks of the process itself. */
export type ProcessHealth = {
  readonly eventLoop: () => HealthCheck
  readonly memory: () => HealthCheck
  readonly descriptors: () => HealthCheck
}

/** The limits, and what happens when one is about to be crossed, or was. */
export type ProcessHealthFacts = {
  readonly language: Language
  readonly maxHeapMb: number
  /** The memory is over its limit. V8 takes a limit at process start only, so this process holds its own. */
  readonly onFull: (reason: string) => void
  /** A leak that will cross a limit soon: told again at each look until the process has left. */
  readonly onLeak: (departure: Departure) => void
}

/** Looks at heap, memory, descriptors and event loop each second, without a timer of high resolution: idle must stay idle. */
export function watchProcess({ language, maxHeapMb, onFull, onLeak }: ProcessHealthFacts): ProcessHealth {
  const limits = { heap: maxHeapMb * MIB, resident: residentLimit(maxHeapMb) }
  const lookAtMemory = createMemoryWatch(limits)
  const lookAtDescriptors = createDescriptorWatch()
  const loop = watchLoop()
  const rest = createRest()
  let memory: MemoryVerdict = { kind: 'well' }
  let descriptors: DescriptorVerdict | undefined
  setInterval(() => {
    rest(monotonicMs(), loop.look())
    memory = lookAtMemory(monotonicMs())
    descriptors = lookAtDescriptors()
    if (memory.kind === 'full') onFull(fullReason(memory, limits[memory.what]))
    const departure = memoryDeparture(memory, limits) ?? descriptorDeparture(descriptors)
    if (departure) onLeak(departure)
  }, LOOK_MS)
  return {
    eventLoop: () => loop.check(language),
    memory: () => memoryCheck(language, memory, maxHeapMb),
    descriptors: () => descriptorCheck(language, descriptors),
  }
}

function watchLoop() {
  let last = performance.eventLoopUtilization()
  let busyLooks = 0
  let share = 0
  return {
    look: (): number => {
      const current = performance.eventLoopUtilization()
      share = performance.eventLoopUtilization(current, last).utilization
      last = current
      busyLooks = share > BUSY_SHARE ? busyLooks + 1 : 0
      return share
    },
    check: (language: Language): HealthCheck => {
      const percent = Math.round(share * 100)
      if (busyLooks < BUSY_LOOKS) return { status: 'pass', observedValue: percent }
      return { status: 'warn', observedValue: percent, output: text(language, 'agent.loopBusy', { percent }) }
    },
  }
}

/** The word of the ledger: a heap that is only too small is no leak, and is mended in another way. */
function fullReason({ what, usedBytes, isLeak }: Extract<MemoryVerdict, { kind: 'full' }>, limitBytes: number): string {
  const words = what === 'heap' ? 'the heap holds' : 'the process holds'
  return `${isLeak ? 'memory-leak' : 'out-of-memory'}: ${words} ${mib(usedBytes)} of ${mib(limitBytes)} MiB`
}

function memoryDeparture(
  memory: MemoryVerdict,
  limits: { readonly heap: number; readonly resident: number },
): Departure | undefined {
  if (memory.kind !== 'growing' || !memory.growth.isDue) return undefined
  const { what, usedBytes, growth } = memory
  const { bytesPerSecond, msToLimit } = growth
  const where = what === 'heap' ? 'the heap' : 'the memory outside the heap'
  const rate = (bytesPerSecond / MIB).toPrecision(2)
  const reason = `${where} grows by ${rate} MiB a second and holds ${mib(usedBytes)} of ${mib(limits[what])} MiB`
  return { fault: 'memory-leak', reason, withinMs: msToLimit * DRAIN_SHARE }
}

function descriptorDeparture(descriptors: DescriptorVerdict | undefined): Departure | undefined {
  if (descriptors?.kind !== 'leak') return undefined
  return { fault: 'descriptor-leak', reason: `${descriptors.open} of ${descriptors.limit} descriptors are open` }
}

function memoryCheck(language: Language, memory: MemoryVerdict, maxMb: number): HealthCheck {
  const usedMb = mib(getHeapStatistics().used_heap_size)
  if (memory.kind === 'growing') {
    const { bytesPerSecond, msToLimit } = memory.growth
    const rateMb = (bytesPerSecond / MIB).toPrecision(2)
    const output = text(language, 'agent.memoryGrows', { rateMb, seconds: Math.round(msToLimit / 1_000) })
    return { status: 'warn', observedValue: usedMb, output }
  }
  if (usedMb < maxMb * HIGH_SHARE) return { status: 'pass', observedValue: usedMb }
  return { status: 'warn', observedValue: usedMb, output: text(language, 'agent.memoryHigh', { usedMb, maxMb }) }
}

function descriptorCheck(language: Language, descriptors: DescriptorVerdict | undefined): HealthCheck {
  if (!descriptors) return { status: 'pass' }
  const { kind, open, limit } = descriptors
  if (kind === 'well') return { status: 'pass', observedValue: open }
  return { status: 'warn', observedValue: open, output: text(language, 'agent.descriptorsHigh', { open, limit }) }
}

function mib(bytes: number): number {
  return Math.round(bytes / MIB)
}

import { performance } from 'node:perf_hooks'
import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { HealthCheck } from '../../shared/health.ts'
import type { Language } from '../../shared/messages/message.ts'
import { text } from '../../shared/messages/text.ts'

const LOOK_MS = 1_000
const MIB = 1_048_576
/** A heap fuller than this share of its limit is worth a word. */
const HIGH_SHARE = 0.85
const BUSY_SHARE = 0.95
/** So many looks in a row count as busy: a single long answer does not. */
const BUSY_LOOKS = 5

/** The checks of the process itself. */
export type ProcessHealth = {
  readonly eventLoop: () => HealthCheck
  readonly memory: () => HealthCheck
}

/** The limit, and what happens when it is crossed. */
export type ProcessHealthFacts = {
  readonly language: Language
  readonly maxHeapMb: number
  /** The heap is over its limit. V8 takes a limit at process start only, so this process holds its own. */
  readonly onHeapFull: (usedMb: number) => void
}

/** Looks at heap and event loop each second, without a timer of high resolution: idle must stay idle. */
export function watchProcess({ language, maxHeapMb, onHeapFull }: ProcessHealthFacts): ProcessHealth {
  let last = performance.eventLoopUtilization()
  let busyLooks = 0
  let share = 0
  setInterval(() => {
    const current = performance.eventLoopUtilization()
    share = performance.eventLoopUtilization(current, last).utilization
    last = current
    busyLooks = share > BUSY_SHARE ? busyLooks + 1 : 0
    if (usedHeapMb() <= maxHeapMb) return
    // Garbage that was not collected yet is no leak: only what is left afterwards counts.
    collectGarbage()
    const usedMb = usedHeapMb()
    if (usedMb > maxHeapMb) onHeapFull(usedMb)
  }, LOOK_MS)
  return {
    eventLoop: () => {
      const percent = Math.round(share * 100)
      if (busyLooks < BUSY_LOOKS) return { status: 'pass', observedValue: percent }
      return { status: 'warn', observedValue: percent, output: text(language, 'agent.loopBusy', { percent }) }
    },
    memory: () => {
      const usedMb = usedHeapMb()
      if (usedMb < maxHeapMb * HIGH_SHARE) return { status: 'pass', observedValue: usedMb }
      const output = text(language, 'agent.memoryHigh', { usedMb, maxMb: maxHeapMb })
      return { status: 'warn', observedValue: usedMb, output }
    },
  }
}

function usedHeapMb(): number {
  return Math.round(getHeapStatistics().used_heap_size / MIB)
}

/** Collects now. V8 shows its function only to contexts that are made after the flag was set. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  collect()
}

import { setTimeout as sleepFor } from 'node:timers/promises'
import { monotonicMs } from '../shared/clock.ts'

/** Everything of time and chance that the gate uses. */
export type GateClock = {
  /** The monotonic clock, in milliseconds. */
  readonly monoMs: () => number
  /** The wall clock, in milliseconds since 1970: it says which day is paid from. */
  readonly wallMs: () => number
  /** From 0 up to 1. */
  readonly random: () => number
  /** Resolves after so many milliseconds, or at once when the signal fires. Never rejects. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
}

/** The clock of the machine. */
export const REAL_CLOCK: GateClock = {
  monoMs: monotonicMs,
  wallMs: Date.now,
  random: Math.random,
  sleep: (ms, signal) => sleepFor(ms, undefined, { signal }).catch(() => {}),
}

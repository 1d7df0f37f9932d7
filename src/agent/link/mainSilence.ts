/**
 * PURE. How long the main thread has been silent, by the worker's clock, without the time in which the worker did not run either:
 * after SIGCONT or a suspend both threads wake together, and nobody hung.
 */
export type MainSilence = {
  readonly markMonoMs: number
  /** Time since the mark in which the worker itself was late. */
  readonly excusedMs: number
}

/** Before the first look. */
export const NO_SILENCE: MainSilence = { markMonoMs: Number.NEGATIVE_INFINITY, excusedMs: 0 }

/** One look at the main thread's mark. */
export function lookAtMain(before: MainSilence, markMonoMs: number, ownLateMs: number): MainSilence {
  const isNewMark = markMonoMs !== before.markMonoMs
  return { markMonoMs, excusedMs: (isNewMark ? 0 : before.excusedMs) + Math.max(0, ownLateMs) }
}

/** Age of the main thread's last sign of life in milliseconds; never negative. */
export function mainAgeMs(silence: MainSilence, nowMonoMs: number): number {
  return Math.max(0, nowMonoMs - silence.markMonoMs - silence.excusedMs)
}

/** Remembers what was computed as long as what it was computed from is the same: many tabs cost one computation. */
import { monotonicMs } from '../../src/shared/clock.ts'

/** How it is remembered. */
export type Remembering<T> = {
  readonly make: (nowMs: number) => T
  /** Another text whenever the source may have changed. */
  readonly version: () => string
  /** Figures over a window of time grow old without a change: made anew after so many milliseconds. */
  readonly lastsMs: number
}

/** Gives the value of now (wall clock in milliseconds). */
export function remembered<T>({ make, version, lastsMs }: Remembering<T>): (nowMs: number) => T {
  let kept: { readonly value: T; readonly version: string; readonly untilMonoMs: number } | undefined
  return (nowMs) => {
    const current = version()
    if (kept && kept.version === current && monotonicMs() < kept.untilMonoMs) return kept.value
    const value = make(nowMs)
    // Taken before it was made: what changed meanwhile is seen the next time.
    kept = { value, version: current, untilMonoMs: monotonicMs() + lastsMs }
    return value
  }
}

/** The one clock of the page: relative times hang on it. It stands still while nobody looks. */
import { signal } from '@preact/signals'
import type { AgeMark } from '../live/staleness.ts'

/** Milliseconds of the wall clock, renewed each second while the page is visible. */
export const nowMs = signal(Date.now())

/**
 * A clock for ages: milliseconds that never run backwards when the wall clock does. A jump forward, or a sleep that the monotonic clock slept
 * through, makes an age larger: an old figure is never taken for a new one.
 */
export function readAgeClock(): AgeMark {
  return { wallMs: Date.now(), monotonicMs: performance.now() }
}

/** Starts the clock. */
export function startClock(): void {
  const tick = () => {
    if (!document.hidden) nowMs.value = Date.now()
  }
  setInterval(tick, 1_000)
  document.addEventListener('visibilitychange', tick)
}

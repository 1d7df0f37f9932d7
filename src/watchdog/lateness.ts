/**
 * The watchdog's own time awake. A suspended machine, a paused VM or a starved watchdog must not read its own sleep as the agent's silence:
 * whatever a beat came too late is taken off every age that it measures.
 */
export type AwakeClock = {
  /** Call once a beat; returns how late this beat was, in milliseconds. */
  readonly beat: (now: number) => number
  /** Age of an event at `at`, without the time that the watchdog itself missed since. */
  readonly ageOf: (at: number, now: number) => number
}

type Gap = { readonly at: number; readonly missedMs: number }

/** A beat that is later than this was missed time; less is ordinary jitter. */
const JITTER_MS = 250
const KEEP_MS = 120_000

/** A clock for a loop that beats each `periodMs`. */
export function createAwakeClock(periodMs: number, startedAt: number): AwakeClock {
  let last = startedAt
  let gaps: Gap[] = []
  return {
    beat(now) {
      const lateMs = Math.max(0, now - last - periodMs)
      last = now
      if (lateMs > JITTER_MS) gaps.push({ at: now, missedMs: lateMs })
      gaps = gaps.filter((gap) => now - gap.at < KEEP_MS)
      return lateMs
    },
    ageOf(at, now) {
      // A gap counts as far as it lies after the event.
      const missed = gaps.reduce((sum, gap) => sum + Math.max(0, Math.min(gap.missedMs, gap.at - at)), 0)
      return Math.max(0, now - at - missed)
    },
  }
}

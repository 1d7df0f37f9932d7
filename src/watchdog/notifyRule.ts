import type { WatchState } from './watch.ts'

/**
 * PURE. How long a state may outlive its deadline, in milliseconds: the beat that ends it may be late on a busy machine. Beyond that the
 * watchdog turns without deciding anything.
 */
export const OVERDUE_MS = 15_000

/**
 * PURE. Whether systemd may be told that the watchdog is well. It is asked once a beat, so a loop that does not advance never asks; a state that
 * its own deadline should have ended long ago is no watch. `repairing`, `recovering`, `givenUp` and `maintenance` are whole states, not hangs.
 */
export function mayFeed(state: WatchState, now: number): boolean {
  const deadline = deadlineOf(state)
  return deadline === null || now < deadline + OVERDUE_MS
}

/** PURE. When this state ends at the latest; null where it is left by what is seen alone. */
function deadlineOf(state: WatchState): number | null {
  switch (state.name) {
    case 'healthy':
      return null
    case 'givenUp':
      return state.retryAt
    case 'maintenance':
      return state.until
    default:
      return state.deadline
  }
}

import { monotonicMs } from '../../shared/clock.ts'
import type { Link } from './link.ts'

/** Does work that keeps the event loop. */
export type Unhurried = <T>(work: () => Promise<T>) => Promise<T>

/** Such work takes a third of a second; should it hang, the watchdog sees it after this. */
const LONGEST_MS = 5_000

/**
 * On a machine that is short of time, reading much code or checking every rule at once can keep the event loop for seconds: the watchdog is told before,
 * and takes it for no hang. Works may overlap.
 */
export function unhurriedOn(link: Pick<Link, 'announceBusy'>): Unhurried {
  let open = 0
  return async (work) => {
    open += 1
    link.announceBusy(monotonicMs() + LONGEST_MS)
    try {
      return await work()
    } finally {
      open -= 1
      if (open === 0) link.announceBusy(null)
    }
  }
}

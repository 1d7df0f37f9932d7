/** PURE. How long the rescue waits between two tries, and when the ends of the whole tree are worth a person's look. Milliseconds. */

/** How one life of the service ended, as systemd says it. */
export type ServiceEnd = {
  readonly bootId: string
  readonly monoMs: number
  /** `SERVICE_RESULT` (`exit-code`, `watchdog`, `timeout` …), or our `gone`. A good end (`success`) is not kept. */
  readonly result: string
}

/** Ends longer ago than this have nothing to do with each other. */
const WINDOW_MS = 600_000
/** So many in the window are no accident. */
const TOO_MANY = 3
const FIRST_WAIT_MS = 5_000
const LONGEST_WAIT_MS = 60_000
/** How many ends are kept. */
const KEPT = 20

/** PURE. Ends without a wish, of this boot and within the window. */
export function recentFailures(ends: readonly ServiceEnd[], bootId: string, now: number): number {
  return ends.filter((end) => end.result !== 'success' && end.bootId === bootId && now - end.monoMs < WINDOW_MS).length
}

/** PURE. True from the third failure in the window on. */
export function isWorthAnAlert(failures: number): boolean {
  return failures >= TOO_MANY
}

/** PURE. Before the first tries nothing, then 5, 10, 20 … 60 s: systemd itself knows no growing pause. */
export function waitBeforeStart(failures: number): number {
  return isWorthAnAlert(failures) ? waitAfter(failures - TOO_MANY) : 0
}

/** PURE. The wait after so many repairs that did not help, counted from 0. */
export function waitAfter(tries: number): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** tries)
}

/** PURE. The ends with one more. */
export function withEnd(ends: readonly ServiceEnd[], end: ServiceEnd): readonly ServiceEnd[] {
  return [...ends, end].slice(-KEPT)
}

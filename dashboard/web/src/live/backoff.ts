/** How long to wait before the stream is opened again: 0.5, 1, 2 … 15 s, each between half and whole so that fifty tabs do not come at once. */
const FIRST_MS = 500
const LONGEST_MS = 15_000

/** Milliseconds before try number `tries` (from 0); `chance` is 0–1. */
export function retryDelayMs(tries: number, chance: number): number {
  const whole = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(tries, 10))
  return Math.round(whole / 2 + (whole / 2) * chance)
}

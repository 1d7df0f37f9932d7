/** An immutable exponential backoff: each value knows its delay and gives the next one. The idea is cockatiel's. */
export type Backoff = {
  readonly delayMs: number
  readonly next: () => Backoff
}

/** Delays of `firstMs`, doubled at each step, never above `maxMs`. */
export function exponentialBackoff(firstMs: number, maxMs: number): Backoff {
  return { delayMs: Math.min(firstMs, maxMs), next: () => exponentialBackoff(Math.min(firstMs * 2, maxMs), maxMs) }
}

/** The delay before attempt number `attempt` (0 is the first) without walking there. */
export function backoffDelayMs(attempt: number, firstMs: number, maxMs: number): number {
  // 2 ** 30 is far beyond any limit used here and keeps the product finite.
  return Math.min(firstMs * 2 ** Math.min(attempt, 30), maxMs)
}

/**
 * PURE. A circuit breaker for one provider, as an immutable value with time as an argument (the idea is cockatiel's): after so many failures in a
 * row nobody is let through for a while; then one call tries, and its outcome decides for all.
 */
import type { FailureKind } from './modelCall.ts'

/** Where a breaker is. Times are of the monotonic clock, in milliseconds. */
export type Breaker =
  | { readonly name: 'closed'; readonly failures: number }
  | { readonly name: 'open'; readonly untilMonoMs: number }
  | { readonly name: 'probing' }

/** After how many failures in a row it opens, and for how long. */
export type BreakerLimits = { readonly breakAfter: number; readonly breakMs: number }

/** What a call says of its provider. `unknown`: it was cancelled before it could tell. */
export type ProviderSign = 'up' | 'down' | 'unknown'

/** A breaker that has seen nothing. */
export const CLOSED: Breaker = { name: 'closed', failures: 0 }

/** While another call tries, how long until it is worth asking again, in milliseconds. */
const PROBE_LOOK_MS = 500

/** How long nobody is let through; 0 lets the next one through. */
export function blockedMs(breaker: Breaker, nowMonoMs: number): number {
  if (breaker.name === 'closed') return 0
  return breaker.name === 'probing' ? PROBE_LOOK_MS : Math.max(0, breaker.untilMonoMs - nowMonoMs)
}

/** The breaker after a call was let through: the first one after the pause tries for all. */
export function entered(breaker: Breaker): Breaker {
  return breaker.name === 'open' ? { name: 'probing' } : breaker
}

/** The breaker after a call has ended. A call that began before it opened closes it too: the provider answers. */
export function ended(breaker: Breaker, sign: ProviderSign, nowMonoMs: number, limits: BreakerLimits): Breaker {
  if (sign === 'up') return CLOSED
  const opened: Breaker = { name: 'open', untilMonoMs: nowMonoMs + limits.breakMs }
  if (breaker.name === 'probing') return sign === 'down' ? opened : { name: 'open', untilMonoMs: nowMonoMs }
  if (breaker.name === 'open' || sign === 'unknown') return breaker
  const failures = breaker.failures + 1
  return failures >= limits.breakAfter ? opened : { name: 'closed', failures }
}

/** What an outcome says of the provider. A limit of the rate says that it is there; the lane waits for it. */
export function signOf(outcome: 'ok' | FailureKind): ProviderSign {
  if (outcome === 'cancelled') return 'unknown'
  return outcome === 'overloaded' || outcome === 'timeout' || outcome === 'network' ? 'down' : 'up'
}

/**
 * PURE. What the process in the foreground does about the ring: nothing while any of it lives, for the ring heals itself; a start when all of it is
 * gone, at once the first time and ever more slowly where that does not help; and never a start against a person's wish. Milliseconds, monotonic.
 */

/** One look at the ring. */
export type RingSight = {
  /** `paused`: somebody who will go on with it holds it, an update for example. */
  readonly wish: 'running' | 'paused' | 'stopped'
  /** PM2 lives. */
  readonly hasSupervisor: boolean
  /** How many of agent, watchdog and dashboard live. */
  readonly apps: number
  /** A start that we made still runs. */
  readonly isStarting: boolean
}

/** What is known between two looks. `tries` are the starts since it was last up for long. */
export type RingWatch =
  | { readonly name: 'up'; readonly since: number; readonly tries: number }
  /** PM2 lives and has none of its processes: it may be about to start them. */
  | { readonly name: 'bare'; readonly since: number; readonly tries: number }
  | { readonly name: 'gone'; readonly nextAt: number; readonly tries: number }
  /** A person stopped it, and all of it has ended. */
  | { readonly name: 'stopped' }

/** `start`: bring back what is missing. `rest`: it has just ended because a person wished so. */
export type RingDeed = 'nothing' | 'start' | 'rest'

/** How the foreground judges. */
export const FOREGROUND = {
  /** A PM2 without a process is about to start one, or is stopped itself. */
  bareMs: 15_000,
  /** Up for so long, and the next end is a new story. */
  steadyMs: 60_000,
  firstWaitMs: 1_000,
  longestWaitMs: 60_000,
} as const

/** Before the first look: nothing is there, and a start is due at once. */
export const FIRST_WATCH: RingWatch = { name: 'gone', nextAt: Number.NEGATIVE_INFINITY, tries: 0 }

/** PURE. One look, one answer. */
export function watchRing(watch: RingWatch, sight: RingSight, now: number): readonly [RingWatch, RingDeed] {
  if (sight.wish === 'stopped') return withoutWish(watch, sight)
  if (sight.wish === 'paused') return [watch, 'nothing']
  if (sight.apps > 0) return [isUp(watch, now), 'nothing']
  if (sight.isStarting) return [watch, 'nothing']
  if (sight.hasSupervisor) return bare(watch, now)
  return gone(watch, now)
}

/** PURE. The wait before the next start after so many that did not last: none, then 1, 2, 4 … 60 s. */
export function waitAfterTries(tries: number): number {
  return tries === 0 ? 0 : Math.min(FOREGROUND.longestWaitMs, FOREGROUND.firstWaitMs * 2 ** (tries - 1))
}

function withoutWish(watch: RingWatch, { hasSupervisor, apps, isStarting }: RingSight): readonly [RingWatch, RingDeed] {
  if (watch.name === 'stopped') return [watch, 'nothing']
  const hasEnded = !hasSupervisor && apps === 0 && !isStarting
  return hasEnded ? [{ name: 'stopped' }, 'rest'] : [watch, 'nothing']
}

function isUp(watch: RingWatch, now: number): RingWatch {
  return watch.name === 'up' ? watch : { name: 'up', since: now, tries: triesOf(watch, now) }
}

function bare(watch: RingWatch, now: number): readonly [RingWatch, RingDeed] {
  if (watch.name !== 'bare') return [{ name: 'bare', since: now, tries: triesOf(watch, now) }, 'nothing']
  return now - watch.since < FOREGROUND.bareMs ? [watch, 'nothing'] : started(watch.tries, now)
}

function gone(watch: RingWatch, now: number): readonly [RingWatch, RingDeed] {
  const tries = triesOf(watch, now)
  const nextAt = watch.name === 'gone' ? watch.nextAt : now + waitAfterTries(tries)
  return now >= nextAt ? started(tries, now) : [{ name: 'gone', nextAt, tries }, 'nothing']
}

function started(tries: number, now: number): readonly [RingWatch, RingDeed] {
  return [{ name: 'gone', nextAt: now + waitAfterTries(tries + 1), tries: tries + 1 }, 'start']
}

function triesOf(watch: RingWatch, now: number): number {
  if (watch.name === 'stopped') return 0
  return watch.name === 'up' && now - watch.since >= FOREGROUND.steadyMs ? 0 : watch.tries
}

/** PURE. Watches a new version from the switch on: when it has proved itself, and when it is taken back. Times are monotonic, in milliseconds. */

/** How long each thing may take. */
export type HoldLimits = {
  /** From the switch until all of the new version is ready. */
  readonly readyMs: number
  /** That nobody answers at all, or the new one does not any more. */
  readonly lostMs: number
  /** That the new one stays ready. */
  readonly holdMs: number
}

/** What is remembered between two looks. */
export type Hold = {
  readonly switchedAt: number
  readonly readySince: number | null
  readonly lostSince: number | null
  /** The agent that was ready last, and how often it has become another one since. */
  readonly agent: string | null
  readonly restarts: number
}

/** One look: is all of the new version ready, does anybody answer, which agent of the new version lives, and when it was asked. */
export type HoldLook = {
  readonly isNewReady: boolean
  readonly doesAnswer: boolean
  readonly agent: string | null
  /** An answer that never comes is missed from here on. */
  readonly askedAt: number
}

/** `wait`: look again. `ready`: the new version is ready for the first time. `ended`: its agent was ready, and has ended. */
export type HoldVerdict = 'wait' | 'ready' | 'good' | 'not-ready' | 'lost' | 'ended' | 'restarts'

/** A new version whose agent ends so often while it is watched is not good. */
const MAX_RESTARTS = 2

/** The watch as it begins at the switch. */
export function beginHold(now: number): Hold {
  return { switchedAt: now, readySince: null, lostSince: null, agent: null, restarts: 0 }
}

/** One look more. */
export function judgeHold(hold: Hold, look: HoldLook, now: number, limits: HoldLimits): readonly [Hold, HoldVerdict] {
  const isServed = hold.readySince === null ? look.doesAnswer : look.isNewReady
  const lostSince = isServed ? null : (hold.lostSince ?? look.askedAt)
  const isOther = hold.agent !== null && look.agent !== null && look.agent !== hold.agent
  const restarts = hold.restarts + (isOther ? 1 : 0)
  const isFirst = look.isNewReady && hold.readySince === null
  const readySince = isFirst ? now : hold.readySince
  // Before it is ready, an agent that comes and goes is only one that does not get ready.
  const agent = readySince === null ? null : (look.agent ?? hold.agent)
  const next = { ...hold, readySince, lostSince, agent, restarts }
  // Whoever leaves in good order leaves only when the next one serves.
  if (hold.agent !== null && look.agent === null) return [next, 'ended']
  return [next, verdictOf(next, isFirst, now, limits)]
}

function verdictOf(hold: Hold, isFirst: boolean, now: number, limits: HoldLimits): HoldVerdict {
  if (hold.lostSince !== null && now - hold.lostSince >= limits.lostMs) return 'lost'
  if (hold.restarts >= MAX_RESTARTS) return 'restarts'
  if (isFirst) return 'ready'
  if (hold.readySince === null) return now - hold.switchedAt >= limits.readyMs ? 'not-ready' : 'wait'
  return now - hold.readySince >= limits.holdMs && hold.lostSince === null ? 'good' : 'wait'
}

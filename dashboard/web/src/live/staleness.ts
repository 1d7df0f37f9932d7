/** How old the page's knowledge is. Ages are taken on both clocks, and the larger one counts: a clock that is set back makes nothing new. */

/** A moment on both clocks, in milliseconds. */
export type AgeMark = { readonly wallMs: number; readonly monotonicMs: number }

/** Older figures are muted and labelled. The server beats every 5 s. */
export const STALE_AFTER_MS = 15_000

/** What the header says. */
export type LiveWord = 'live' | 'reconnecting' | 'paused'

/** Milliseconds between two marks, never negative. */
export function ageMs(then: AgeMark, now: AgeMark): number {
  return Math.max(0, now.monotonicMs - then.monotonicMs, now.wallMs - then.wallMs)
}

/** True while figures that came at `heard` may be shown as new. Nothing heard yet is not fresh. */
export function isFreshAt(heard: AgeMark | null, now: AgeMark): boolean {
  return heard !== null && ageMs(heard, now) <= STALE_AFTER_MS
}

/** The word for the header. */
export function liveWord(heard: AgeMark | null, now: AgeMark, isHidden: boolean): LiveWord {
  if (isHidden) return 'paused'
  return isFreshAt(heard, now) ? 'live' : 'reconnecting'
}

/**
 * PURE. How the agent judges its watchdog over the link. Laws, each of them tested:
 * - a watchdog is ended only when it was silent or stopped for its whole limit while this judge itself was punctual;
 * - only the identity that spoke on this link is ever ended, and not more often than each {@link WATCH_LIMITS.endPauseMs};
 * - nothing is revived unless `running` is desired and a supervisor had started us, nor more often than each {@link WATCH_LIMITS.revivePauseMs};
 * - while the link is up nothing is revived, while it is down nothing is ended.
 */
import type { Identity } from '../../shared/identity.ts'

/** All limits in milliseconds. */
export const WATCH_LIMITS = {
  /** A connected watchdog that says nothing for so long hangs (it beats twice a second). */
  silentMs: 3_000,
  /** A watchdog that the kernel shows as stopped for so long will not come back by itself. */
  stoppedMs: 1_500,
  endPauseMs: 1_000,
  /** With watchdog and supervisor both dead nobody else will act. */
  orphanedMs: 250,
  /** A living supervisor brings the watchdog back much sooner than this, unless the boot ledger's brake holds it. */
  linkDownMs: 5_000,
  revivePauseMs: 5_000,
} as const

type Common = {
  readonly known: Identity | null
  readonly endedMonoMs: number | null
  readonly revivedMonoMs: number | null
}

/** What the judge remembers. */
export type WatchdogWatch =
  | (Common & { readonly link: 'up'; readonly heardMonoMs: number; readonly stoppedSinceMonoMs: number | null })
  | (Common & { readonly link: 'down'; readonly sinceMonoMs: number; readonly orphanedSinceMonoMs: number | null })

/** What was seen since the last look. */
export type WatchdogSighting = {
  readonly nowMonoMs: number
  /** By how much this look came too late (suspend, a starved machine): that time proves nothing. */
  readonly ownLateMs: number
  readonly linkUp: boolean
  /** Who sent a beat since the last look. */
  readonly heardFrom: Identity | null
  /** State letter of the known watchdog by the kernel (`T` is stopped); null when it is dead or unknown. */
  readonly processState: string | null
  readonly supervisorAlive: boolean
  /** True when `running` is desired and we were started by a supervisor. */
  readonly isWanted: boolean
}

export type WatchdogAct =
  | { readonly do: 'endWatchdog'; readonly identity: Identity; readonly reason: string }
  | { readonly do: 'revive'; readonly reason: string }

/** The beginning: no link yet, nobody known. */
export function startWatch(nowMonoMs: number): WatchdogWatch {
  return {
    link: 'down',
    known: null,
    endedMonoMs: null,
    revivedMonoMs: null,
    sinceMonoMs: nowMonoMs,
    orphanedSinceMonoMs: null,
  }
}

/** One look: what is remembered from now on, and what has to be done. */
export function watchTheWatchdog(
  before: WatchdogWatch,
  seen: WatchdogSighting,
): [WatchdogWatch, WatchdogAct | undefined] {
  const watch = discountOwnLateness(before, seen.ownLateMs)
  return seen.linkUp ? whileLinkIsUp(watch, seen) : whileLinkIsDown(watch, seen)
}

function whileLinkIsUp(watch: WatchdogWatch, seen: WatchdogSighting): [WatchdogWatch, WatchdogAct | undefined] {
  const now = seen.nowMonoMs
  const known = seen.heardFrom ?? watch.known
  const heardMonoMs = watch.link === 'down' || seen.heardFrom ? now : watch.heardMonoMs
  const stoppedBefore = watch.link === 'up' ? watch.stoppedSinceMonoMs : null
  const stoppedSinceMonoMs = seen.processState === 'T' ? (stoppedBefore ?? now) : null
  const { endedMonoMs, revivedMonoMs } = watch
  const next: WatchdogWatch = { link: 'up', known, endedMonoMs, revivedMonoMs, heardMonoMs, stoppedSinceMonoMs }
  if (!known || seen.processState === null || isRecent(endedMonoMs, now, WATCH_LIMITS.endPauseMs)) {
    return [next, undefined]
  }
  const reason = whyItHangs(now, heardMonoMs, stoppedSinceMonoMs)
  if (!reason) return [next, undefined]
  return [
    { ...next, endedMonoMs: now },
    { do: 'endWatchdog', identity: known, reason },
  ]
}

function whyItHangs(now: number, heardMonoMs: number, stoppedSinceMonoMs: number | null): string | undefined {
  if (stoppedSinceMonoMs !== null && now - stoppedSinceMonoMs > WATCH_LIMITS.stoppedMs) return 'stopped'
  return now - heardMonoMs > WATCH_LIMITS.silentMs ? 'silent' : undefined
}

function whileLinkIsDown(watch: WatchdogWatch, seen: WatchdogSighting): [WatchdogWatch, WatchdogAct | undefined] {
  const now = seen.nowMonoMs
  const isOrphaned = watch.known !== null && seen.processState === null && !seen.supervisorAlive
  const next: WatchdogWatch = {
    link: 'down',
    known: watch.known,
    endedMonoMs: watch.endedMonoMs,
    revivedMonoMs: watch.revivedMonoMs,
    sinceMonoMs: watch.link === 'down' ? watch.sinceMonoMs : now,
    orphanedSinceMonoMs: isOrphaned ? orphanedSince(watch, now) : null,
  }
  const reason = whyToRevive(next, now)
  if (!reason || !seen.isWanted || isRecent(next.revivedMonoMs, now, WATCH_LIMITS.revivePauseMs)) {
    return [next, undefined]
  }
  return [
    { ...next, revivedMonoMs: now },
    { do: 'revive', reason },
  ]
}

function orphanedSince(watch: WatchdogWatch, now: number): number {
  return watch.link === 'down' && watch.orphanedSinceMonoMs !== null ? watch.orphanedSinceMonoMs : now
}

function whyToRevive(watch: WatchdogWatch & { link: 'down' }, now: number): string | undefined {
  const { orphanedSinceMonoMs, sinceMonoMs } = watch
  if (orphanedSinceMonoMs !== null && now - orphanedSinceMonoMs >= WATCH_LIMITS.orphanedMs) {
    return 'watchdog and supervisor are both dead'
  }
  return now - sinceMonoMs > WATCH_LIMITS.linkDownMs ? `no watchdog for ${WATCH_LIMITS.linkDownMs} ms` : undefined
}

function isRecent(actedMonoMs: number | null, now: number, pauseMs: number): boolean {
  return actedMonoMs !== null && now - actedMonoMs < pauseMs
}

/** Time in which we did not run ourselves is nobody's fault: every running clock is set forward by it. */
function discountOwnLateness(watch: WatchdogWatch, lateMs: number): WatchdogWatch {
  if (lateMs <= 0) return watch
  const later = (at: number | null) => (at === null ? null : at + lateMs)
  return watch.link === 'up'
    ? { ...watch, heardMonoMs: watch.heardMonoMs + lateMs, stoppedSinceMonoMs: later(watch.stoppedSinceMonoMs) }
    : {
        ...watch,
        sinceMonoMs: watch.sinceMonoMs + lateMs,
        orphanedSinceMonoMs: later(watch.orphanedSinceMonoMs),
      }
}

/** PURE. Watches the dashboard, a service without a link: it is there, it runs, it answers. It carries no work, so it has no tiers above this one. */
import { type Identity, sameProcess } from '../shared/identity.ts'
import type { Refusal } from './watch.ts'

export type DashboardWatch = {
  readonly identity: Identity | null
  readonly goneSince: number | null
  readonly askedAt: number | null
  readonly resumedAt: number | null
}

export type DashboardView = {
  readonly identity: Identity | null
  readonly alive: boolean
  readonly procState: string | null
  readonly healthFailures: number
  readonly refusal: Refusal | null
}

export type DashboardAction = { readonly do: 'start' } | { readonly do: 'resume' | 'kill'; readonly target: Identity }

export const NEW_DASHBOARD_WATCH: DashboardWatch = { identity: null, goneSince: null, askedAt: null, resumedAt: null }

const MISSING_MS = 2_500
const ASK_AGAIN_MS = 10_000
/** After SIGCONT, or after the kill of a process that hangs in the kernel, the next signal waits this long. */
const SIGNAL_AGAIN_MS = 3_000

/** One beat. `failureThreshold` failed polls in a row end it; the supervisor restarts it. */
export function stepDashboard(
  watch: DashboardWatch,
  seen: DashboardView,
  now: number,
  failureThreshold: number,
): [DashboardWatch, DashboardAction | null] {
  if (!seen.alive || !seen.identity) return whenGone(watch, seen, now)
  const isKnown = sameProcess(watch.identity ?? undefined, seen.identity)
  const current: DashboardWatch = {
    identity: seen.identity,
    goneSince: null,
    askedAt: null,
    resumedAt: isKnown ? watch.resumedAt : null,
  }
  const isDown = seen.procState === 'T' || seen.healthFailures >= failureThreshold
  if (!isDown || (current.resumedAt !== null && now - current.resumedAt < SIGNAL_AGAIN_MS)) return [current, null]
  const isFirst = seen.procState === 'T' && current.resumedAt === null
  return [
    { ...current, resumedAt: now },
    { do: isFirst ? 'resume' : 'kill', target: seen.identity },
  ]
}

function whenGone(watch: DashboardWatch, seen: DashboardView, now: number): [DashboardWatch, DashboardAction | null] {
  const goneSince = watch.goneSince ?? now
  const gone = { ...watch, goneSince, resumedAt: null }
  const isHeld = seen.refusal?.untilMonoMs != null && now < seen.refusal.untilMonoMs
  const isPatienceOver = watch.askedAt === null ? now - goneSince >= MISSING_MS : now - watch.askedAt >= ASK_AGAIN_MS
  return isHeld || !isPatienceOver ? [gone, null] : [{ ...gone, askedAt: now }, { do: 'start' }]
}

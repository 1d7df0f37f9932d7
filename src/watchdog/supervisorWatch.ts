/** PURE. Watches the supervisor itself, by identity: ended, or stopped by a signal. It is never asked, a stopped one would not answer. */
import type { SupervisorProcess } from '../shared/supervisor/supervisor.ts'

export type SupervisorWatch =
  /** Not looked yet: a new watchdog. */
  | { readonly name: 'unknown' }
  | { readonly name: 'alive' }
  | { readonly name: 'stopped'; readonly since: number; readonly resumedAt: number | null }
  | { readonly name: 'gone'; readonly revivedAt: number }

export type SupervisorAction = 'resume' | 'kill' | 'revive'

/** A stop that passes by itself (a debugger, a shell's job control) is left alone this long. */
const STOPPED_LIMIT_MS = 700
/** After SIGCONT it has this long to run again. */
const RESUMED_LIMIT_MS = 700
/** A start takes about a second; only then is another one worth while. */
const REVIVE_AGAIN_MS = 10_000

/** One beat: the next state, and what to do now. */
export function stepSupervisor(
  watch: SupervisorWatch,
  seen: SupervisorProcess | undefined,
  now: number,
): [SupervisorWatch, SupervisorAction | null] {
  if (!seen) {
    if (watch.name === 'gone' && now - watch.revivedAt < REVIVE_AGAIN_MS) return [watch, null]
    return [{ name: 'gone', revivedAt: now }, 'revive']
  }
  if (seen.state !== 'T') return [{ name: 'alive' }, null]
  if (watch.name !== 'stopped') return [{ name: 'stopped', since: now, resumedAt: null }, null]
  if (watch.resumedAt === null) {
    return now - watch.since < STOPPED_LIMIT_MS ? [watch, null] : [{ ...watch, resumedAt: now }, 'resume']
  }
  return now - watch.resumedAt < RESUMED_LIMIT_MS ? [watch, null] : [{ ...watch, resumedAt: now }, 'kill']
}

import { appendBoot, readBoots } from '../shared/bootledger.ts'
import { bootId } from '../shared/clock.ts'
import { isAlive, signalIdentity, stateOf } from '../shared/identity.ts'
import type { Logger } from '../shared/log.ts'
import type { HomePaths } from '../shared/paths.ts'
import { readRuntimeFile } from '../shared/runtimeFile.ts'
import type { Supervisor } from '../shared/supervisor/supervisor.ts'
import { type DashboardAction, type DashboardView, NEW_DASHBOARD_WATCH, stepDashboard } from './dashboardWatch.ts'
import { createHealthPoll } from './healthPoll.ts'
import type { Beat } from './loop.ts'
import { createCached, newestRefusal } from './observe.ts'
import { tellLostLife } from './ringIncidents.ts'
import type { WatchStore } from './store.ts'

type KeeperParts = {
  readonly paths: HomePaths
  readonly supervisor: Supervisor
  readonly store: WatchStore
  readonly log: Logger
  readonly limits: Parameters<typeof createHealthPoll>[0] & { readonly failureThreshold: number }
}

/** Keeps the dashboard there and answering, and tells of each time that it was not. */
export function createDashboardKeeper({ paths, supervisor, store, log, limits }: KeeperParts): Beat {
  const health = createHealthPoll(limits)
  const runtime = createCached(paths.identityOf('dashboard'), () => readRuntimeFile(paths, 'dashboard') ?? null)
  const boots = createCached(paths.boots, () => readBoots(paths.boots).filter((record) => record.bootId === bootId()))
  let watch = NEW_DASHBOARD_WATCH
  const look = (now: number): DashboardView => {
    const identity = runtime()
    const alive = identity !== null && isAlive(identity)
    health.maybeAsk(alive ? identity.url : null, now)
    return {
      identity,
      alive,
      procState: alive ? (stateOf(identity) ?? null) : null,
      healthFailures: health.view().failures,
      refusal: newestRefusal(boots(), 'dashboard', alive ? identity : null),
    }
  }
  return (now, isResting) => {
    if (isResting) return
    const [next, action] = stepDashboard(watch, look(now), now, limits.failureThreshold)
    const isSuccessor = next.identity !== null && next.identity.nonce !== watch.identity?.nonce
    watch = next
    if (isSuccessor) tellLostLife(store, paths, 'dashboard')
    if (action) act(action, paths, supervisor, log)
  }
}

function act(action: DashboardAction, paths: HomePaths, supervisor: Supervisor, log: Logger): void {
  log.warn({ action }, 'dashboard')
  if (action.do === 'resume') return void signalIdentity(action.target, 'SIGCONT')
  if (action.do === 'kill') {
    appendBoot(
      paths.boots,
      'dashboard',
      { kind: 'end', code: null, reason: 'ended by the watchdog: no answer', planned: false },
      action.target,
    )
    return void signalIdentity(action.target, 'SIGKILL', true)
  }
  supervisor
    .start(['dashboard'])
    .catch((error) => log.error({ error: String(error) }, 'the supervisor could not be asked'))
}

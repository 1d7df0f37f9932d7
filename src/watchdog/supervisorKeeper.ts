import { signalIdentity } from '../shared/identity.ts'
import type { Logger } from '../shared/log.ts'
import type { HomePaths } from '../shared/paths.ts'
import { spawnRevive } from '../shared/revive.ts'
import type { Supervisor, SupervisorProcess } from '../shared/supervisor/supervisor.ts'
import type { Beat } from './loop.ts'
import { supervisorBroke, supervisorIsWell, supervisorTreated } from './ringIncidents.ts'
import type { WatchStore } from './store.ts'
import { type SupervisorAction, type SupervisorWatch, stepSupervisor } from './supervisorWatch.ts'

type KeeperParts = {
  readonly paths: HomePaths
  readonly supervisor: Supervisor
  readonly environment: NodeJS.ProcessEnv
  readonly store: WatchStore
  readonly log: Logger
}

/** Keeps TIER 1 itself alive: a stopped supervisor is resumed or ended, a dead one is replaced, and its three processes with it. */
export function createSupervisorKeeper(parts: KeeperParts): Beat {
  let watch: SupervisorWatch = { name: 'unknown' }
  return (now, isResting) => {
    if (isResting) return
    const seen = parts.supervisor.find()
    const [next, action] = stepSupervisor(watch, seen, now)
    if (next.name !== watch.name) tell(parts.store, next)
    watch = next
    if (action) act(action, seen, parts)
  }
}

function tell(store: WatchStore, watch: SupervisorWatch): void {
  if (watch.name === 'alive') supervisorIsWell(store)
  else if (watch.name !== 'unknown') supervisorBroke(store, watch.name)
}

function act(action: SupervisorAction, seen: SupervisorProcess | undefined, parts: KeeperParts): void {
  parts.log.warn({ action, supervisor: seen }, 'supervisor')
  supervisorTreated(parts.store, action, seen ? `pid ${seen.pid}` : 'a new one is started')
  if (action === 'revive') spawnRevive(parts.paths.home, parts.environment)
  if (action === 'resume' && seen) signalIdentity(seen, 'SIGCONT')
  if (action === 'kill' && seen) signalIdentity(seen, 'SIGKILL')
}

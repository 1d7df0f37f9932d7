/**
 * The last one standing: a process that sees supervisor, watchdog and agent all gone is the only one that can bring them back
 * (systemd or launchd would too, where they are installed). It only ever asks for `ottugi start`.
 */
import { monotonicMs } from './clock.ts'
import { readDesired } from './desired.ts'
import { stateOf } from './identity.ts'
import type { AppName, HomePaths } from './paths.ts'
import { spawnRevive } from './revive.ts'
import { readLiving } from './runtimeFile.ts'
import type { Supervisor } from './supervisor/supervisor.ts'

/** While the supervisor's channel to us is open, somebody is there. */
const LOOK_EVERY_MS = 2_000
/** How often it is looked once the channel has closed: the supervisor is dead, or was never there. */
const CLOSE_LOOK_MS = 250
/** Restarts and hand-overs leave shorter gaps than this. */
const GONE_LIMIT_MS = 500
/** A start takes about a second; only then is another one worth while. */
const AGAIN_MS = 10_000

/** Looks now and then, and closely once the supervisor is gone; never keeps the process alive by itself. */
export function watchOverTheRing(paths: HomePaths, supervisor: Supervisor, environment: NodeJS.ProcessEnv): void {
  let goneSince: number | null = null
  let revivedAt = Number.NEGATIVE_INFINITY
  const look = () => {
    const isAnyoneThere = supervisor.find() || isAtWork(paths, 'watchdog') || isAtWork(paths, 'agent')
    const now = monotonicMs()
    goneSince = isAnyoneThere ? null : (goneSince ?? now)
    const isDue = goneSince !== null && now - goneSince >= GONE_LIMIT_MS && now - revivedAt >= AGAIN_MS
    if (!isDue || readDesired(paths.desired) !== 'running') return
    revivedAt = now
    spawnRevive(paths.home, environment)
  }
  let timer: NodeJS.Timeout | undefined
  const lookOn = () => {
    clearTimeout(timer)
    look()
    timer = setTimeout(lookOn, process.connected ? LOOK_EVERY_MS : CLOSE_LOOK_MS).unref()
  }
  process.on('disconnect', lookOn)
  lookOn()
}

/** One that is stopped brings nobody back. */
function isAtWork(paths: HomePaths, app: AppName): boolean {
  const living = readLiving(paths, app)
  return living !== undefined && stateOf(living) !== 'T'
}

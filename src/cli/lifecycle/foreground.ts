/** Stays in the foreground and keeps the ring: starts it when all of it is gone, and ends with a signal or a person's stop. */
import { FIRST_WATCH, type RingSight, type RingWatch, watchRing } from '../../service/containerRing.ts'
import { monotonicMs } from '../../shared/clock.ts'
import { readDesired, wouldResume } from '../../shared/desired.ts'
import { APPS, type HomePaths } from '../../shared/paths.ts'
import { readLiving } from '../../shared/runtimeFile.ts'
import type { Supervisor } from '../../shared/supervisor/supervisor.ts'
import type { OwnCommands } from './ownCommands.ts'

/** What it says while it goes on. */
export type ForegroundEvent =
  | { readonly what: 'up' }
  | { readonly what: 'starts'; readonly tries: number }
  | { readonly what: 'startFailed'; readonly code: number }
  | { readonly what: 'rests' }

/** What the foreground works with. */
export type ForegroundParts = {
  readonly paths: HomePaths
  readonly supervisor: Pick<Supervisor, 'find'>
  readonly commands: OwnCommands
  /** Takes in the ends of inherited processes; called at each look. */
  readonly reap: () => void
  /** Goes on when a person stops the ring, for their next start. */
  readonly stays: boolean
  readonly tell: (event: ForegroundEvent) => void
  /** Ends the keeping. */
  readonly signal: AbortSignal
}

const LOOK_EVERY_MS = 1_000

/** Keeps the ring until the signal comes, or a person stops it and we do not stay. A child that ends is a reason to look at once. */
export function keepRing(parts: ForegroundParts): Promise<void> {
  const { signal, stays } = parts
  const beat = createBeat(parts)
  return new Promise((resolve) => {
    const look = () => {
      if (beat() === 'rest' && !stays) leave()
    }
    const leave = () => {
      clearInterval(timer)
      process.off('SIGCHLD', look)
      resolve()
    }
    const timer = setInterval(look, LOOK_EVERY_MS)
    process.on('SIGCHLD', look)
    if (signal.aborted) return leave()
    signal.addEventListener('abort', leave, { once: true })
    look()
  })
}

/** One look and what follows from it. */
function createBeat({ paths, supervisor, commands, reap, tell }: ForegroundParts): () => 'goOn' | 'rest' {
  let watch: RingWatch = FIRST_WATCH
  let isStarting = false
  const start = async (tries: number) => {
    isStarting = true
    tell({ what: 'starts', tries })
    const code = await commands.run('start', '--revive')
    isStarting = false
    if (code !== 0) tell({ what: 'startFailed', code })
  }
  return () => {
    reap()
    const before = watch.name
    const [next, deed] = watchRing(watch, { ...lookAt(paths, supervisor), isStarting }, monotonicMs())
    watch = next
    if (next.name === 'up' && before !== 'up') tell({ what: 'up' })
    if (deed === 'start') void start(next.name === 'gone' ? next.tries : 1)
    if (deed !== 'rest') return 'goOn'
    tell({ what: 'rests' })
    return 'rest'
  }
}

function lookAt(paths: HomePaths, supervisor: Pick<Supervisor, 'find'>): Omit<RingSight, 'isStarting'> {
  const isRunning = readDesired(paths.desired) === 'running'
  return {
    wish: isRunning ? 'running' : wouldResume(paths.desired) ? 'paused' : 'stopped',
    hasSupervisor: supervisor.find() !== undefined,
    apps: APPS.filter((app) => readLiving(paths, app) !== undefined).length,
  }
}

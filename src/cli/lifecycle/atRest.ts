/** Work on the state of a home while nothing of it runs. What ran before is to be started again by the caller. */
import { pauseDesired, readDesired, resumeDesired } from '../../shared/desired.ts'
import { createPm2 } from '../../shared/supervisor/pm2.ts'
import type { CliContext } from '../context.ts'
import { settleHome } from './settleHome.ts'
import { takeStartLock } from './startLock.ts'
import { takeDown } from './takeDown.ts'

/** What the work came to, or why it was not begun. `wasRunning`: a start was wished before, and is again. */
export type AtRest<T> =
  | { readonly ok: true; readonly value: T; readonly wasRunning: boolean }
  | { readonly ok: false; readonly why: 'locked' }
  | { readonly ok: false; readonly why: 'left'; readonly pids: readonly number[] }

const LOCK_LIMIT_MS = 30_000

/**
 * Ends everything under the start lock, does the work, and lets go. The wish is only paused meanwhile: after a kill nobody revives anything by
 * itself, and the next start, by a person or by the service manager, goes on.
 */
export async function atRest<T>(
  { paths, environment }: Pick<CliContext, 'paths' | 'environment'>,
  work: () => Promise<T> | T,
): Promise<AtRest<T>> {
  const wasRunning = readDesired(paths.desired) === 'running'
  if (wasRunning) pauseDesired(paths.desired)
  const release = await takeStartLock(paths, LOCK_LIMIT_MS)
  try {
    if (!release) return { ok: false, why: 'locked' }
    const { left } = await takeDown(paths, createPm2(paths, environment))
    if (left.length > 0) return { ok: false, why: 'left', pids: left }
    settleHome(paths)
    return { ok: true, value: await work(), wasRunning }
  } finally {
    if (wasRunning) resumeDesired(paths.desired)
    release?.()
  }
}

import { linkSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { isAlive, isIdentity } from '../../shared/identity.ts'
import type { HomePaths } from '../../shared/paths.ts'
import { readSmallJson } from '../../shared/smallFile.ts'
import { type ActionContext, defineAction, HOLDS, refuse, type Verdict } from '../action.ts'
import { exactly, oneOf } from '../closedSet.ts'
import { fileId, lookAt } from '../fileState.ts'
import { lookAtHeld, moveFile } from '../heldFile.ts'
import { inFolder } from '../heldFolder.ts'

/** Locks and identity files by name. The repair lock is not among them: whoever repairs holds it, and takes a stale one over. */
export const LOCK_IDS = ['start', 'agent', 'watchdog', 'dashboard'] as const
export type LockId = (typeof LOCK_IDS)[number]

/** Where a lock lies. */
export function lockPath(paths: HomePaths, lock: LockId): string {
  return lock === 'start' ? paths.startLock : paths.identityOf(lock)
}

/** Is its owner proved dead? A pid that lives under another start time is another process. */
export function isStaleLock(path: string): Verdict {
  const stats = lookAt(path)
  if (!stats) return refuse('there is no such lock')
  if (!stats.isFile()) return refuse('it is not a file')
  const owner = readSmallJson(path)
  if (isIdentity(owner) && isAlive(owner)) return refuse(`its owner lives (process ${owner.pid})`)
  return HOLDS
}

type Args = { readonly lock: LockId }
type Snapshot = { readonly id: string }

function asideOf(ctx: ActionContext, { lock }: Args): string {
  return join(ctx.folder, `${lock}.lock`)
}

/** Removes a lock or an identity file whose owner is proved dead. */
export const removeLock = defineAction<Args, Snapshot>({
  id: 'remove_lock',
  why: 'A lock was left behind by a process that is dead: remove it.',
  risk: 0,
  timeLimitMs: 2_000,
  parseArgs: exactly({ lock: oneOf(LOCK_IDS) }),
  precondition: (ctx, { lock }) => isStaleLock(lockPath(ctx.paths, lock)),
  plan: ({ lock }) => `remove the stale lock ${lock}`,
  snapshot: (ctx, { lock }) => {
    const stats = lookAtHeld(ctx.paths.home, lockPath(ctx.paths, lock))
    if (!stats) throw new Error('the lock is gone')
    return { id: fileId(stats) }
  },
  act: (ctx, args, { id }) => {
    const path = lockPath(ctx.paths, args.lock)
    const aside = asideOf(ctx, args)
    moveFile(ctx.paths.home, path, aside)
    const moved = lookAtHeld(ctx.paths.home, aside)
    // Between the look and the rename a new owner may have come: the undo gives it back.
    if (!moved || fileId(moved) !== id) throw new Error('the lock was taken by somebody else in between')
    return { note: `removed the stale lock ${args.lock}` }
  },
  undo: (ctx, args) => {
    const aside = asideOf(ctx, args)
    const path = lockPath(ctx.paths, args.lock)
    const { home } = ctx.paths
    if (!lookAtHeld(home, aside) || lookAtHeld(home, path)) return
    inFolder(home, dirname(aside), (from) =>
      inFolder(home, dirname(path), (to) => linkSync(from(basename(aside)), to(basename(path)))),
    )
  },
  postcondition: (ctx, { lock }) => {
    const path = lockPath(ctx.paths, lock)
    return !lookAt(path) || !isStaleLock(path).ok ? HOLDS : refuse('the stale lock is still there')
  },
  examples: {
    allowed: [{ lock: 'start' }, { lock: 'agent' }],
    refused: [
      { args: { lock: 'run/start.lock' }, reason: 'a path is no name of a lock' },
      { args: { lock: 'repair' }, reason: 'whoever repairs holds it' },
    ],
  },
})

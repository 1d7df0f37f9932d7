import { randomBytes } from 'node:crypto'
import { linkSync, unlinkSync, writeFileSync } from 'node:fs'
import { type Identity, isAlive, isIdentity, ownIdentity, sameProcess } from './identity.ts'
import { readSmallJson, readSmallText } from './smallFile.ts'

/** A lock that is held by a living process, or the reason why it was not got. */
export type LockResult =
  | { readonly ok: true; readonly release: () => void }
  | { readonly ok: false; readonly holder: Identity | undefined }

/**
 * Takes a lock file that holds its owner's identity. A lock whose owner is dead (or whose pid is another process by now) is stale
 * and is taken over at once. `link(2)` makes the taking atomic, and the removal of a stale file too, so that of any number of takers one wins.
 */
export function acquireLock(path: string): LockResult {
  const beside = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`
  writeFileSync(beside, JSON.stringify(ownIdentity()), { mode: 0o600, flag: 'wx' })
  try {
    for (let attempt = 0; attempt < 3; attempt++) {
      if (tryLink(beside, path)) return { ok: true, release: () => releaseLock(path) }
      const holder = lockHolder(path)
      if (holder) return { ok: false, holder }
      removeStale(path, beside)
    }
    return { ok: false, holder: lockHolder(path) }
  } finally {
    unlinkSync(beside)
  }
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** The living owner of a lock file; undefined when it is free or stale. */
export function lockHolder(path: string): Identity | undefined {
  const value = readSmallJson(path)
  return isIdentity(value) && isAlive(value) ? value : undefined
}

/**
 * Only the holder of the guard removes a stale lock, and it looks once more first: whoever renames or removes without it may catch the lock
 * of somebody who was faster, and for that moment a third one finds none.
 */
function removeStale(path: string, beside: string): void {
  const guard = `${path}.breaking`
  if (!tryLink(beside, guard)) {
    // Left by a process that was killed while it held the guard.
    if (isStale(guard)) removeIfThere(guard)
    return
  }
  try {
    if (isStale(path)) removeIfThere(path)
  } finally {
    removeIfThere(guard)
  }
}

/** A lock that is there and belongs to nobody. One that is not there is free, and may be taken at any moment: that is another thing. */
function isStale(path: string): boolean {
  // One look: between two of them it may have been released and taken again.
  try {
    const text = readSmallText(path)
    return text !== undefined && livingOwner(text) === undefined
  } catch {
    // It is there, and nobody can say whose it is.
    return true
  }
}

function livingOwner(text: string): Identity | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isIdentity(value) && isAlive(value) ? value : undefined
  } catch {
    return undefined
  }
}

function removeIfThere(path: string): void {
  try {
    unlinkSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

function releaseLock(path: string): void {
  const value = readSmallJson(path)
  if (isIdentity(value) && sameProcess(value, ownIdentity())) unlinkSync(path)
}

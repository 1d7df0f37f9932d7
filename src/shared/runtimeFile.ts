import { unlinkSync } from 'node:fs'
import { writeFileDurably } from './atomicFile.ts'
import { type Identity, isAlive, isIdentity, ownIdentity } from './identity.ts'
import type { AppName, HomePaths } from './paths.ts'
import { readSmallJson } from './smallFile.ts'

/** `run/<app>.json`: who runs now and where it can be reached. It proves nothing by itself: see {@link readLiving}. */
export type RuntimeFile = Identity & {
  readonly app: AppName
  /** Address of its HTTP server; null before it listens, and for the watchdog. */
  readonly url: string | null
  readonly version: string
  /** The supervisor process that started it; 0 when it was started by hand. */
  readonly supervisorPid: number
  readonly startedAt: string
  /** What differs from the settings, in words: a port that was taken, for example. */
  readonly notes: readonly string[]
}

/** Announces this process. */
export function writeRuntimeFile(paths: HomePaths, content: Omit<RuntimeFile, keyof Identity>): void {
  writeFileDurably(paths.identityOf(content.app), `${JSON.stringify({ ...ownIdentity(), ...content }, null, 2)}\n`)
}

/** What the file says, whether that process lives or not. */
export function readRuntimeFile(paths: HomePaths, app: AppName): RuntimeFile | undefined {
  const value = readSmallJson(paths.identityOf(app))
  return isIdentity(value) ? (value as RuntimeFile) : undefined
}

/** The process of this name that lives now, proved by its start time; undefined when there is none. */
export function readLiving(paths: HomePaths, app: AppName): RuntimeFile | undefined {
  const file = readRuntimeFile(paths, app)
  return file && isAlive(file) ? file : undefined
}

/**
 * Removes the announcement of a process that is gone. Only `ottugi stop` does that, when nothing runs any more: a process that leaves
 * could remove the file that its successor has just written, and a left-over file proves nothing anyway.
 */
export function removeDeadRuntimeFile(paths: HomePaths, app: AppName): void {
  if (readRuntimeFile(paths, app) && !readLiving(paths, app)) unlinkSync(paths.identityOf(app))
}

/** Small files of ours that an action writes: looked at, replaced and put back without following a link anywhere on the way. */
import { closeSync, constants, fstatSync, openSync, readFileSync, renameSync, type Stats, unlinkSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { writeFileDurably } from '../shared/atomicFile.ts'
import { fileId, lookAt, modeBits, setModeOf } from './fileState.ts'
import { holdFolder, inFolder } from './heldFolder.ts'

/** A file as it was, one character a byte (latin1), so that it comes back exactly; null where there was none. Kept in the repair journal: small files only. */
export type FileSnapshot = { readonly bytes: string; readonly mode: number } | null

/** Longest file that is kept in the journal, and longest that is copied, in bytes. */
const MAX_BYTES = 64 * 1_024
const MAX_COPIED_BYTES = 64 * 1_024 * 1_024

/** Reads a small file of the home for a later {@link restoreFile}. Throws where it is no regular file, or too large to be ours. */
export function snapshotFile(home: string, path: string): FileSnapshot {
  return inFolder(home, dirname(path), (at) => {
    const name = basename(path)
    if (!lookAt(at(name))) return null
    const { bytes, mode } = readPlain(at(name), name, MAX_BYTES)
    return { bytes: bytes.toString('latin1'), mode }
  })
}

function readPlain(path: string, name: string, limit: number): { bytes: Buffer; mode: number } {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    const stats = fstatSync(fd)
    if (!stats.isFile()) throw new Error(`${name} is not a regular file`)
    if (stats.size > limit) throw new Error(`${name} is larger than any file of ours`)
    return { bytes: readFileSync(fd), mode: modeBits(stats) }
  } finally {
    closeSync(fd)
  }
}

/** Copies a file of the home to another place in it, durable when it returns, with the same mode. */
export function copyFile(home: string, from: string, to: string): void {
  const { bytes, mode } = inFolder(home, dirname(from), (at) =>
    readPlain(at(basename(from)), basename(from), MAX_COPIED_BYTES),
  )
  replaceFile(home, to, bytes, mode)
}

/** Replaces a file of the home, durable when it returns; a link in its place is replaced, never followed. */
export function replaceFile(home: string, path: string, content: string | Uint8Array, mode = 0o600): void {
  inFolder(home, dirname(path), (at) => {
    const name = at(basename(path))
    writeFileDurably(name, content, mode)
    const written = lookAt(name)
    // The umask of this process may have taken bits away.
    if (written && modeBits(written) !== mode) setModeOf(name, fileId(written), mode)
  })
}

/** Removes a file of the home, if it is there. */
export function removeFile(home: string, path: string): void {
  inFolder(home, dirname(path), (at) => {
    if (lookAt(at(basename(path)))) unlinkSync(at(basename(path)))
  })
}

/** Moves a file or folder from one place of the home to another, in one step; what is moved is never followed. Replaces a file that is in the new place. */
export function moveFile(home: string, from: string, to: string): void {
  inFolder(home, dirname(from), (source) =>
    inFolder(home, dirname(to), (target) => renameSync(source(basename(from)), target(basename(to)))),
  )
}

/** What lies at a path of the home itself; undefined where nothing does, or its folder is missing. Throws where a folder on the way is a link. */
export function lookAtHeld(home: string, path: string): Stats | undefined {
  try {
    const held = holdFolder(home, dirname(path))
    try {
      return lookAt(held.at(basename(path)))
    } finally {
      held.close()
    }
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

function isMissing(error: unknown): boolean {
  const { code, cause } = error as NodeJS.ErrnoException
  return code === 'ENOENT' || (cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT'
}

/** Puts a file back as it was: its text and mode, or its absence. May be repeated. */
export function restoreFile(home: string, path: string, before: FileSnapshot): void {
  if (before) replaceFile(home, path, Buffer.from(before.bytes, 'latin1'), before.mode)
  else removeFile(home, path)
}

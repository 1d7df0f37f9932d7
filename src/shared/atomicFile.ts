import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, unlinkSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Replaces a file in one step, durable when it returns: written beside, synced, renamed, folder synced.
 * A kill at any moment leaves the old file or the new one, whole. `mode` defaults to 0600.
 */
export function writeFileDurably(path: string, content: string | Uint8Array, mode = 0o600): void {
  const beside = `${path}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`
  const fd = openSync(beside, 'wx', mode)
  try {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content
    for (let offset = 0; offset < bytes.length; ) offset += writeSync(fd, bytes, offset)
    fsyncSync(fd)
    renameSync(beside, path)
  } catch (error) {
    unlinkSync(beside)
    throw error
  } finally {
    closeSync(fd)
  }
  syncFolder(dirname(path))
}

/** Makes renames and removals inside a folder durable. */
export function syncFolder(path: string): void {
  const fd = openSync(path, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

/** A file's text, or undefined where there is none. Other errors are thrown. */
export function readTextIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** A JSON file's value; undefined where it is missing or not JSON (half-written files of a dead process count as missing). */
export function readJsonIfThere(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

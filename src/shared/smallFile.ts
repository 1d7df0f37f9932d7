import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'

/** Longest text of a small file of ours, in bytes: far more than any of them ever holds. */
const MAX_BYTES = 64 * 1_024

/**
 * The value of a small JSON file of ours; undefined where there is none, it is no JSON, no regular file, or larger than 64 KiB.
 * Never follows a link, never waits (a named pipe in its place is passed over), never throws.
 */
export function readSmallJson(path: string): unknown {
  try {
    return JSON.parse(readSmallText(path) ?? '')
  } catch {
    return undefined
  }
}

/** The text of such a file in one look; undefined where there is none. Throws where something is there that is no such file. */
export function readSmallText(path: string): string | undefined {
  try {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    try {
      return readWhole(fd)
    } finally {
      closeSync(fd)
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function readWhole(fd: number): string {
  const stats = fstatSync(fd)
  if (!stats.isFile() || stats.size > MAX_BYTES) return ''
  const bytes = Buffer.alloc(stats.size)
  let length = 0
  for (let read = 1; read > 0 && length < bytes.length; length += read) {
    read = readSync(fd, bytes, length, bytes.length - length, null)
  }
  return bytes.toString('utf8', 0, length)
}

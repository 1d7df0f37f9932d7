/**
 * Bounds the files that the supervisor writes for us: `logs/<app>.err.log` (what a process says on stderr) and its own log. Our logs rotate by
 * themselves; these are held open by the supervisor, for appending, so they are cut in place: it goes on at the new end.
 */
import { closeSync, constants, fstatSync, ftruncateSync, openSync, readSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from '../shared/log.ts'
import { APPS, type HomePaths } from '../shared/paths.ts'
import type { Beat } from './loop.ts'

const LOOK_MS = 10_000
/** While one is flooded. */
const CLOSE_LOOK_MS = 1_000
const MIB = 1_048_576
/** The newest part that a cut leaves, in bytes. */
const KEPT_BYTES = 64 * 1_024

type ErrorLogParts = {
  readonly paths: HomePaths
  readonly log: Logger
  /** A larger file is cut, in MiB. */
  readonly maxFileMb: number
}

/** Makes the chore: one `stat` a file and look. */
export function createErrorLogs({ paths, log, maxFileMb }: ErrorLogParts): Beat {
  const files = [...APPS.map(paths.errorLogOf), join(paths.pm2, 'pm2.log')]
  let lookAt = Number.NEGATIVE_INFINITY
  return (now) => {
    if (now < lookAt) return
    const large = files.filter((file) => sizeOf(file) > maxFileMb * MIB)
    const cut = large.filter((file) => cutAndTell(file, log))
    lookAt = now + (cut.length > 0 ? CLOSE_LOOK_MS : LOOK_MS)
  }
}

/** False where it cannot be cut: the others are, all the same. */
function cutAndTell(file: string, log: Logger): boolean {
  try {
    log.warn({ file, droppedBytes: cutInPlace(file) }, 'a log of the supervisor was cut')
    return true
  } catch (error) {
    log.warn({ file, error: String(error) }, 'a log of the supervisor is too large and cannot be cut')
    return false
  }
}

function sizeOf(file: string): number {
  try {
    return statSync(file, { throwIfNoEntry: false })?.size ?? 0
  } catch {
    return 0
  }
}

/**
 * Leaves the newest lines of a file, and a line that says what was dropped. The file stays the same one, for everybody who has it open; what is
 * written to it meanwhile may be lost. A link is not followed: nothing outside our home is cut. Gives the bytes that were dropped; throws what the system says.
 */
export function cutInPlace(file: string): number {
  const fd = openSync(file, constants.O_RDWR | constants.O_APPEND | constants.O_NOFOLLOW)
  try {
    const { size } = fstatSync(fd)
    const kept = Buffer.alloc(Math.min(KEPT_BYTES, size))
    const read = readSync(fd, kept, 0, kept.length, size - kept.length)
    const newest = kept.subarray(kept.indexOf('\n') + 1, read)
    const droppedBytes = size - newest.length
    ftruncateSync(fd, 0)
    writeSync(fd, Buffer.concat([Buffer.from(`… ${droppedBytes} bytes were dropped here\n`), newest]))
    return droppedBytes
  } finally {
    closeSync(fd)
  }
}

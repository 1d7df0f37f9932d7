/** What a watched file or folder holds, in one short text that changes when it does. */
import { createHash } from 'node:crypto'
import { closeSync, constants, fstatSync, openSync, readdirSync, readSync, realpathSync, statSync } from 'node:fs'
import { dirname, isAbsolute, join, resolve, sep } from 'node:path'

/** Of a larger file size and time of change count instead of its content, in bytes. */
const LARGEST = 16 * 1_048_576
const PIECE = 256 * 1_024

/** A hash of a file's content, or of the names, sizes and times in a folder; `missing` where there is nothing, `unreadable` where it may not be read. */
export function contentOf(path: string): string {
  try {
    const found = statSync(path, { throwIfNoEntry: false })
    if (!found) return 'missing'
    return found.isDirectory() ? folderHash(path) : fileHash(path)
  } catch {
    return 'unreadable'
  }
}

function fileHash(path: string): string {
  // Not blocking: a pipe without a writer must not hold the agent.
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const { size, mtimeMs } = fstatSync(fd)
    const hash = createHash('sha256')
    if (!fstatSync(fd).isFile() || size > LARGEST) return hash.update(`${size}:${mtimeMs}`).digest('hex')
    const piece = Buffer.alloc(PIECE)
    for (let read = readSync(fd, piece); read > 0; read = readSync(fd, piece)) hash.update(piece.subarray(0, read))
    return hash.digest('hex')
  } finally {
    closeSync(fd)
  }
}

function folderHash(path: string): string {
  const hash = createHash('sha256')
  for (const name of readdirSync(path).toSorted()) {
    const entry = statSync(join(path, name), { throwIfNoEntry: false })
    hash.update(JSON.stringify([name, entry?.size, entry?.mtimeMs]))
  }
  return hash.digest('hex')
}

/** Says of a path whether it lies in one of these folders, links followed; a path that is not there yet counts by the folder that is. */
export function watchableIn(folders: readonly string[]): (path: string) => boolean {
  return (path) => {
    if (!isAbsolute(path) || path.includes('\0')) return false
    const real = realOf(resolve(path))
    return folders.map(realOf).some((folder) => real === folder || real.startsWith(`${folder}${sep}`))
  }
}

function realOf(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    const above = dirname(path)
    return above === path ? path : join(realOf(above), path.slice(above.length).replace(/^[/\\]/, ''))
  }
}

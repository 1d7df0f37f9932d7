/** Looking at and changing files of ours without being led elsewhere by a link. */
import { chmodSync, closeSync, constants, fchmodSync, fstatSync, lstatSync, openSync, type Stats } from 'node:fs'

/** What lies at a path itself (links are not followed); undefined where nothing does. */
export function lookAt(path: string): Stats | undefined {
  try {
    return lstatSync(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw error
  }
}

/** Names one file of a disk, however it is called: `<device>:<inode>`. */
export function fileId(stats: Pick<Stats, 'dev' | 'ino'>): string {
  return `${stats.dev}:${stats.ino}`
}

/** The permission bits of a file. */
export function modeBits(stats: Pick<Stats, 'mode'>): number {
  return stats.mode & 0o7777
}

/** Linux `O_PATH`: a handle on a file or folder that needs no permission to read it; node:fs does not name it. */
export const O_PATH = 0o10_000_000

/**
 * Sets the mode of exactly the file that was looked at: opened without following links, compared by device and inode, and changed
 * through the descriptor, so that nobody can put another file in its place in between.
 */
export function setModeOf(path: string, expectedId: string, mode: number): void {
  const isLinux = process.platform === 'linux'
  const fd = openSync(path, constants.O_NOFOLLOW | (isLinux ? O_PATH : constants.O_RDONLY | constants.O_NONBLOCK))
  try {
    if (fileId(fstatSync(fd)) !== expectedId) throw new Error('the file was replaced while it was looked at')
    // fchmod refuses such handles; the name of the handle leads to the very same file.
    if (isLinux) chmodSync(`/proc/self/fd/${fd}`, mode)
    else fchmodSync(fd, mode)
  } finally {
    closeSync(fd)
  }
}

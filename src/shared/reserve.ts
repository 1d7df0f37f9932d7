/**
 * The reserve for a full disk: 8 MiB in one file, and inodes in a folder of empty ones. A disk runs out of either, and then nothing can be
 * written, not even what is wrong. Needs node: built-ins only.
 */
import { lstatSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { HomePaths } from './paths.ts'

/** Size of `data/.reserve` in bytes: room for both databases to go on writing while somebody clears up. */
export const RESERVE_BYTES = 8 * 1_024 * 1_024

/** How many empty files are held back: a repair with its lock, folder and journal, an alert and a start together need about 20. */
export const RESERVE_INODES = 64

/** The files that hold the inodes. */
export function inodeFiles({ reserveInodes }: Pick<HomePaths, 'reserveInodes'>): string[] {
  return Array.from({ length: RESERVE_INODES }, (_, number) => join(reserveInodes, `${number}`))
}

/** True when all of it is in its place. */
export function isReserveWhole({ reserve, reserveInodes }: Pick<HomePaths, 'reserve' | 'reserveInodes'>): boolean {
  try {
    return statSync(reserve).size === RESERVE_BYTES && readdirSync(reserveInodes).length === RESERVE_INODES
  } catch {
    return false
  }
}

/** Writes; on a full disk the reserve is given up first. What is still too much then is thrown. */
export function writeWithReserve<T>(paths: Pick<HomePaths, 'reserve' | 'reserveInodes'>, write: () => T): T {
  try {
    return write()
  } catch (error) {
    if (!isNoRoom(error)) throw error
    rmSync(paths.reserve, { force: true })
    // Never through a link that somebody has put in its place.
    if (lstatSync(paths.reserveInodes, { throwIfNoEntry: false })?.isDirectory()) {
      for (const path of inodeFiles(paths)) rmSync(path, { force: true })
    }
    return write()
  }
}

/** The words of the file system and of SQLite for it. */
function isNoRoom(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'SQLITE_FULL'].includes(String((error as { code?: unknown } | null)?.code))
}

import { rmSync } from 'node:fs'
import type { HomePaths } from './paths.ts'

/** Full disk, as the system and as SQLite say it. */
const FULL: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'SQLITE_FULL'])

/** Writes; on a full disk the reserve is given up and it is written once more. What a person must know comes before what is kept for later. */
export function withReserve<T>(paths: Pick<HomePaths, 'reserve'>, write: () => T): T {
  try {
    return write()
  } catch (error) {
    if (!FULL.has((error as NodeJS.ErrnoException).code)) throw error
    rmSync(paths.reserve, { force: true })
    return write()
  }
}

import { closeSync, openSync, readSync } from 'node:fs'

/** The first 16 bytes of every SQLite database (https://sqlite.org/fileformat.html, 1.3). */
const MAGIC = 'SQLite format 3\0'
const CHECK_EVERY_MS = 1_000

/** True for an error by which SQLite says that the file itself is damaged. */
export function isCorruption(error: unknown): boolean {
  const code = String((error as { code?: unknown } | null)?.code ?? '')
  return code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT')
}

/** True for an error that says nothing of the file, only that there is no room to write. */
export function isDiskFull(error: unknown): boolean {
  return ['SQLITE_FULL', 'SQLITE_IOERR_SHMSIZE'].includes(String((error as { code?: unknown } | null)?.code ?? ''))
}

/**
 * Looks at the head of the database file each second, because SQLite may serve from its cache for hours.
 * A file that is gone or has another head is told once to `onDamage`. A file that cannot be read now (full table of open files) is no news.
 */
export function watchDatabaseFile(file: string, onDamage: (reason: string) => void): () => void {
  const timer = setInterval(() => {
    const damage = findDamage(file)
    if (damage) onDamage(damage)
  }, CHECK_EVERY_MS)
  return () => clearInterval(timer)
}

/** What is wrong with the head of a database file, or undefined. */
export function findDamage(file: string): string | undefined {
  try {
    const fd = openSync(file, 'r')
    try {
      const bytes = Buffer.alloc(MAGIC.length)
      const bytesRead = readSync(fd, bytes, 0, MAGIC.length, 0)
      const head = bytes.toString('latin1', 0, bytesRead)
      // An empty file is a new database whose first page still lies in the WAL.
      return head === MAGIC || bytesRead === 0 ? undefined : 'the file does not begin as a database does'
    } finally {
      closeSync(fd)
    }
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'the file is gone' : undefined
  }
}

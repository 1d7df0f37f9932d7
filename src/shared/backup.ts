/** Online backups of our databases: taken while they are in use, proved before they count, rotated. better-sqlite3 is loaded only when one is taken or looked at. */
import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { syncFolder } from './atomicFile.ts'

/** The new backup's file name, or why there is none; `code` as the system or SQLite has it (`ENOSPC`, `SQLITE_FULL`). */
export type BackupResult =
  | { readonly ok: true; readonly name: string }
  | { readonly ok: false; readonly reason: string; readonly code?: string | undefined }

/** What a backup needs to know. Plain data: it may be handed to a worker thread. */
export type BackupOrder = {
  readonly dbPath: string
  readonly backupsDir: string
  /** How many backups of this database are kept. */
  readonly keep: number
  /** ISO 8601, UTC: names the file. */
  readonly at: string
}

/**
 * Takes a backup `<database>-<time>.db`, checks every page of it, and removes the oldest ones beyond `keep`.
 * A half-taken one never has that name. Proving a large database takes long: not for a thread that must beat.
 */
export async function backupDatabase({ dbPath, backupsDir, keep, at }: BackupOrder): Promise<BackupResult> {
  const stem = basename(dbPath, '.db')
  const name = `${stem}-${at.replace(/[:.]/g, '-')}.db`
  const half = join(backupsDir, `${name}.part`)
  try {
    mkdirSync(backupsDir, { recursive: true, mode: 0o700 })
    await copyOnline(dbPath, half)
    const complaint = await complaintOf(half, false)
    if (complaint) throw new Error(`the backup is not sound: ${complaint}`)
    chmodSync(half, 0o600)
    syncFile(half)
    renameSync(half, join(backupsDir, name))
    syncFolder(backupsDir)
    for (const old of listBackups(backupsDir, stem).slice(keep)) rmSync(join(backupsDir, old), { force: true })
    return { ok: true, name }
  } catch (error) {
    rmSync(half, { force: true })
    const { code } = error as NodeJS.ErrnoException
    return { ok: false, reason: error instanceof Error ? error.message : String(error), code }
  }
}

async function copyOnline(from: string, to: string): Promise<void> {
  const { default: Sqlite } = await import('better-sqlite3')
  const db = new Sqlite(from, { readonly: true, fileMustExist: true })
  try {
    await db.backup(to)
  } finally {
    db.close()
  }
}

/** Names of the backups of one database (`agent`, `watchdog`), newest first. */
export function listBackups(backupsDir: string, stem: string): string[] {
  const pattern = new RegExp(`^${stem}-\\d{4}-.*\\.db$`)
  try {
    return readdirSync(backupsDir)
      .filter((name) => pattern.test(name))
      .toSorted()
      .toReversed()
  } catch {
    return []
  }
}

/** Path of the newest backup that is sound; undefined when there is none. */
export async function newestSoundBackup(backupsDir: string, stem: string): Promise<string | undefined> {
  for (const name of listBackups(backupsDir, stem)) {
    const path = join(backupsDir, name)
    if ((await complaintOf(path, true)) === undefined) return path
  }
  return undefined
}

/** What SQLite says against a file. Where it may be written, it is made one plain file that needs no write-ahead log beside it. */
async function complaintOf(path: string, readonly: boolean): Promise<string | undefined> {
  const { default: Sqlite } = await import('better-sqlite3')
  try {
    const db = new Sqlite(path, { readonly, fileMustExist: true })
    try {
      if (!readonly) db.pragma('journal_mode = DELETE')
      const answer = String(db.pragma('quick_check(1)', { simple: true }))
      return answer === 'ok' ? undefined : answer
    } finally {
      db.close()
    }
  } catch (error) {
    // The disk is at fault, not the file.
    if ((error as NodeJS.ErrnoException).code === 'SQLITE_FULL') throw error
    return error instanceof Error ? error.message : String(error)
  }
}

function syncFile(path: string): void {
  const fd = openSync(path, 'r+')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

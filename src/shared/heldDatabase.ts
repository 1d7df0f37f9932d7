/**
 * A SQLite database of another process, held open for reading only. What cannot be read (missing, locked, half migrated, corrupt) is a value with its
 * reason; the next look tries anew. A file that was replaced is opened anew: an old connection would show the past for ever.
 */
import { statSync } from 'node:fs'
import Database from 'better-sqlite3'
import { monotonicMs } from './clock.ts'
import type { Reading } from './watchdogReader.ts'

/** Looks into an open database. Statements are prepared once for each text. */
export type Look = {
  readonly all: <Row>(sql: string, ...values: readonly unknown[]) => Row[]
  readonly get: <Row>(sql: string, ...values: readonly unknown[]) => Row | undefined
  /** What `make` builds over the open database: once for each connection and each `make`. */
  readonly prepared: <T>(make: (database: Database.Database) => T) => T
}

/** The database. */
export type HeldDatabase = {
  /** Never throws. */
  readonly read: <T>(look: (database: Look) => T) => Reading<T>
  /** Another text whenever the content may have changed; empty while it cannot be opened. */
  readonly version: () => string
  readonly close: () => void
}

/** The reason of a reading where there is no file. */
export const MISSING = 'there is no such file'

/** A statement waits so long for a lock: the loop of this process stands still meanwhile, in milliseconds. */
const BUSY_MS = 50
/** A database that was locked is left alone for so long, in milliseconds. */
const LOCKED_PAUSE_MS = 500

type Held = {
  readonly database: Database.Database
  readonly look: Look
  /** Device and inode: names the file that was opened, whatever is there now. */
  readonly file: string
  readonly opening: number
}

/** Holds the file; nothing is opened before the first look. */
export function holdDatabase(path: string): HeldDatabase {
  let held: Held | undefined
  let openings = 0
  let locked: { readonly reason: string; readonly untilMonoMs: number } | undefined

  const close = () => {
    held?.database.close()
    held = undefined
  }
  const open = (): Held | undefined => {
    const stats = statSync(path, { throwIfNoEntry: false })
    const file = stats && `${stats.dev}:${stats.ino}`
    if (held && held.file !== file) close()
    if (file === undefined) return undefined
    held ??= openHeld(path, file, ++openings)
    return held
  }
  const failed = (error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error)
    const code = (error as { code?: unknown } | null)?.code
    // A table that is missing is no fault of the connection.
    if (code !== 'SQLITE_ERROR') close()
    if (code === 'SQLITE_BUSY') locked = { reason, untilMonoMs: monotonicMs() + LOCKED_PAUSE_MS }
    return { ok: false, reason } as const
  }
  const read: HeldDatabase['read'] = (look) => {
    if (locked && monotonicMs() < locked.untilMonoMs) return { ok: false, reason: locked.reason }
    locked = undefined
    try {
      const current = open()
      return current ? { ok: true, value: look(current.look) } : { ok: false, reason: MISSING }
    } catch (error) {
      return failed(error)
    }
  }
  return {
    read,
    version: () => {
      const found = read(({ get }) => get<{ data_version: number }>('PRAGMA data_version')?.data_version)
      return found.ok && held ? `${held.file}:${held.opening}:${found.value}` : ''
    },
    close,
  }
}

function openHeld(path: string, file: string, opening: number): Held {
  const database = new Database(path, { readonly: true, fileMustExist: true, timeout: BUSY_MS })
  const statements = new Map<string, Database.Statement<unknown[]>>()
  const made = new Map<unknown, unknown>()
  const prepare = (sql: string) => {
    const known = statements.get(sql) ?? database.prepare<unknown[]>(sql)
    statements.set(sql, known)
    return known
  }
  const look: Look = {
    all: <Row>(sql: string, ...values: readonly unknown[]) => prepare(sql).all(...values) as Row[],
    get: <Row>(sql: string, ...values: readonly unknown[]) => prepare(sql).get(...values) as Row | undefined,
    prepared: <T>(make: (from: Database.Database) => T) => {
      if (!made.has(make)) made.set(make, make(database))
      return made.get(make) as T
    },
  }
  return { database, look, file, opening }
}

/** Is a database sound? Looks only, by SQLite itself; better-sqlite3 is loaded here and not before (see `action.ts`). */
import { closeSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import type Database from 'better-sqlite3'
import type { HomePaths } from '../../shared/paths.ts'
import { readSmallJson } from '../../shared/smallFile.ts'
import { lookAt } from '../fileState.ts'

/** The databases by name. */
export const DATABASES = ['agent', 'watchdog'] as const
export type DatabaseName = (typeof DATABASES)[number]

/** The table whose rows are numbered without gaps: the journal of the agent. */
export const JOURNAL_TABLE = 'events'

/** The files of one database: itself, and what SQLite keeps beside it. They always move together. */
export const COMPANIONS = ['', '-wal', '-shm'] as const

/** `quick` reads the schema and the end of the journal; `pages` every page; `full` every page and index. */
export type InspectDepth = 'quick' | 'pages' | 'full'

/** What was found. `headSeq` is the number of the last event, or null in a database without a journal. */
export type DatabaseFacts =
  | { readonly state: 'missing' }
  | { readonly state: 'sound'; readonly headSeq: number | null }
  | { readonly state: 'corrupt'; readonly detail: string }
  /** It could not be opened or read for a reason that says nothing of its content: rights, a lock, the disk. */
  | { readonly state: 'closed'; readonly detail: string }

/** Where a database lies. */
export function databasePath(paths: HomePaths, name: DatabaseName): string {
  return name === 'agent' ? paths.agentDb : paths.watchdogDb
}

/** Opens a database for reading. Never creates one. */
export async function openReadonly(path: string): Promise<Database.Database> {
  const { default: Sqlite } = await import('better-sqlite3')
  return new Sqlite(path, { readonly: true, fileMustExist: true, timeout: 1_000 })
}

/** Looks at a database. Nothing is changed; a write-ahead log beside it is read along. */
export async function inspectDatabase(path: string, depth: InspectDepth): Promise<DatabaseFacts> {
  if (!lookAt(path)) {
    return lookAt(`${path}-wal`)
      ? { state: 'corrupt', detail: 'the file is gone and its write-ahead log is still there' }
      : { state: 'missing' }
  }
  let db: Database.Database | undefined
  try {
    // A write-ahead log that holds page 1 hides a broken one: SQLite then never looks at it, until the log is gone.
    if (!beginsAsDatabase(path)) return { state: 'corrupt', detail: 'the file does not begin as a database does' }
    db = await openReadonly(path)
    return inspectOpen(db, depth)
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    const isContent = code.startsWith('SQLITE_CORRUPT') || code.startsWith('SQLITE_NOTADB')
    return { state: isContent ? 'corrupt' : 'closed', detail: message }
  } finally {
    db?.close()
  }
}

/** The first 16 bytes of every SQLite database (https://sqlite.org/fileformat.html, 1.3). An empty file is a new one. */
const MAGIC = 'SQLite format 3\0'

function beginsAsDatabase(path: string): boolean {
  const head = Buffer.alloc(MAGIC.length)
  const fd = openSync(path, 'r')
  try {
    const length = readSync(fd, head, 0, MAGIC.length, 0)
    return length === 0 || head.toString('latin1', 0, length) === MAGIC
  } finally {
    closeSync(fd)
  }
}

function inspectOpen(db: Database.Database, depth: InspectDepth): DatabaseFacts {
  db.prepare('SELECT count(*) FROM sqlite_master').get()
  if (depth !== 'quick') {
    const answers = db.pragma(depth === 'pages' ? 'quick_check(3)' : 'integrity_check(3)') as Record<string, string>[]
    const complaints = answers.flatMap((answer) => Object.values(answer)).filter((answer) => answer !== 'ok')
    if (complaints.length > 0)
      return { state: 'corrupt', detail: complaints.join('; ').replace(/\s+/g, ' ').slice(0, 200) }
  }
  return { state: 'sound', headSeq: readHeadSeq(db) }
}

/** The highest event number that was ever given out, or null where there is no journal. */
export function readHeadSeq(db: Database.Database): number | null {
  const tables = db.prepare("SELECT name, sql FROM sqlite_master WHERE type = 'table'").all() as {
    name: string
    sql: string | null
  }[]
  if (!tables.some(({ name, sql }) => name === JOURNAL_TABLE && /\bseq\b/i.test(sql ?? ''))) return null
  const { last } = db.prepare(`SELECT max(seq) AS last FROM ${JOURNAL_TABLE}`).get() as { last: number | null }
  return Math.max(
    last ?? 0,
    readGivenOut(
      db,
      tables.map(({ name }) => name),
    ) ?? 0,
  )
}

/** The last number that SQLite gave out for an event; undefined where there is no counter yet. */
export function readGivenOut(db: Database.Database, tables: readonly string[]): number | undefined {
  if (!tables.includes('sqlite_sequence')) return undefined
  return db.prepare('SELECT seq FROM sqlite_sequence WHERE name = ?').pluck().get(JOURNAL_TABLE) as number | undefined
}

/** The last event that the agent had acknowledged, as the watchdog wrote it down; 0 where nobody did. A witness against a cut journal. */
export function readWitness(paths: HomePaths): number {
  const value = readSmallJson(join(paths.data, 'journal-witness.json'))
  const seq = typeof value === 'object' && value !== null ? (value as { seq?: unknown }).seq : undefined
  return typeof seq === 'number' && Number.isSafeInteger(seq) && seq > 0 ? seq : 0
}

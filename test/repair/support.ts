/** Temporary homes, and what lies in them. */
import { createHash } from 'node:crypto'
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import Sqlite from 'better-sqlite3'
import { folderPath, OWN_FOLDERS } from '../../src/repair/ownFiles.ts'
import { bootId, monotonicMs } from '../../src/shared/clock.ts'
import type { DiskRoom } from '../../src/shared/diskRoom.ts'
import { type HomePaths, homePaths } from '../../src/shared/paths.ts'

const made: string[] = []

// A bench uses this file as well, and clears away by itself.
if (process.env['VITEST']) (await import('vitest')).afterEach(removeTemporary)

/** Removes everything that was made here. */
export function removeTemporary(): void {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true })
}

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'ottugi-repair-')))
  made.push(folder)
  return folder
}

/** A home with all of its folders, and nothing in them. */
export function temporaryHome(): HomePaths {
  const paths = homePaths(temporaryFolder())
  for (const path of [paths.data, paths.run]) mkdirSync(path, { mode: 0o700 })
  for (const folder of OWN_FOLDERS) mkdirSync(folderPath(paths, folder), { mode: 0o700 })
  return paths
}

/** Free room that is not the machine's own. */
export function roomOf(freeMb: number): () => DiskRoom {
  const freeBytes = freeMb * 1_024 * 1_024
  return () => ({ freeBytes, freeInodes: 100_000, isLow: freeMb < 64, isFull: freeMb < 24 })
}

/** What belongs to the hands themselves, and SQLite's scratch memory. */
const NOT_COMPARED = [
  /^data\/repairs(?:\.journal.*)?$/,
  /^data\/repairs\//,
  /^run\/repair\.lock/,
  /-shm$/,
  /^data\/boots\.jsonl$/,
]
const FALLBACK_PORT = /(?<=\n {4}"port": )\d+/g
const TIMES = /\d{4}-\d\d-\d\dT\d\d[-:]\d\d[-:]\d\d[-.]\d{3}Z(?:-[0-9a-f]{6})?/g

/** Every file and folder below, with mode and content; moments in names and texts are all the same one. */
export function treeOf(root: string): Record<string, string> {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true }).map((entry) => {
    const path = join(entry.parentPath, entry.name)
    return { path, name: relative(root, path), isFolder: entry.isDirectory() }
  })
  return Object.fromEntries(
    entries
      // Whoever opens a sound database leaves an empty log beside it.
      .filter(({ path, name }) => !(name.endsWith('-wal') && statSync(path).size === 0))
      .filter(({ name }) => !NOT_COMPARED.some((pattern) => pattern.test(name)))
      .map(({ path, name, isFolder }) => [
        name.replace(TIMES, 'TIME'),
        `${(statSync(path).mode & 0o7777).toString(8)} ${isFolder ? 'folder' : contentOf(path)}`,
      ])
      .toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1)),
  )
}

function contentOf(path: string): string {
  const bytes = readFileSync(path)
  const isText = !bytes.subarray(0, 512).includes(0)
  const content = isText
    ? bytes
        .toString('utf8')
        .replace(TIMES, 'TIME')
        .replace(/"(seq|monoMs|sinceMonoMs|untilMonoMs)": ?[\d.]+/g, '')
        // Which port above a taken one is free changes from one moment to the next on a busy machine.
        .replace(FALLBACK_PORT, '')
    : bytes
  return createHash('sha256').update(content).digest('hex').slice(0, 16)
}

/** Makes a journal database like the agent's, with `count` events. */
export function makeDatabase(path: string, count: number): void {
  const db = new Sqlite(path)
  db.pragma('journal_mode = WAL')
  db.exec(`CREATE TABLE IF NOT EXISTS events (seq INTEGER PRIMARY KEY AUTOINCREMENT, run TEXT, session TEXT, type TEXT, at TEXT, data TEXT);
    CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value INTEGER);
    CREATE INDEX IF NOT EXISTS events_by_run ON events (run)`)
  addEvents(db, count)
  db.prepare('INSERT OR REPLACE INTO notes VALUES (?, ?)').run('events', count)
  db.close()
}

/** Adds events of about 200 bytes. */
export function addEvents(db: Sqlite.Database, count: number): void {
  const insert = db.prepare('INSERT INTO events (run, session, type, at, data) VALUES (?, ?, ?, ?, ?)')
  db.transaction(() => {
    for (let index = 0; index < count; index++)
      insert.run(`r${index % 7}`, 's1', 'message', '2026-01-01T00:00:00Z', JSON.stringify({ text: 'x'.repeat(140) }))
  })()
}

/** The one moment before which all that is written happened, so that two homes that are prepared alike are alike. */
const BEGAN = { ms: Date.now(), monoMs: monotonicMs() }

/** A life of the agent that is over: when it began and ended before now, in milliseconds, and its last word. `ended: false` leaves the end unsaid. */
export type PastLife = {
  readonly from: number
  readonly to: number
  readonly code?: number | null
  readonly reason?: string
  readonly planned?: boolean
  readonly ended?: boolean
  readonly bootId?: string
}

/** Writes lives of the agent into the boot ledger, oldest first. Their process ids belong to nobody. */
export function writeLives(paths: HomePaths, lives: readonly PastLife[]): void {
  const lines = lives.flatMap(({ from, to, ended = true, ...life }, index) => {
    const who = { app: 'agent', pid: 4_194_100 + index, startTicks: 1, nonce: `life-${index}` }
    const at = (agoMs: number) => ({ monoMs: BEGAN.monoMs - agoMs, at: new Date(BEGAN.ms - agoMs).toISOString() })
    const base = { ...who, bootId: life.bootId ?? bootId() }
    const { code = null, reason = 'vanished', planned = false } = life
    const start = { ...base, ...at(from), kind: 'start' }
    return ended ? [start, { ...base, ...at(to), kind: 'end', code, reason, planned }] : [start]
  })
  appendFileSync(paths.boots, lines.map((line) => `${JSON.stringify(line)}\n`).join(''), { mode: 0o600 })
}

/** Adds events of one run, each so many milliseconds before now. */
export function writeRun(
  path: string,
  run: string,
  session: string,
  events: readonly (readonly [string, number])[],
): void {
  const db = new Sqlite(path)
  const insert = db.prepare('INSERT INTO events (run, session, type, at, data) VALUES (?, ?, ?, ?, ?)')
  for (const [type, agoMs] of events) insert.run(run, session, type, new Date(BEGAN.ms - agoMs).toISOString(), '{}')
  db.close()
}

/** The numbers of the events in a database. */
export function eventsIn(path: string): number[] {
  const db = new Sqlite(path, { readonly: true })
  try {
    return db.prepare('SELECT seq FROM events ORDER BY seq').pluck().all() as number[]
  } finally {
    db.close()
  }
}

/** `data/watchdog.db`: what the watchdog remembers. It alone writes it; everybody else opens it read-only. */

import { chmodSync } from 'node:fs'
import Database from 'better-sqlite3'
import { ALERT_SCHEMA } from '../alert/outbox.ts'
import { bootId } from '../shared/clock.ts'
import type { Incident } from '../shared/incident.ts'
import type { RecoveryResult } from '../shared/recoveryResult.ts'
import { METRICS_SCHEMA } from './metrics/schema.ts'
import type { Watch } from './watch.ts'

const MIGRATIONS = [
  `CREATE TABLE state (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
   CREATE TABLE incidents (id TEXT PRIMARY KEY, opened_at TEXT NOT NULL, closed_at TEXT, record TEXT NOT NULL) STRICT;
   CREATE INDEX incidents_by_time ON incidents (opened_at);`,
  `CREATE TABLE recoveries (incident TEXT NOT NULL, at TEXT NOT NULL, record TEXT NOT NULL, PRIMARY KEY (incident, at)) STRICT;`,
  ALERT_SCHEMA,
  METRICS_SCHEMA,
]

/** How many closed incidents are kept. */
const MAX_INCIDENTS = 5_000

export type WatchStore = {
  /** The watch of this boot of the machine; undefined when there is none or it is from another boot, whose clock means nothing now. */
  readonly loadWatch: () => { readonly watch: Watch; readonly isSameBoot: boolean } | undefined
  readonly saveWatch: (watch: Watch) => void
  readonly saveIncident: (incident: Incident) => void
  readonly incident: (id: string) => Incident | undefined
  /** Keeps what one run of recovery came to, with its incident. */
  readonly saveRecovery: (incident: string, at: string, result: RecoveryResult) => void
  /** All kept incidents whose name begins with this letter. */
  readonly incidentsOf: (letter: string) => Incident[]
  /** The open database itself, for the alert outbox, which lives in the same file. */
  readonly database: Database.Database
  readonly backup: (path: string) => Promise<unknown>
  readonly close: () => void
}

/** Opens (and migrates) the database. Throws when it is damaged: the caller has the guardian restore it. */
export function openWatchStore(path: string): WatchStore {
  const db = new Database(path)
  try {
    return prepare(db, path)
  } catch (error) {
    db.close()
    throw error
  }
}

function prepare(db: Database.Database, path: string): WatchStore {
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = NORMAL')
  db.pragma('busy_timeout = 1000')
  chmodSync(path, 0o600)
  migrate(db)
  const readState = db.prepare<[], { value: string }>("SELECT value FROM state WHERE key = 'watch'")
  const writeState = db.prepare(
    "INSERT INTO state (key, value) VALUES ('watch', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
  )
  const readIncident = db.prepare<[string], { record: string }>('SELECT record FROM incidents WHERE id = ?')
  const readByLetter = db.prepare<[string], { record: string }>('SELECT record FROM incidents WHERE id LIKE ?')
  const writeIncident = db.prepare(
    `INSERT INTO incidents (id, opened_at, closed_at, record) VALUES (?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET closed_at = excluded.closed_at, record = excluded.record`,
  )
  const prune = db.prepare(
    'DELETE FROM incidents WHERE id IN (SELECT id FROM incidents ORDER BY opened_at DESC LIMIT -1 OFFSET ?)',
  )
  const writeRecovery = db.prepare('INSERT OR REPLACE INTO recoveries (incident, at, record) VALUES (?, ?, ?)')
  const pruneRecoveries = db.prepare('DELETE FROM recoveries WHERE incident NOT IN (SELECT id FROM incidents)')
  return {
    loadWatch() {
      const row = readState.get()
      const stored = row ? (JSON.parse(row.value) as { bootId: string; watch: Watch }) : undefined
      return stored && { watch: stored.watch, isSameBoot: stored.bootId === bootId() }
    },
    saveWatch: (watch) =>
      void writeState.run(JSON.stringify({ bootId: bootId(), savedAt: new Date().toISOString(), watch })),
    saveIncident(incident) {
      writeIncident.run(incident.id, incident.openedAt, incident.closedAt, JSON.stringify(incident))
      prune.run(MAX_INCIDENTS)
    },
    incident(id) {
      const row = readIncident.get(id)
      return row && (JSON.parse(row.record) as Incident)
    },
    saveRecovery(incident, at, result) {
      writeRecovery.run(incident, at, JSON.stringify(result))
      pruneRecoveries.run()
    },
    incidentsOf: (letter) => readByLetter.all(`${letter}%`).map((row) => JSON.parse(row.record) as Incident),
    database: db,
    backup: (target) => db.backup(target),
    close: () => void db.close(),
  }
}

function migrate(db: Database.Database): void {
  const version = db.pragma('user_version', { simple: true }) as number
  if (version > MIGRATIONS.length)
    throw new Error(`watchdog.db has schema ${version}, expected at most ${MIGRATIONS.length}: it is of a newer Ottugi`)
  db.transaction(() => {
    for (const sql of MIGRATIONS.slice(version)) db.exec(sql)
    db.pragma(`user_version = ${MIGRATIONS.length}`)
  })()
}

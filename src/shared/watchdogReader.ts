/** Read-only look into `data/watchdog.db`, for everybody but the watchdog. What cannot be read is said, never guessed. */
import { existsSync } from 'node:fs'
import Database from 'better-sqlite3'
import { bootId, monotonicMs } from './clock.ts'
import type { Incident } from './incident.ts'
import type { RecoveryResult } from './recoveryResult.ts'

/** The watch as others may know it. `sinceMs` is its age, or null when it is of another boot of the machine. */
export type WatchSummary = {
  readonly name: string
  readonly sinceMs: number | null
  readonly degraded: readonly string[]
  readonly incidentId: string | null
  readonly until: number | null
}

/** One run of recovery, and when it ended. */
export type KeptRecovery = RecoveryResult & { readonly at: string }

/** What was read, or why it could not be. */
export type Reading<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string }

/** The stored state of the watch; undefined inside when the watchdog has not written one yet. */
export function readWatch(file: string): Reading<WatchSummary | undefined> {
  return reading(file, undefined, (db) => {
    const row = db.prepare<[], { value: string }>("SELECT value FROM state WHERE key = 'watch'").get()
    return row && summariseWatch(row.value)
  })
}

type StoredWatch = {
  readonly bootId: string
  readonly watch: {
    readonly state: { readonly name: string; readonly since: number; readonly until?: number }
    readonly degraded?: readonly string[]
    readonly incident: { readonly id: number } | null
  }
}

/** What others may know of the watch, out of the text that the watchdog stored. */
export function summariseWatch(text: string): WatchSummary {
  const stored = JSON.parse(text) as StoredWatch
  const { state, incident } = stored.watch
  const sinceMs = stored.bootId === bootId() ? Math.max(0, monotonicMs() - state.since) : null
  return {
    name: state.name,
    sinceMs,
    degraded: stored.watch.degraded ?? [],
    incidentId: incident ? `I${incident.id}` : null,
    until: state.until ?? null,
  }
}

/** The newest incidents first, at most `limit`. */
export function readIncidents(file: string, limit: number): Reading<Incident[]> {
  return reading(file, [], (db) =>
    db
      .prepare<[number], { record: string }>('SELECT record FROM incidents ORDER BY opened_at DESC, rowid DESC LIMIT ?')
      .all(limit)
      .map((row) => JSON.parse(row.record) as Incident),
  )
}

/** One incident by its name (`I7`, in any case). */
export function readIncident(file: string, id: string): Reading<Incident | undefined> {
  return reading(file, undefined, (db) => {
    const row = db
      .prepare<[string], { record: string }>('SELECT record FROM incidents WHERE id = ?')
      .get(id.toUpperCase())
    return row && (JSON.parse(row.record) as Incident)
  })
}

/** What recovery did about one incident, oldest first; none in a database that is older than recovery. */
export function readRecoveries(file: string, incident: string): Reading<KeptRecovery[]> {
  return reading(file, [], (db) => {
    if (db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'recoveries'").get() === undefined) return []
    return db
      .prepare<[string], { at: string; record: string }>(
        'SELECT at, record FROM recoveries WHERE incident = ? ORDER BY at',
      )
      .all(incident)
      .map(({ at, record }) => ({ at, ...(JSON.parse(record) as RecoveryResult) }))
  })
}

function reading<T>(file: string, whenMissing: T, read: (db: Database.Database) => T): Reading<T> {
  if (!existsSync(file)) return { ok: true, value: whenMissing }
  let db: Database.Database | undefined
  try {
    db = new Database(file, { readonly: true, fileMustExist: true, timeout: 500 })
    return { ok: true, value: read(db) }
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) }
  } finally {
    db?.close()
  }
}

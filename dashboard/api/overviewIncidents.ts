/** What the first screen tells of incidents. */
import type { Look } from '../../src/shared/heldDatabase.ts'
import type { Incident } from '../../src/shared/incident.ts'
import { summariseWatch, type WatchSummary } from '../../src/shared/watchdogReader.ts'
import type { RecoveryFigures } from '../contract.ts'

/** The window of the rate of healing, in days. */
export const RECOVERY_DAYS = 30
const DAY_MS = 86_400_000

/** Of {@link RECOVERY_DAYS}. */
export type Healing = Pick<RecoveryFigures, 'healed' | 'of' | 'mttrMs'>

/** The watch as it was stored last; undefined before the first time. */
export function watchIn(database: Look): WatchSummary | undefined {
  const row = database.get<{ value: string }>("SELECT value FROM state WHERE key = 'watch'")
  return row && summariseWatch(row.value)
}

/** The newest first, at most `limit`; one whose record is no JSON is left out. */
export function newestIncidents(database: Look, limit: number): Incident[] {
  const sql = 'SELECT record FROM incidents ORDER BY opened_at DESC, rowid DESC LIMIT ?'
  return database.all<{ record: string }>(sql, limit).flatMap(({ record }) => incidentOf(record) ?? [])
}

/** Those that are not over, the newest first. */
export function openIncidents(database: Look): Incident[] {
  const sql = 'SELECT record FROM incidents WHERE closed_at IS NULL ORDER BY opened_at DESC LIMIT 20'
  return database.all<{ record: string }>(sql).flatMap(({ record }) => incidentOf(record) ?? [])
}

/** An incident out of its record; undefined where the record is broken. */
export function incidentOf(record: string): Incident | undefined {
  try {
    return JSON.parse(record) as Incident
  } catch {
    return undefined
  }
}

/** How many of the incidents that are over were healed, and how fast. */
export function healingSince(database: Look, nowMs: number): Healing {
  const sql = `SELECT count(*) AS closed,
      coalesce(sum(json_extract(record, '$.outcome') = 'healed'), 0) AS healed,
      avg(CASE json_extract(record, '$.outcome') WHEN 'healed' THEN json_extract(record, '$.downMs') END) AS mttr
    FROM incidents WHERE opened_at >= ? AND closed_at IS NOT NULL AND json_valid(record)`
  const from = new Date(nowMs - RECOVERY_DAYS * DAY_MS).toISOString()
  const row = database.get<{ closed: number; healed: number; mttr: number | null }>(sql, from)
  return { healed: row?.healed ?? 0, of: row?.closed ?? 0, mttrMs: row?.mttr ?? null }
}

/** Which rows of our databases are not needed any more. Counting and removing go by the same words, so that a dry run says what would happen. */
import type Database from 'better-sqlite3'

/** What can be cleared out of the databases. */
export const ROW_AREAS = ['sessions', 'costs', 'incidents', 'alerts', 'metrics'] as const
/** One of them. */
export type RowArea = (typeof ROW_AREAS)[number]

/** What the agent keeps; the rest is the watchdog's. */
export const AGENT_AREAS: readonly RowArea[] = ['sessions', 'costs']

/** By area: what is older than this moment (ISO 8601, UTC) goes; a missing one stays. */
export type Cutoffs = Readonly<Partial<Record<RowArea, string>>>

/** ISO 8601, UTC. */
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/

/** How many rows of each area are, or were, removed. Sessions count as sessions. */
export type RowCounts = Readonly<Partial<Record<RowArea, number>>>

type Rule = { readonly area: RowArea; readonly table: string; readonly where: string }

/** A call is not counted any more when its run has ended; an unfinished one still has its budget. */
const HAS_ENDED =
  "run NOT IN (SELECT run FROM leases) AND EXISTS (SELECT 1 FROM events WHERE events.run = costs.run AND type = 'run_ended')"
const IS_GONE = 'NOT EXISTS (SELECT 1 FROM events WHERE events.run = costs.run)'

const AGENT_RULES: readonly Rule[] = [
  { area: 'costs', table: 'costs', where: `at < :before AND ((${HAS_ENDED}) OR ${IS_GONE})` },
]

const METRIC_TABLES = ['metric_seconds', 'metric_minutes', 'metric_hours', 'health_minutes', 'health_hours'] as const

/** A thread that is open may still get messages that refer to its first one. */
const WATCHDOG_RULES: readonly Rule[] = [
  { area: 'incidents', table: 'incidents', where: 'closed_at IS NOT NULL AND closed_at < :before' },
  { area: 'incidents', table: 'recoveries', where: 'incident NOT IN (SELECT id FROM incidents) AND at < :before' },
  {
    area: 'alerts',
    table: 'alert_messages',
    where: `state <> 'waiting' AND coalesce(ended_at, queued_at) < :before
      AND thread NOT IN (SELECT id FROM alert_threads WHERE closed_at IS NULL)`,
  },
  {
    area: 'alerts',
    table: 'alert_threads',
    where: 'closed_at IS NOT NULL AND closed_at < :before AND id NOT IN (SELECT thread FROM alert_messages)',
  },
  // Measurements have bounds of their own: they go only when a person clears them.
  ...METRIC_TABLES.map((table) => ({ area: 'metrics' as const, table, where: ':before IS NOT NULL' })),
]

/** Counts what would go; with `remove` it goes: each session in a step of its own, so that a living agent never waits long for its turn. */
export function sweepJournal(db: Database.Database, cutoffs: Cutoffs, remove: boolean): RowCounts {
  const before = cutoffs.sessions
  const sessions = before === undefined ? [] : oldSessions(db, before)
  const removeOne = db.transaction((session: string) => removeSession(db, session))
  if (remove) for (const session of sessions) removeOne.immediate(session)
  return {
    ...(before === undefined ? {} : { sessions: sessions.length }),
    ...sweepTables(db, AGENT_RULES, cutoffs, remove),
  }
}

/** The same for the database of the watchdog. */
export function sweepWatchdog(db: Database.Database, cutoffs: Cutoffs, remove: boolean): RowCounts {
  return sweepTables(db, WATCHDOG_RULES, cutoffs, remove)
}

function sweepTables(db: Database.Database, rules: readonly Rule[], cutoffs: Cutoffs, remove: boolean): RowCounts {
  const counts: Partial<Record<RowArea, number>> = {}
  const work = () => {
    for (const { area, table, where } of rules) {
      const before = cutoffs[area]
      if (before === undefined || !hasTable(db, table)) continue
      counts[area] = (counts[area] ?? 0) + sweepTable(db, `FROM ${table} WHERE ${where}`, before, remove)
    }
  }
  if (remove) db.transaction(work)()
  else work()
  return counts
}

function sweepTable(db: Database.Database, from: string, before: string, remove: boolean): number {
  if (remove) return db.prepare(`DELETE ${from}`).run({ before }).changes
  return (db.prepare(`SELECT count(*) AS rows ${from}`).get({ before }) as { rows: number }).rows
}

function hasTable(db: Database.Database, name: string): boolean {
  return db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(name) !== undefined
}

type Session = { readonly session: string; readonly isOld: number }

/** Sessions with a run that has not ended: they stay, however old. */
const BUSY = `SELECT session FROM events AS asked WHERE type = 'message_in'
  AND NOT EXISTS (SELECT 1 FROM events AS told WHERE told.run = asked.run AND told.type = 'run_ended')`
const BRANCHES = `SELECT session, json_extract(data, '$.from') AS origin FROM events
  WHERE type = 'session_changed' AND json_valid(data) AND json_extract(data, '$.do') = 'branch'`

/** Sessions in which nothing was said since, nor in any that is of the same tree: a branch shares the past and the budget of its origin. */
function oldSessions(db: Database.Database, before: string): string[] {
  if (!hasTable(db, 'events')) return []
  const rows = db
    .prepare<[string], Session>(
      `SELECT session, max(at) < ? AND session NOT IN (${BUSY}) AS isOld FROM events GROUP BY session`,
    )
    .all(before)
  const branches = db.prepare<[], { session: string; origin: string | null }>(BRANCHES).all()
  const kept = new Set(rows.filter(({ isOld }) => !isOld).map(({ session }) => session))
  for (let size = -1; size !== kept.size; ) {
    size = kept.size
    for (const { session, origin } of branches) {
      if (origin === null || kept.has(session) === kept.has(origin)) continue
      kept.add(session).add(origin)
    }
  }
  return rows.map(({ session }) => session).filter((session) => !kept.has(session))
}

function removeSession(db: Database.Database, session: string): void {
  if (hasTable(db, 'session_words'))
    db.prepare('DELETE FROM session_words WHERE rowid IN (SELECT seq FROM events WHERE session = ?)').run(session)
  db.prepare('DELETE FROM events WHERE session = ?').run(session)
}

/** The cutoffs in a value that came from outside: known areas with a moment each; undefined for anything else. */
export function readCutoffs(value: unknown, areas: readonly RowArea[]): Cutoffs | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const entries = Object.entries(value)
  const isMoment = (given: unknown) =>
    typeof given === 'string' && MOMENT.test(given) && !Number.isNaN(Date.parse(given))
  const isKnown = entries.every(([area, moment]) => areas.some((own) => own === area) && isMoment(moment))
  return isKnown ? (Object.fromEntries(entries) as Cutoffs) : undefined
}

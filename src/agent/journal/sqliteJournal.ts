import Database from 'better-sqlite3'
import type { RunEvent, RunEventBody } from './event.ts'
import type { Exchange, Journal, JournalTotals } from './journal.ts'
import { migrate } from './schema.ts'

/** How long a statement waits while another process writes (hand-over, backup), in milliseconds. */
const BUSY_MS = 2_000

type Row = { seq: number; run: string; session: string; type: string; at: string; data: string }

/** Opens (or makes) `agent.db`. WAL with `synchronous=FULL`: an event that was acknowledged is on the disk. */
export function openSqliteJournal(file: string): Journal {
  const database = new Database(file, { timeout: BUSY_MS })
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  migrate(database)
  const statements = prepare(database)
  const listeners = new Set<(event: RunEvent) => void>()

  return {
    append: (run, session, body) => {
      const at = new Date().toISOString()
      // `all` and not `get`: with RETURNING the row comes before the commit, and `get` ends there without a word when that fails (full disk).
      const [row] = statements.append.all(run, session, body.type, at, JSON.stringify(body.data))
      if (!row) return undefined
      const event: RunEvent = { seq: row.seq, run, session, at, ...body }
      for (const listener of listeners) listener(event)
      return event
    },
    eventsOfRun: (run) => statements.ofRun.all(run).map(toEvent),
    exchanges: (session, limit) => statements.exchanges.all(session, limit).toReversed(),
    eventsAfter: (seq, limit) => statements.after.all(seq, limit).map(toEvent),
    unfinishedRuns: () => statements.unfinished.all().map((row) => row.run),
    spentUsdSince: (at) => statements.spent.get(at)?.usd ?? 0,
    totals: () => totalsOf(statements),
    lastSeq: () => statements.lastSeq.get()?.seq ?? 0,
    onAppend: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: () => database.close(),
  }
}

function prepare(database: Database.Database) {
  return {
    append: database.prepare<[string, string, string, string, string], { seq: number }>(
      'INSERT INTO events (run, session, type, at, data) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING seq',
    ),
    ofRun: database.prepare<[string], Row>('SELECT * FROM events WHERE run = ? ORDER BY seq'),
    after: database.prepare<[number, number], Row>('SELECT * FROM events WHERE seq > ? ORDER BY seq LIMIT ?'),
    lastSeq: database.prepare<[], { seq: number }>('SELECT coalesce(max(seq), 0) AS seq FROM events'),
    unfinished: database.prepare<[], { run: string }>(
      `SELECT run FROM events AS asked WHERE type = 'message_in'
         AND NOT EXISTS (SELECT 1 FROM events WHERE run = asked.run AND type = 'run_ended') ORDER BY seq`,
    ),
    exchanges: database.prepare<[string, number], Exchange>(
      `SELECT json_extract(asked.data, '$.text') AS question, json_extract(told.data, '$.text') AS answer
         FROM events AS told JOIN events AS asked ON asked.run = told.run AND asked.type = 'message_in'
        WHERE told.session = ? AND told.type = 'model_answered' AND json_extract(told.data, '$.text') IS NOT NULL
        ORDER BY told.seq DESC LIMIT ?`,
    ),
    spent: database.prepare<[string], { usd: number }>(
      `SELECT coalesce(sum(json_extract(data, '$.costUsd')), 0) AS usd
         FROM events WHERE type = 'model_answered' AND at >= ?`,
    ),
    ends: database.prepare<[], { finish: string; count: number }>(
      `SELECT json_extract(data, '$.finish') AS finish, count(*) AS count
         FROM events WHERE type = 'run_ended' GROUP BY 1`,
    ),
    calls: database.prepare<[], { count: number; usd: number }>(
      `SELECT count(*) AS count, coalesce(sum(json_extract(data, '$.costUsd')), 0) AS usd
         FROM events WHERE type = 'model_answered'`,
    ),
  }
}

function totalsOf(statements: ReturnType<typeof prepare>): JournalTotals {
  const calls = statements.calls.get()
  return {
    runs: Object.fromEntries(statements.ends.all().map(({ finish, count }) => [finish, count])),
    modelCalls: calls?.count ?? 0,
    costUsd: calls?.usd ?? 0,
  }
}

function toEvent(row: Row): RunEvent {
  const body = { type: row.type, data: JSON.parse(row.data) } as RunEventBody
  return { seq: row.seq, run: row.run, session: row.session, at: row.at, ...body }
}

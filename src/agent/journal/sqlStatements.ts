/** The SQL of the journal. But for reading JSON it is what SQLite and PostgreSQL share; times are parameters. */
import type Database from 'better-sqlite3'
import { type Prepare, preparing } from '../../shared/preparedStatement.ts'
import type { Exchange } from './journal.ts'
import type { BranchRow } from './sessionTrees.ts'

/** An event as it is stored. */
export type EventRow = { seq: number; run: string; session: string; type: string; at: string; data: string }
/** The figures of one model call. */
export type CostRow = {
  seq: number
  run: string
  session: string
  job: string
  at: string
  usd: number
  tokens: number
}

const UNFINISHED = `SELECT run FROM events AS asked WHERE type = 'message_in'
         AND NOT EXISTS (SELECT 1 FROM events WHERE run = asked.run AND type = 'run_ended')`

const BRANCHES = `SELECT seq, session, json_extract(data, '$.from') AS origin FROM events
       WHERE json_extract(data, '$.do') = 'branch'`

/** Prepares every statement once. */
export function prepareStatements(database: Database.Database) {
  const prepare = preparing(database)
  return { ...events(prepare), ...leases(prepare), ...costs(prepare) }
}

/** The statements. */
export type Statements = ReturnType<typeof prepareStatements>

function events(prepare: Prepare) {
  return {
    append: prepare<[string, string, string, string, string], { seq: number }>(
      'INSERT INTO events (run, session, type, at, data) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING seq',
    ),
    ofRun: prepare<[string], EventRow>('SELECT * FROM events WHERE run = ? ORDER BY seq'),
    ofSession: prepare<[string, number, number], EventRow>(
      'SELECT * FROM events WHERE session = ? AND seq > ? ORDER BY seq LIMIT ?',
    ),
    after: prepare<[number, number], EventRow>('SELECT * FROM events WHERE seq > ? ORDER BY seq LIMIT ?'),
    lastSeq: prepare<[], { seq: number }>('SELECT coalesce(max(seq), 0) AS seq FROM events'),
    unfinished: prepare<[], { run: string }>(`${UNFINISHED} ORDER BY seq`),
    // The last answer of a run is its answer: those before it called tools, or were cut.
    exchanges: prepare<[string, number, number], Exchange>(
      `SELECT json_extract(asked.data, '$.text') AS question, json_extract(told.data, '$.text') AS answer
         FROM events AS asked JOIN events AS told ON told.seq =
              (SELECT max(seq) FROM events WHERE run = asked.run AND type = 'model_answered' AND json_extract(data, '$.text') <> '')
        WHERE asked.session = ? AND asked.type = 'message_in' AND asked.seq < ?
        ORDER BY asked.seq DESC LIMIT ?`,
    ),
    ends: prepare<[], { finish: string; count: number }>(
      `SELECT json_extract(data, '$.finish') AS finish, count(*) AS count
         FROM events WHERE type = 'run_ended' GROUP BY 1`,
    ),
  }
}

function leases(prepare: Prepare) {
  return {
    firstLease: prepare<[string, string, number]>(
      'INSERT INTO leases (run, owner, fence, until_ms) VALUES (?, ?, 1, ?) ON CONFLICT DO NOTHING',
    ),
    claim: prepare<[string, number, string, number], { fence: number }>(
      `INSERT INTO leases (run, owner, fence, until_ms) SELECT run, ?, 1, ? FROM (${UNFINISHED} AND run = ?) AS open WHERE true
         ON CONFLICT (run) DO UPDATE SET owner = excluded.owner, fence = leases.fence + 1, until_ms = excluded.until_ms
           WHERE leases.until_ms <= ? RETURNING fence`,
    ),
    isHeld: prepare<[string, number], { fence: number }>('SELECT fence FROM leases WHERE run = ? AND fence = ?'),
    renew: prepare<[number, string]>('UPDATE leases SET until_ms = ? WHERE owner = ?'),
    release: prepare<[string, number]>("UPDATE leases SET owner = '', until_ms = 0 WHERE run = ? AND fence = ?"),
    releaseAll: prepare<[string]>("UPDATE leases SET owner = '', until_ms = 0 WHERE owner = ?"),
    endLease: prepare<[string]>('DELETE FROM leases WHERE run = ?'),
    owners: prepare<[], { owner: string }>("SELECT DISTINCT owner FROM leases WHERE owner <> '' ORDER BY owner"),
  }
}

function costs(prepare: Prepare) {
  return {
    jobOf: prepare<[string], { job: string | null }>(
      "SELECT json_extract(data, '$.job') AS job FROM events WHERE run = ? AND type = 'message_in'",
    ),
    addCost: prepare<[number, string, string, string, string, number, number]>(
      'INSERT INTO costs (seq, run, session, job, at, usd, tokens) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ),
    costsAfter: prepare<[number], CostRow>('SELECT * FROM costs WHERE seq > ? ORDER BY seq'),
    calls: prepare<[], { count: number; usd: number }>(
      'SELECT count(*) AS count, coalesce(sum(usd), 0) AS usd FROM costs',
    ),
    branches: prepare<[], BranchRow>(`${BRANCHES} AND type = 'session_changed' ORDER BY seq`),
    // The empty text keeps the index of types away: only what is new is read, by its number.
    branchesAfter: prepare<[number], BranchRow>(
      `${BRANCHES} AND seq > ? AND type || '' = 'session_changed' ORDER BY seq`,
    ),
  }
}

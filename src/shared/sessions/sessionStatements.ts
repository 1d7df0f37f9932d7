/** The SQL over sessions. The index of words is SQLite's own; the rest is what SQLite and PostgreSQL share, but for reading JSON. */
import type Database from 'better-sqlite3'
import { type Prepare, preparing } from '../preparedStatement.ts'

/** A session that is there: its first and last event since it was deleted for the last time, if it ever was. */
export type SessionRow = {
  session: string
  /** Its events begin after this number. */
  from_seq: number
  first_at: string
  last_at: string
}

type EventRow = { seq: number; run: string; session: string; type: string; at: string; data: string }
type FoundRow = { seq: number; run: string; session: string; type: string; at: string; text: string }
type Stretch = { readonly session: string; readonly after: number; readonly upTo: number }
type Search = { readonly patterns: string; readonly limit: number }

const DELETED = `SELECT max(seq) FROM events WHERE type = 'session_changed' AND json_extract(data, '$.do') = 'delete'`

/** Distinct sessions by jumps through the index of (session, seq): the time grows with the sessions, not with the events. */
const SESSIONS = `WITH RECURSIVE every (session) AS (
    SELECT min(session) FROM events
    UNION ALL SELECT (SELECT min(session) FROM events WHERE session > every.session) FROM every WHERE every.session IS NOT NULL),
  known AS (
    SELECT every.session, (SELECT max(seq) FROM events WHERE session = every.session) AS last_seq,
           coalesce((${DELETED} AND session = every.session), 0) AS from_seq
      FROM every WHERE every.session IS NOT NULL)`

const ROW = `known.session, from_seq,
   (SELECT at FROM events WHERE seq = (SELECT min(seq) FROM events WHERE session = known.session AND seq > from_seq)) AS first_at,
   (SELECT at FROM events WHERE seq = last_seq) AS last_at`

/** Nothing of a session counts that was deleted after it was said. */
const IS_THERE = `NOT EXISTS (SELECT 1 FROM events AS gone WHERE gone.session = said.session AND gone.seq > said.seq
   AND gone.type = 'session_changed' AND json_extract(gone.data, '$.do') = 'delete')`
const SAID = `said.seq, said.run, said.session, said.type, said.at, json_extract(said.data, '$.text') AS text`
const ALL_PATTERNS = `NOT EXISTS (SELECT 1 FROM json_each(:patterns) AS wanted
   WHERE json_extract(said.data, '$.text') NOT LIKE wanted.value ESCAPE '\\')`

/** Prepares every statement once. */
export function prepareSessionStatements(database: Database.Database) {
  const prepare = preparing(database)
  return { ...summaries(prepare), ...histories(prepare), ...searches(prepare) }
}

/** The statements. */
export type SessionStatements = ReturnType<typeof prepareSessionStatements>

function summaries(prepare: Prepare) {
  return {
    all: prepare<[number], SessionRow>(
      `${SESSIONS} SELECT ${ROW} FROM known WHERE last_seq > from_seq ORDER BY last_seq DESC LIMIT ?`,
    ),
    one: prepare<[string], SessionRow>(
      `WITH given AS (SELECT ? AS session),
         known AS (SELECT given.session, (SELECT max(seq) FROM events WHERE session = given.session) AS last_seq,
                          coalesce((${DELETED} AND session = given.session), 0) AS from_seq FROM given)
       SELECT ${ROW} FROM known WHERE last_seq > from_seq`,
    ),
    facts: prepare<[{ session: string; from: number }], { name: string | null; runs: number; ended: number }>(
      `SELECT (SELECT json_extract(data, '$.name') FROM events WHERE session = :session AND seq > :from
                 AND type = 'session_changed' AND json_extract(data, '$.do') = 'name' ORDER BY seq DESC LIMIT 1) AS name,
              (SELECT count(*) FROM events WHERE session = :session AND seq > :from AND type = 'message_in') AS runs,
              (SELECT count(*) FROM events WHERE session = :session AND seq > :from AND type = 'run_ended') AS ended`,
    ),
    firstQuestion: prepare<[string, number], { text: string }>(
      `SELECT json_extract(data, '$.text') AS text FROM events
        WHERE session = ? AND seq > ? AND type = 'message_in' ORDER BY seq LIMIT 1`,
    ),
    branch: prepare<[string, number], { seq: number; origin: string; at_seq: number }>(
      `SELECT seq, json_extract(data, '$.from') AS origin, json_extract(data, '$.seq') AS at_seq FROM events
        WHERE session = ? AND seq > ? AND type = 'session_changed' AND json_extract(data, '$.do') = 'branch' ORDER BY seq LIMIT 1`,
    ),
    cost: prepare<[string, number], { usd: number; tokens: number }>(
      'SELECT coalesce(sum(usd), 0) AS usd, coalesce(sum(tokens), 0) AS tokens FROM costs WHERE session = ? AND seq > ?',
    ),
  }
}

function histories(prepare: Prepare) {
  return {
    deletedAt: prepare<[string, number], { seq: number | null }>(
      `SELECT max(seq) AS seq FROM events WHERE session = ? AND seq <= ? AND type = 'session_changed'
          AND json_extract(data, '$.do') = 'delete'`,
    ),
    between: prepare<[string, number, number], EventRow>(
      'SELECT * FROM events WHERE session = ? AND seq > ? AND seq <= ? ORDER BY seq',
    ),
    /** What is newer than a floor; of a run that reaches over it all, and every change of the session. */
    since: prepare<[Stretch & { readonly floor: number }], EventRow>(
      `SELECT * FROM events WHERE session = :session AND seq > :after AND seq <= :upTo
          AND (seq > :floor OR type = 'session_changed'
               OR run IN (SELECT run FROM events WHERE session = :session AND seq > :floor AND run <> ''))
        ORDER BY seq`,
    ),
    changes: prepare<[string, number, number], EventRow>(
      "SELECT * FROM events WHERE session = ? AND seq > ? AND seq <= ? AND type = 'session_changed' ORDER BY seq",
    ),
    ofRun: prepare<[string], EventRow>('SELECT * FROM events WHERE run = ? ORDER BY seq'),
  }
}

function searches(prepare: Prepare) {
  const hasIndex = prepare<[]>("SELECT 1 FROM sqlite_schema WHERE name = 'session_words'").get() !== undefined
  return {
    /** Undefined in a database that is older than the index. */
    matching: hasIndex
      ? prepare<[Search & { match: string }], FoundRow>(
          `SELECT ${SAID} FROM session_words JOIN events AS said ON said.seq = session_words.rowid
            WHERE session_words MATCH :match AND ${ALL_PATTERNS} AND ${IS_THERE} ORDER BY said.seq DESC LIMIT :limit`,
        )
      : undefined,
    containing: prepare<[Search], FoundRow>(
      `SELECT ${SAID} FROM events AS said WHERE said.type IN ('message_in', 'steered', 'model_answered')
          AND json_extract(said.data, '$.text') IS NOT NULL AND ${ALL_PATTERNS} AND ${IS_THERE}
        ORDER BY said.seq DESC LIMIT :limit`,
    ),
  }
}

import type { Database } from 'better-sqlite3'
import { SCHEDULE_TABLES } from '../schedule/tables.ts'
import { SESSION_TABLES } from '../sessions/tables.ts'

/** Each step brings the database from `user_version` = its index to the next. Steps are only ever added. */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE events (
     seq     INTEGER PRIMARY KEY AUTOINCREMENT,
     run     TEXT NOT NULL,
     session TEXT NOT NULL,
     type    TEXT NOT NULL,
     at      TEXT NOT NULL,
     data    TEXT NOT NULL
   );
   CREATE INDEX events_run ON events (run, seq);
   CREATE INDEX events_session ON events (session, seq);
   CREATE INDEX events_type_at ON events (type, at);
   CREATE UNIQUE INDEX one_message_a_run ON events (run) WHERE type = 'message_in';
   CREATE UNIQUE INDEX one_end_a_run ON events (run) WHERE type = 'run_ended';`,
  // A lease exists while its run is unfinished. The table of costs holds the figures of every model call once more, so that sums need no JSON.
  `CREATE TABLE leases (
     run      TEXT PRIMARY KEY,
     owner    TEXT NOT NULL,
     fence    INTEGER NOT NULL,
     until_ms INTEGER NOT NULL
   );
   CREATE INDEX leases_owner ON leases (owner);
   CREATE TABLE costs (
     seq     INTEGER PRIMARY KEY,
     run     TEXT NOT NULL,
     session TEXT NOT NULL,
     job     TEXT NOT NULL,
     at      TEXT NOT NULL,
     usd     REAL NOT NULL,
     tokens  INTEGER NOT NULL
   );
   CREATE INDEX costs_run ON costs (run);
   CREATE INDEX costs_session ON costs (session, at);
   CREATE INDEX costs_job ON costs (job, at);
   CREATE INDEX costs_at ON costs (at);
   INSERT INTO costs (seq, run, session, job, at, usd, tokens)
     SELECT seq, run, session, '', at, coalesce(json_extract(data, '$.costUsd'), 0),
            coalesce(json_extract(data, '$.usage.inputTokens'), 0) + coalesce(json_extract(data, '$.usage.outputTokens'), 0)
              + coalesce(json_extract(data, '$.usage.cacheReadTokens'), 0) + coalesce(json_extract(data, '$.usage.cacheWriteTokens'), 0)
       FROM events WHERE type = 'model_answered';`,
  SESSION_TABLES,
  SCHEDULE_TABLES,
]

/** A table of each form: by them the form is known where a repair had to make the header anew, which is the only place that says it. */
const MARKS = ['events', 'leases', 'session_words', 'jobs'] as const

/** Brings the database to the newest form, each step in a transaction of its own. A newer form than we know is a reason to stop. */
export function migrate(database: Database): void {
  const from = formOf(database)
  if (from > MIGRATIONS.length) {
    throw new Error(
      `agent.db has form ${from}, this version knows ${MIGRATIONS.length}. Install the newer Ottugi again.`,
    )
  }
  for (let version = from; version < MIGRATIONS.length; version++) {
    database
      .transaction(() => {
        // Two agents may open a new database at the same moment: the second one finds the work done.
        if (formOf(database) > version) return
        database.exec(MIGRATIONS[version] ?? '')
        database.pragma(`user_version = ${version + 1}`)
      })
      .immediate()
  }
  if (Number(database.pragma('user_version', { simple: true })) === MIGRATIONS.length) return
  database.pragma(`user_version = ${MIGRATIONS.length}`)
}

function formOf(database: Database): number {
  const said = Number(database.pragma('user_version', { simple: true }))
  const hasTable = database.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?")
  const missing = MARKS.findIndex((name) => hasTable.get(name) === undefined)
  return Math.max(said, missing === -1 ? MARKS.length : missing)
}

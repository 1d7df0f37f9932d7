import type { Database } from 'better-sqlite3'

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
]

/** Brings the database to the newest form, each step in a transaction of its own. A newer form than we know is a reason to stop. */
export function migrate(database: Database): void {
  const from = Number(database.pragma('user_version', { simple: true }))
  if (from > MIGRATIONS.length) {
    throw new Error(
      `agent.db has form ${from}, this version knows ${MIGRATIONS.length}. Install the newer Ottugi again.`,
    )
  }
  for (let version = from; version < MIGRATIONS.length; version++) {
    database
      .transaction(() => {
        // Two agents may open a new database at the same moment: the second one finds the work done.
        if (Number(database.pragma('user_version', { simple: true })) > version) return
        database.exec(MIGRATIONS[version] ?? '')
        database.pragma(`user_version = ${version + 1}`)
      })
      .immediate()
  }
}

/**
 * Makes a restored journal go on from now: what was under way when the backup was taken may have been done since, so it is ended and not done
 * again, jobs do not make up for the time between, and no number of an event is given out twice.
 */
import Sqlite, { type Database } from 'better-sqlite3'

/** When it is restored (wall clock, ms), the highest event number that was given out since, and what is said of runs that are ended. */
export type SettleOrder = { readonly nowMs: number; readonly above: number; readonly reason: string }

const UNFINISHED = `SELECT run, session FROM events AS asked WHERE type = 'message_in'
  AND NOT EXISTS (SELECT 1 FROM events WHERE run = asked.run AND type = 'run_ended')`

/** Does it in one transaction; gives how many runs were ended. The database has the newest form. */
export function settleRestored(db: Database, { nowMs, above, reason }: SettleOrder): number {
  return db.transaction(() => {
    const runs = db.prepare<[], { run: string; session: string }>(UNFINISHED).all()
    const end = db.prepare("INSERT INTO events (run, session, type, at, data) VALUES (?, ?, 'run_ended', ?, ?)")
    const data = JSON.stringify({ finish: 'failed', kind: 'bad-answer', reason })
    // After what was given out since: a reader that knows the number of the last event sees these as new.
    raiseNumbers(db, above)
    for (const { run, session } of runs) end.run(run, session, new Date(nowMs).toISOString(), data)
    db.prepare('DELETE FROM leases').run()
    db.prepare(
      `UPDATE slots SET state = CASE state WHEN 'started' THEN 'done' ELSE 'skipped' END, outcome = 'unknown'
        WHERE state IN ('claimed', 'starting', 'started')`,
    ).run()
    db.prepare(
      `UPDATE jobs SET cursor_ms = max(cursor_ms, ?), event_cursor = '', next_ms = CASE WHEN next_ms IS NULL THEN NULL ELSE ? END`,
    ).run(nowMs, nowMs)
    return runs.length
  })()
}

function raiseNumbers(db: Database, above: number): void {
  const { changes } = db.prepare("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = 'events'").run(above)
  if (changes === 0 && above > 0) db.prepare("INSERT INTO sqlite_sequence (name, seq) VALUES ('events', ?)").run(above)
}

/** What the watchdog thought when its database was copied is of a moment that is over: with it, the end of that agent would count as one that nobody wanted. */
export function settleWatch(file: string): void {
  const db = new Sqlite(file, { fileMustExist: true })
  try {
    // As after a reboot: its numbers and an open incident go on, who lived does not.
    db.prepare("UPDATE state SET value = json_set(value, '$.bootId', '') WHERE key = 'watch'").run()
  } finally {
    db.close()
  }
}

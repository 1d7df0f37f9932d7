/**
 * Makes a rebuilt `agent.db` safe to go on with. What is derived is made again out of the events; where something is lost, the safe side is taken: nobody
 * who wrote before may write on, no call that may have been made is made again, no money counts as unspent, no due moment fires twice. All of it is said.
 */
import type Database from 'better-sqlite3'
import type { RunUsage } from './usageLedger.ts'

/** What is known of the loss. */
export type AgentLoss = {
  /** Numbers of lost events, as first and last of each run of them. */
  readonly ranges: readonly (readonly [number, number])[]
  /** Tables that are not whole, or may be older than what was lost. */
  readonly unsure: ReadonlySet<string>
}

/** What the repair knows beside the database. */
export type BesideAgent = {
  /** Wall clock in milliseconds. */
  readonly nowMs: number
  /** Up to here something may have been begun whose record is lost; nothing later. */
  readonly begunUntilMs: number
  readonly usage: readonly RunUsage[]
}

/** More than any run is ever claimed. */
const FENCE_STEP = 1_000_000
const SAID = "('message_in', 'steered', 'model_answered')"
const UNFINISHED = `SELECT run, session, min(seq) AS seq FROM events AS asked WHERE type = 'message_in'
  AND NOT EXISTS (SELECT 1 FROM events WHERE run = asked.run AND type = 'run_ended') GROUP BY run`
const LOST_RUN = 'events of this run were lost with a damaged database; what it had begun is not known, so it was ended'

/** Does it, and says in a sentence each what a person should know. Tables that are not there (an older form) are passed over. */
export function settleAgent(db: Database.Database, loss: AgentLoss, beside: BesideAgent): string[] {
  const has = (table: string) =>
    db.prepare('SELECT 1 FROM sqlite_master WHERE type = ? AND name = ?').get('table', table) !== undefined
  if (!has('events')) return []
  if (has('session_words')) fillWords(db)
  return [
    ...(loss.ranges.length > 0 ? endRuns(db, loss.ranges, beside.nowMs) : []),
    ...(has('costs') ? countCosts(db, loss.ranges, beside.usage) : []),
    ...(has('leases') ? raiseFences(db, loss) : []),
    ...(has('slots') && has('jobs') ? settleSchedule(db, loss, beside) : []),
  ]
}

/** The index of words holds no text of its own: it is filled from the events, but for sessions that were deleted afterwards. */
function fillWords(db: Database.Database): void {
  db.prepare(`INSERT INTO session_words (rowid, words)
    SELECT seq, substr(json_extract(data, '$.text'), 1, 20000) FROM events AS said
     WHERE type IN ${SAID} AND json_valid(data) AND json_extract(data, '$.text') IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM events WHERE session = said.session AND seq > said.seq AND type = 'session_changed'
                          AND json_valid(data) AND json_extract(data, '$.do') = 'delete')`).run()
}

/** A run that has lost events may have begun calls that nobody remembers: it is not gone on with. */
function endRuns(db: Database.Database, ranges: AgentLoss['ranges'], nowMs: number): string[] {
  const lastLost = ranges.at(-1)?.[1] ?? 0
  const runs = db
    .prepare<[number], { run: string; session: string }>(`SELECT run, session FROM (${UNFINISHED}) WHERE seq < ?`)
    .all(lastLost)
  const end = db.prepare("INSERT INTO events (run, session, type, at, data) VALUES (?, ?, 'run_ended', ?, ?)")
  const data = JSON.stringify({ finish: 'failed', kind: 'bad-answer', reason: LOST_RUN })
  for (const { run, session } of runs) end.run(run, session, new Date(nowMs).toISOString(), data)
  if (runs.length === 0) return []
  const named = runs.slice(0, 8).map(({ run }) => run)
  return [`ended ${runs.length} unfinished runs of which events are lost (${named.join(', ')})`]
}

/** Every cost that an event or the ledger of model calls still knows of counts. */
function countCosts(db: Database.Database, ranges: AgentLoss['ranges'], usage: readonly RunUsage[]): string[] {
  db.prepare(`INSERT OR IGNORE INTO costs (seq, run, session, job, at, usd, tokens)
    SELECT seq, run, session,
           coalesce((SELECT json_extract(data, '$.job') FROM events WHERE run = said.run AND type = 'message_in'), ''), at,
           coalesce(json_extract(data, '$.costUsd'), 0),
           coalesce(json_extract(data, '$.usage.inputTokens'), 0) + coalesce(json_extract(data, '$.usage.outputTokens'), 0)
             + coalesce(json_extract(data, '$.usage.cacheReadTokens'), 0) + coalesce(json_extract(data, '$.usage.cacheWriteTokens'), 0)
      FROM events AS said WHERE type = 'model_answered' AND json_valid(data)`).run()
  if (ranges.length === 0) return []
  const added = addFromLedger(db, freeNumbers(db, ranges), usage)
  return [
    `$${added.toFixed(4)} that only the ledger of model calls knows of counts as spent; what neither knows does not`,
  ]
}

/** Numbers of lost events that no cost stands under: a cost that is added must not take one that is still given out. */
function* freeNumbers(db: Database.Database, ranges: AgentLoss['ranges']): Generator<number> {
  const isTaken = db.prepare('SELECT 1 FROM costs WHERE seq = ?')
  for (const [first, last] of ranges) for (let seq = first; seq <= last; seq++) if (!isTaken.get(seq)) yield seq
}

function addFromLedger(db: Database.Database, free: Iterator<number>, usage: readonly RunUsage[]): number {
  const known = db.prepare<[string], { usd: number; tokens: number }>(
    'SELECT coalesce(sum(usd), 0) AS usd, coalesce(sum(tokens), 0) AS tokens FROM costs WHERE run = ?',
  )
  const add = db.prepare('INSERT INTO costs (seq, run, session, job, at, usd, tokens) VALUES (?, ?, ?, ?, ?, ?, ?)')
  let added = 0
  for (const { run, session, job, at, ...spent } of usage) {
    const { usd = 0, tokens = 0 } = known.get(run) ?? {}
    // Sums of fractions differ in their last digits.
    if (spent.usd - usd < 1e-6 && spent.tokens <= tokens) continue
    const seq = free.next()
    if (seq.done) break
    const more = Math.max(0, spent.usd - usd)
    add.run(seq.value, run, session, job, at, more, Math.max(0, spent.tokens - tokens))
    added += more
  }
  return added
}

/** Whoever held a lease that may be older than the last claim is refused: every fence is beyond all that were given out. */
function raiseFences(db: Database.Database, { ranges, unsure }: AgentLoss): string[] {
  db.prepare(`DELETE FROM leases WHERE run NOT IN (SELECT run FROM (${UNFINISHED}))`).run()
  if (ranges.length === 0 && !unsure.has('leases')) return []
  const { top } = db.prepare('SELECT coalesce(max(fence), 0) AS top FROM leases').get() as { top: number }
  db.prepare(
    `INSERT INTO leases (run, owner, fence, until_ms) SELECT run, '', ?, 0 FROM (${UNFINISHED}) WHERE true
       ON CONFLICT (run) DO UPDATE SET owner = '', until_ms = 0, fence = excluded.fence`,
  ).run(top + FENCE_STEP)
  return []
}

/** A moment whose run may have been begun is not begun again, and one whose run is gone is not waited for. */
function settleSchedule(db: Database.Database, { ranges, unsure }: AgentLoss, { begunUntilMs }: BesideAgent): string[] {
  const isOld = unsure.has('jobs') || unsure.has('slots')
  if (ranges.length === 0 && !isOld) return []
  const isKnown = 'EXISTS (SELECT 1 FROM events WHERE events.run = slots.run)'
  const begun = isOld ? "('claimed', 'starting', 'started')" : "('starting', 'started')"
  const { changes } = db
    .prepare(
      `UPDATE slots SET state = CASE state WHEN 'started' THEN 'done' ELSE 'skipped' END, outcome = 'unknown'
        WHERE state IN ${begun} AND start_ms <= ? AND NOT ${isKnown}`,
    )
    .run(begunUntilMs)
  const settled = changes > 0 ? [`${changes} due moments of jobs whose runs are lost are not run again`] : []
  if (!isOld) return settled
  // An empty cursor of events says: from now on.
  db.prepare(
    "UPDATE jobs SET cursor_ms = max(cursor_ms, ?), event_cursor = '', next_ms = CASE WHEN next_ms IS NULL THEN NULL ELSE ? END",
  ).run(begunUntilMs, begunUntilMs)
  const until = new Date(begunUntilMs).toISOString()
  return [...settled, `jobs go on from ${until}: what was due before and has no record is not made up for`]
}

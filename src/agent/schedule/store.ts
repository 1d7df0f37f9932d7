/** Jobs and slots in `agent.db`. A slot is claimed by whoever inserts it; every later step names the state that it comes from, so one process takes it. */
import type { Database } from 'better-sqlite3'
import type { Job, ListedJob, Slot, SlotState } from '../../shared/schedule/job.ts'
import { type JobRow, jobOfRow, type SlotRow, slotOfRow } from '../../shared/schedule/scheduleReader.ts'

/** A job with what only the scheduler needs. */
export type KeptJob = ListedJob & {
  /** Everything due up to here was decided. */
  readonly cursorMs: number
  /** How far its events were followed; its source knows what that means. */
  readonly eventCursor: string
  /** SHA-256 of the token of its webhook, or empty. */
  readonly tokenHash: string
}

type KeptRow = JobRow & { readonly cursor_ms: number; readonly event_cursor: string; readonly token_hash: string }

const JOB = 'data, paused, next_ms, cursor_ms, event_cursor, token_hash'
const SLOT = 'id, job, run, due_ms, start_ms, state, outcome, payload'

/** What is stored, by the one connection of this process. */
export type ScheduleStore = ReturnType<typeof createScheduleStore>

/** The schedule in an open database that has {@link SCHEDULE_TABLES}. Every function is one statement; `together` makes a transaction of several. */
export function createScheduleStore(database: Database) {
  return {
    together: <T>(work: () => T): T => (database.inTransaction ? work() : database.transaction(work).immediate()),
    ...jobsIn(database),
    ...slotsIn(database),
    ...questionsTo(database),
  }
}

function jobsIn(database: Database) {
  const insert = database.prepare(
    `INSERT INTO jobs (id, data, paused, cursor_ms, next_ms, event_cursor, token_hash, created_ms)
     VALUES (?, ?, 0, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
  )
  const change = database.prepare('UPDATE jobs SET data = ?, next_ms = ? WHERE id = ?')
  const pause = database.prepare('UPDATE jobs SET paused = ?, cursor_ms = ?, next_ms = ? WHERE id = ?')
  const advance = database.prepare('UPDATE jobs SET cursor_ms = ?, next_ms = ? WHERE id = ?')
  const follow = database.prepare('UPDATE jobs SET event_cursor = ? WHERE id = ?')
  const remove = database.prepare('DELETE FROM jobs WHERE id = ?')
  const all = database.prepare<[], KeptRow>(`SELECT ${JOB} FROM jobs ORDER BY created_ms, id`)
  const one = database.prepare<[string], KeptRow>(`SELECT ${JOB} FROM jobs WHERE id = ?`)
  const due = database.prepare<[number, number], { id: string }>(
    'SELECT id FROM jobs WHERE paused = 0 AND (next_ms <= ? OR cursor_ms > ?)',
  )
  return {
    addJob: (job: Job, { nextMs, eventCursor, tokenHash }: Pick<KeptJob, 'nextMs' | 'eventCursor' | 'tokenHash'>) =>
      insert.run(job.id, JSON.stringify(job), job.createdMs, nextMs, eventCursor, tokenHash, job.createdMs).changes > 0,
    changeJob: (job: Job, nextMs: number | null) => void change.run(JSON.stringify(job), nextMs, job.id),
    pauseJob: (id: string, isPaused: boolean, { cursorMs, nextMs }: Pick<KeptJob, 'cursorMs' | 'nextMs'>) =>
      void pause.run(isPaused ? 1 : 0, cursorMs, nextMs, id),
    advance: (id: string, cursorMs: number, nextMs: number | null) => void advance.run(cursorMs, nextMs, id),
    followEvents: (id: string, eventCursor: string) => void follow.run(eventCursor, id),
    removeJob: (id: string) => remove.run(id).changes > 0,
    jobs: (): KeptJob[] => all.all().map(keptOf),
    job: (id: string): KeptJob | undefined => {
      const row = one.get(id)
      return row && keptOf(row)
    },
    /** Ids of the jobs that a moment is due for, or whose cursor the clock went back behind. */
    dueJobs: (nowMs: number) => due.all(nowMs, nowMs).map(({ id }) => id),
  }
}

function keptOf({ cursor_ms, event_cursor, token_hash, ...row }: KeptRow): KeptJob {
  return { ...jobOfRow(row), cursorMs: cursor_ms, eventCursor: event_cursor, tokenHash: token_hash }
}

function slotsIn(database: Database) {
  const claim = database.prepare(
    `INSERT INTO slots (${SLOT}) VALUES (@id, @job, @run, @dueMs, @startMs, @state, @outcome, @payload)
     ON CONFLICT (id) DO NOTHING RETURNING id`,
  )
  const move = database.prepare('UPDATE slots SET state = ?, outcome = ? WHERE id = ? AND state = ? RETURNING id')
  const prune = database.prepare(
    `DELETE FROM slots WHERE job = ? AND state IN ('done', 'skipped') AND due_ms <
       (SELECT due_ms FROM slots WHERE job = ? ORDER BY due_ms DESC LIMIT 1 OFFSET ?)`,
  )
  return {
    /** True for the one who made it. */
    claim: (slot: Slot): boolean => claim.get(slot) !== undefined,
    /** True for the one who moved it out of that state. */
    move: (id: string, from: SlotState, to: SlotState, outcome = ''): boolean =>
      move.get(to, outcome, id, from) !== undefined,
    /** Forgets all but the newest `keep` of a job. */
    prune: (job: string, keep: number) => prune.run(job, job, keep - 1).changes,
  }
}

function questionsTo(database: Database) {
  const ready = database.prepare<[number], { id: string; job: string }>(
    "SELECT id, job FROM slots WHERE state = 'claimed' AND start_ms <= ? ORDER BY start_ms, id",
  )
  const inState = database.prepare<[string], SlotRow>(`SELECT ${SLOT} FROM slots WHERE state = ? ORDER BY start_ms, id`)
  const going = database.prepare<[string], { many: number }>(
    "SELECT count(*) AS many FROM slots WHERE job = ? AND state IN ('starting', 'started')",
  )
  const events = database.prepare<[string, number], { many: number }>(
    "SELECT count(*) AS many FROM slots WHERE job = ? AND payload <> '' AND due_ms > ?",
  )
  const known = database.prepare<[string], SlotRow>(`SELECT ${SLOT} FROM slots WHERE id = ?`)
  const history = database.prepare<[string, number], SlotRow>(
    `SELECT ${SLOT} FROM slots WHERE job = ? ORDER BY due_ms DESC, id DESC LIMIT ?`,
  )
  const soonest = database.prepare<[number], { at_ms: number | null }>(
    `SELECT min(at_ms) AS at_ms FROM (
       SELECT min(next_ms) AS at_ms FROM jobs WHERE paused = 0
       UNION ALL SELECT min(start_ms) AS at_ms FROM slots WHERE state = 'claimed' AND start_ms > ?) AS moments`,
  )
  return {
    /** What has been claimed and whose time has come, oldest first. */
    ready: (nowMs: number) => ready.all(nowMs),
    inState: (state: SlotState) => inState.all(state).map(slotOfRow),
    /** How many runs of a job are being handed over or go on. */
    going: (job: string) => going.get(job)?.many ?? 0,
    eventsSince: (job: string, sinceMs: number) => events.get(job, sinceMs)?.many ?? 0,
    slot: (id: string): Slot | undefined => {
      const row = known.get(id)
      return row && slotOfRow(row)
    },
    history: (job: string, limit: number) => history.all(job, limit).map(slotOfRow),
    /** When something is due after `nowMs`; null when nothing is. What is due already waits for a run to end. */
    soonestMs: (nowMs: number) => soonest.get(nowMs)?.at_ms ?? null,
  }
}

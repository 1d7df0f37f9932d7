/** Read-only look at the schedule in `data/agent.db`, also while no agent runs. */
import { existsSync } from 'node:fs'
import Database from 'better-sqlite3'
import type { Job, ListedJob, Slot, SlotState } from './job.ts'

/** How long reading waits while a page is locked, in milliseconds. */
const BUSY_MS = 500

/** What was read, or why it could not be. */
export type ScheduleReading<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: string }

/** A row of `jobs`. */
export type JobRow = { readonly data: string; readonly paused: number; readonly next_ms: number | null }

/** A row of `slots`. */
export type SlotRow = {
  readonly id: string
  readonly job: string
  readonly run: string
  readonly due_ms: number
  readonly start_ms: number
  readonly state: SlotState
  readonly outcome: string
  readonly payload: string
}

/** The job of a row. */
export function jobOfRow({ data, paused, next_ms }: JobRow): ListedJob {
  const job = JSON.parse(data) as Job
  return { ...job, paused: paused !== 0, nextMs: paused === 0 ? next_ms : null }
}

/** The slot of a row. */
export function slotOfRow({ due_ms, start_ms, ...row }: SlotRow): Slot {
  return { ...row, dueMs: due_ms, startMs: start_ms }
}

/** All jobs, oldest first. */
export function readJobs(file: string): ScheduleReading<ListedJob[]> {
  return reading<ListedJob[]>(file, [], (database) =>
    database.prepare<[], JobRow>('SELECT data, paused, next_ms FROM jobs ORDER BY created_ms, id').all().map(jobOfRow),
  )
}

/** One job by its id, or by its name where only one has it. */
export function readJob(file: string, idOrName: string): ScheduleReading<ListedJob | undefined> {
  const jobs = readJobs(file)
  if (!jobs.ok) return jobs
  const named = jobs.value.filter(({ name }) => name === idOrName)
  return {
    ok: true,
    value: jobs.value.find(({ id }) => id === idOrName) ?? (named.length === 1 ? named[0] : undefined),
  }
}

/** What became of a job's due moments, newest first, at most `limit`. */
export function readHistory(file: string, job: string, limit: number): ScheduleReading<Slot[]> {
  return reading<Slot[]>(file, [], (database) =>
    database
      .prepare<[string, number], SlotRow>(
        `SELECT id, job, run, due_ms, start_ms, state, outcome, payload FROM slots
          WHERE job = ? ORDER BY due_ms DESC, id DESC LIMIT ?`,
      )
      .all(job, limit)
      .map(slotOfRow),
  )
}

/** A database that is older than the schedule has no jobs. */
function reading<T>(file: string, whenMissing: T, read: (database: Database.Database) => T): ScheduleReading<T> {
  if (!existsSync(file)) return { ok: true, value: whenMissing }
  let database: Database.Database | undefined
  try {
    database = new Database(file, { readonly: true, fileMustExist: true, timeout: BUSY_MS })
    const isThere = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'slots'").get() !== undefined
    return { ok: true, value: isThere ? read(database) : whenMissing }
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) }
  } finally {
    database?.close()
  }
}

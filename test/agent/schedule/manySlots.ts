/** Very many due moments in one database, and schedulers as processes that work on them until they are killed: shared by the test and the bench. */
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { dueSlots } from '../../../src/agent/schedule/due.ts'
import { runIdOf } from '../../../src/agent/schedule/slotRun.ts'
import { createScheduleStore } from '../../../src/agent/schedule/store.ts'
import { SCHEDULE_TABLES } from '../../../src/agent/schedule/tables.ts'
import type { Job } from '../../../src/shared/schedule/job.ts'

/** Due moments of many jobs: the runs that must come of them, and the moment at which all of them are due. */
export type ManySlots = { readonly expected: readonly string[]; readonly nowMs: number }

const JOBS = 40
const HOUR_MS = 3_600_000
const BEGIN_MS = Date.parse('2026-03-20T00:00:00Z')

/** Makes a database with jobs of which about so many moments are due. */
export function makeSlots(file: string, slots: number): ManySlots {
  const database = new Database(file)
  database.pragma('journal_mode = WAL')
  database.exec(SCHEDULE_TABLES)
  database.exec(
    'CREATE TABLE effects (run TEXT PRIMARY KEY, job TEXT NOT NULL, times INTEGER NOT NULL, asked INTEGER NOT NULL DEFAULT 0)',
  )
  const store = createScheduleStore(database)
  const nowMs = BEGIN_MS + Math.ceil(slots / JOBS) * HOUR_MS
  const expected: string[] = []
  for (let index = 0; index < JOBS; index++) {
    const job = jobNumber(index)
    store.addJob(job, { nextMs: BEGIN_MS + 1, eventCursor: '', tokenHash: '' })
    expected.push(...dueSlots(job, BEGIN_MS, nowMs).map(({ id }) => runIdOf(id)))
  }
  database.close()
  return { expected, nowMs }
}

function jobNumber(index: number): Job {
  return {
    id: `j${index}`,
    name: `j${index}`,
    prompt: 'x',
    trigger: index % 2 ? { kind: 'every', everyMs: HOUR_MS } : { kind: 'cron', line: `${index} * * * *` },
    zone: index % 4 ? 'Europe/Berlin' : 'Australia/Lord_Howe',
    ...{
      catchUp: 'all',
      overlap: 'queue',
      jitterMs: 0,
      limits: {},
      gates: 'deny',
      notify: [],
      paused: false,
      createdBy: 'owner',
    },
    createdMs: BEGIN_MS,
  }
}

/** Starts a scheduler that ends by itself when everything has ended. It writes a point for every run that it begins. */
export function startScheduler(file: string, nowMs: number): ChildProcess {
  const program = join(import.meta.dirname, 'scheduleUntilKilled.ts')
  return spawn(process.execPath, [program, file, String(nowMs)], { stdio: ['ignore', 'pipe', 'inherit'] })
}

/** What came of all of them. `open`: slots that are not done. */
export function judgeSlots(file: string, { expected }: ManySlots) {
  const database = new Database(file, { readonly: true })
  const effects = database.prepare<[], { run: string; times: number }>('SELECT run, times FROM effects').all()
  const open = database.prepare<[], { many: number }>("SELECT count(*) AS many FROM slots WHERE state <> 'done'").get()
  database.close()
  const begun = new Set(effects.map(({ run }) => run))
  const wanted = new Set(expected)
  return {
    runs: effects.length,
    missed: expected.filter((run) => !begun.has(run)),
    doubled: effects.filter(({ run, times }) => times !== 1 || !wanted.has(run)),
    open: open?.many ?? Number.NaN,
  }
}

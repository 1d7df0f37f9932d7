/** Schedulers as processes over one database, killed again and again: every due moment has its run, and no moment has two. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { dueSlots } from '../../../src/agent/schedule/due.ts'
import { runIdOf } from '../../../src/agent/schedule/slotRun.ts'
import { createScheduleStore } from '../../../src/agent/schedule/store.ts'
import { SCHEDULE_TABLES } from '../../../src/agent/schedule/tables.ts'
import type { Job } from '../../../src/shared/schedule/job.ts'
import { atEnd, folder } from './home.ts'

/** Due moments in all; the whole promise is `OTTUGI_TEST_SLOTS=10000`. */
const SLOTS = Number(process.env['OTTUGI_TEST_SLOTS'] ?? 2_000)
const JOBS = 40
const BEGIN_MS = Date.parse('2026-03-20T00:00:00Z')

function makeJobs(file: string): { expected: string[]; nowMs: number } {
  const database = new Database(file)
  database.pragma('journal_mode = WAL')
  database.exec(SCHEDULE_TABLES)
  database.exec(
    'CREATE TABLE effects (run TEXT PRIMARY KEY, job TEXT NOT NULL, times INTEGER NOT NULL, asked INTEGER NOT NULL DEFAULT 0)',
  )
  const store = createScheduleStore(database)
  const nowMs = BEGIN_MS + Math.ceil(SLOTS / JOBS) * 3_600_000
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
    trigger: index % 2 ? { kind: 'every', everyMs: 3_600_000 } : { kind: 'cron', line: `${index} * * * *` },
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

function startOne(file: string, nowMs: number): ChildProcess {
  const program = join(import.meta.dirname, 'scheduleUntilKilled.ts')
  const child = spawn(process.execPath, [program, file, String(nowMs)], { stdio: ['ignore', 'pipe', 'inherit'] })
  atEnd(() => child.kill('SIGKILL'))
  return child
}

/** Kills a scheduler after it has begun so many runs. False when it came to its end before. */
async function killAfter(begun: number, { file, nowMs }: { file: string; nowMs: number }): Promise<boolean> {
  const child = startOne(file, nowMs)
  let heard = 0
  child.stdout?.on('data', (data: Buffer) => {
    heard += data.toString().split('.').length - 1
    if (heard >= begun) child.kill('SIGKILL')
  })
  await once(child, 'exit')
  return child.signalCode === 'SIGKILL'
}

it(`${SLOTS} due moments, two schedulers, and a kill whenever one of them gets on: none missed, none doubled`, async () => {
  const file = join(folder(), 'agent.db')
  const { expected, nowMs } = makeJobs(file)
  let kills = 0
  while (kills < 8 && (await killAfter(kills * (SLOTS / 80), { file, nowMs }))) kills++
  // The last two work against each other to the end.
  const last = [startOne(file, nowMs), startOne(file, nowMs)]
  for (const { stdout } of last) stdout?.resume()
  await Promise.all(last.map((child) => once(child, 'exit')))
  const sweeper = startOne(file, nowMs)
  sweeper.stdout?.resume()
  await once(sweeper, 'exit')

  const database = new Database(file, { readonly: true })
  const effects = database.prepare<[], { run: string; times: number }>('SELECT run, times FROM effects').all()
  const open = database.prepare<[], { many: number }>("SELECT count(*) AS many FROM slots WHERE state <> 'done'").get()
  database.close()
  const begun = new Set(effects.map(({ run }) => run))
  expect({ kills: kills > 0, missed: expected.filter((run) => !begun.has(run)) }).toEqual({ kills: true, missed: [] })
  expect({ runs: effects.length, times: effects.filter(({ times }) => times !== 1), open: open?.many }).toEqual({
    runs: expected.length,
    times: [],
    open: 0,
  })
  expect(new Set(expected).size).toBe(expected.length)
}, 120_000)

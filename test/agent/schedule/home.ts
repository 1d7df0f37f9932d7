/** A schedule over a database of its own, with runs that only remember. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach } from 'vitest'
import { watchableIn } from '../../../src/agent/schedule/fileContent.ts'
import { createSchedule } from '../../../src/agent/schedule/schedule.ts'
import { createTick, type ScheduledRuns, type ToldResult } from '../../../src/agent/schedule/scheduler.ts'
import type { JobQuestion } from '../../../src/agent/schedule/slotRun.ts'
import { createScheduleStore } from '../../../src/agent/schedule/store.ts'
import { SCHEDULE_TABLES } from '../../../src/agent/schedule/tables.ts'

const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0).toReversed()) end()
})

/** A folder that goes when the test ends. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'ottugi-schedule-'))
  ends.push(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** Something that is ended with the test. */
export function atEnd(end: () => void): void {
  ends.push(end)
}

export const LIMITS = { lateMs: 120_000, catchUpMost: 5, queueMost: 3, retryForMs: 3_600_000, historyKeep: 1_000 }

/** Runs that go on until they are told to end. */
export function rememberedRuns() {
  const asked: JobQuestion[] = []
  const runs = new Map<string, string | undefined>()
  let refusal: { why: 'later' | 'never'; reason: string } | undefined
  const port: ScheduledRuns = {
    accept: async (question) => {
      if (refusal) return { ok: false, ...refusal }
      if (!runs.has(question.run)) {
        runs.set(question.run, undefined)
        asked.push(question)
      }
      return { ok: true }
    },
    find: (run) => (runs.has(run) ? { ended: runs.get(run) } : undefined),
    cancel: async (run) => {
      if (runs.has(run)) runs.set(run, 'cancelled')
      return true
    },
  }
  return {
    port,
    asked,
    endAll: () => {
      for (const [run, end] of runs) if (end === undefined) runs.set(run, 'answered')
    },
    refuse: (how: typeof refusal) => {
      refusal = how
    },
  }
}

/** A schedule whose clock the test moves. */
export function scheduleAt(startIso: string, file = join(folder(), 'agent.db')) {
  const database = new Database(file)
  ends.push(() => database.close())
  database.exec(SCHEDULE_TABLES)
  const store = createScheduleStore(database)
  const runs = rememberedRuns()
  let nowMs = Date.parse(startIso)
  const workspace = folder()
  const schedule = createSchedule({
    store,
    rules: {
      ...{ minIntervalMs: 60_000, maxJobs: 10, eventsPerHour: 3 },
      mayWatch: watchableIn([workspace]),
      channels: [{ name: 'phone', type: 'ntfy' }],
    },
    lastIncident: () => 0,
    nowMs: () => nowMs,
    onChange: () => {},
  })
  const told: ToldResult[] = []
  const tick = createTick({ store, runs: runs.port, tell: (result) => void told.push(result), limits: LIMITS })
  return {
    file,
    store,
    schedule,
    runs,
    workspace,
    told,
    clock: { set: (iso: string) => (nowMs = Date.parse(iso)), nowMs: () => nowMs },
    /** Beats at a moment until there is nothing to do. */
    beatAt: async (iso: string) => {
      nowMs = Date.parse(iso)
      while (await tick(nowMs));
    },
    /** State and outcome of every slot of a job by the minute it was due, oldest first. */
    story: (id: string) =>
      store
        .history(id, 1_000)
        .toReversed()
        .map(({ id: slot, state, outcome }) => [slot.slice(id.length + 1), state, outcome].join(' ').trim()),
  }
}

/** Adds a job that must be good. */
export function mustAdd({ schedule }: Pick<ReturnType<typeof scheduleAt>, 'schedule'>, given: object): string {
  const added = schedule.add({ prompt: 'do it', ...given })
  if (!added.ok) throw new Error(JSON.stringify(added.problem))
  return added.job.id
}

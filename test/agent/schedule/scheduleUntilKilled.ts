/**
 * A scheduler as a process, to be killed at any moment. `node scheduleUntilKilled.ts <file> <now in ms>`. Runs are real in that they survive: accepting writes
 * a line into a table of begun runs, durably, and the effect of a run is counted there. It ends by itself when everything has ended.
 */
import Database from 'better-sqlite3'
import { createTick, type ScheduledRuns } from '../../../src/agent/schedule/scheduler.ts'
import { createScheduleStore } from '../../../src/agent/schedule/store.ts'

const [file = '', now = '0'] = process.argv.slice(2)
const database = new Database(file, { timeout: 20_000 })
database.pragma('journal_mode = WAL')
const store = createScheduleStore(database)

const take = database.prepare(
  'INSERT INTO effects (run, job, times) VALUES (?, ?, 1) ON CONFLICT (run) DO NOTHING RETURNING run',
)
const asked = database.prepare('UPDATE effects SET asked = asked + 1 WHERE run = ?')
const known = database.prepare('SELECT run FROM effects WHERE run = ?')
const runs: ScheduledRuns = {
  accept: async ({ run, job }) => {
    // The journal's promise: the same id leads to the same run.
    if (!take.get(run, job)) asked.run(run)
    process.stdout.write('.')
    return { ok: true }
  },
  find: (run) => (known.get(run) ? { ended: 'answered' } : undefined),
  cancel: async () => true,
}

const limits = {
  lateMs: 1_000,
  catchUpMost: 1_000_000,
  queueMost: 1_000_000,
  retryForMs: 1_000,
  historyKeep: 1_000_000,
}
const tick = createTick({ store, runs, tell: () => {}, limits })
process.stdout.write('ready\n')
while (await tick(Number(now)));
const open = ['claimed', 'starting', 'started'] as const
process.exitCode = open.some((state) => store.inState(state).length > 0) ? 3 : 0
database.close()

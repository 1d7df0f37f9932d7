/** The schedule of the agent: its jobs, their events, and the loop that begins them. Loaded after the agent is ready. */
import type { Settings } from '../shared/config/schema.ts'
import { messageOf } from '../shared/entry.ts'
import type { Logger } from '../shared/log.ts'
import type { HomePaths } from '../shared/paths.ts'
import { leaveResult } from '../shared/requestFiles.ts'
import type { GuardedJournal } from './journal/guardedJournal.ts'
import type { Runs } from './runs/runs.ts'
import { followEvents, lastIncident } from './schedule/events.ts'
import { watchableIn } from './schedule/fileContent.ts'
import { scheduledRuns } from './schedule/runsPort.ts'
import { createSchedule, type Schedule } from './schedule/schedule.ts'
import { startScheduleLoop } from './schedule/scheduleLoop.ts'
import { createTick, type ToldResult } from './schedule/scheduler.ts'
import { isRunOfSlot } from './schedule/slotRun.ts'
import { createScheduleStore } from './schedule/store.ts'

/** What it works with. */
export type SchedulingParts = {
  readonly paths: HomePaths
  readonly settings: Settings
  readonly journal: GuardedJournal
  readonly runs: Runs
  readonly log: Logger
}

/** The schedule, and whether it begins anything. */
export type Scheduling = {
  readonly schedule: Schedule
  /** Begins what is due, from now on. */
  readonly start: () => void
  /** Begins nothing more; resolves when the beat that is going on is over. */
  readonly stop: () => Promise<void>
}

/** Opens the schedule; nothing begins before `start`. */
export function openScheduling({ paths, settings, journal, runs, log }: SchedulingParts): Scheduling {
  const store = createScheduleStore(journal.database)
  const { minIntervalMs, maxJobs, eventsPerHour } = settings.schedule
  let wake = () => {}
  const folders = settings.sandbox.folders.map((folder) => folder.replace(/:rw$/, ''))
  const schedule = createSchedule({
    store,
    rules: {
      ...{ minIntervalMs, maxJobs, eventsPerHour },
      mayWatch: watchableIn([paths.workspace, ...folders]),
      channels: settings.alerts.channels,
    },
    lastIncident: () => lastIncident(paths.watchdogDb),
    nowMs: Date.now,
    onChange: () => wake(),
  })
  let stop = async () => {}
  return {
    schedule,
    start: () => {
      const { watchdogDb } = paths
      const events = followEvents({ schedule, store, watchdogDb, onNoticed: () => wake() })
      const loop = startScheduleLoop({
        tick: createTick({ store, runs: scheduledRuns(runs), tell: tellBy(paths), limits: settings.schedule }),
        ...{ store, look: events.look, nowMs: Date.now },
        onError: (error) => log.error({ error: messageOf(error) }, 'a beat of the schedule failed'),
      })
      wake = loop.wake
      const unfollow = journal.onAppend(({ type, run }) => {
        // The journal tells of the end before the run itself knows: a look at once would find it still going on.
        if (type === 'run_ended' && isRunOfSlot(run)) void Promise.resolve(runs.live(run)?.settled).then(loop.wake)
      })
      stop = async () => {
        unfollow()
        events.stop()
        await loop.stop()
      }
    },
    stop: () => stop(),
  }
}

/** The watchdog owns the outbox: it finds what a job came to as a request, and delivers it by the way of every alert. */
function tellBy(paths: HomePaths): (told: ToldResult) => void {
  return ({ job: { name, notify }, run, finish, text }) =>
    leaveResult(paths, {
      ...{ request: 'result', run, finish, text },
      job: name,
      channels: notify,
      at: new Date().toISOString(),
    })
}

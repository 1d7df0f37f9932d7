/** The settings of the schedule. */
import type * as z from 'zod'
import { duration, section, setting, whole } from './fields.ts'

/** Jobs that are due by the clock or by an event. */
export const scheduleSection = section('The schedule: jobs that are due by the clock or by an event.', {
  minIntervalMs: setting(duration(1_000), 60_000, {
    description: 'Least time between two due moments of a job; a job that would be due more often is refused.',
    unit: 'ms',
  }),
  lateMs: setting(duration(1_000), 120_000, {
    description: 'A due moment that is noticed later than this was missed: the catch-up policy of its job decides.',
    unit: 'ms',
  }),
  catchUpMost: setting(whole(1, 100_000), 100, {
    description: 'Most missed runs of one job that catch-up all makes up for, the newest ones.',
    unit: 'runs',
  }),
  queueMost: setting(whole(1, 100_000), 100, {
    description: 'Most due moments of one job that wait for its run to end; more are left out.',
    unit: 'runs',
  }),
  retryForMs: setting(duration(0), 3_600_000, {
    description:
      'How long a run that cannot begin (no key, budget used up) is tried again before its due moment is given up.',
    unit: 'ms',
  }),
  eventsPerHour: setting(whole(1, 10_000), 60, {
    description: 'Most runs that events may start for one job within an hour.',
    unit: 'runs',
  }),
  maxJobs: setting(whole(1, 10_000), 500, { description: 'Most jobs that are kept.', unit: 'jobs' }),
  historyKeep: setting(whole(10, 1_000_000), 1_000, {
    description: 'Past due moments that are kept of each job.',
    unit: 'runs',
  }),
})

/** The settings of the schedule. */
export type ScheduleSettings = z.infer<typeof scheduleSection>

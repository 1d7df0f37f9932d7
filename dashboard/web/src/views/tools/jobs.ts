/** What a person does with a scheduled job: sent to the agent through the dashboard. */
import type { Slot } from '../../../../../src/shared/schedule/job.ts'
import { ask } from '../../live/ask.ts'
import type { Answer } from '../../live/problem.ts'

/** What can be done with one. */
export type JobDeed = 'run-now' | 'pause' | 'resume'

/** Does it. `key` makes the same wish the same run, however often it is sent. */
export function doWithJob(job: string, deed: JobDeed, key: string): Promise<Answer<unknown>> {
  const headers = { 'Idempotency-Key': key }
  return ask(`api/schedule/${encodeURIComponent(job)}/${deed}`, { method: 'POST', body: {}, headers })
}

/** What became of its due moments, newest first. */
export function jobHistory(job: string, signal: AbortSignal): Promise<Answer<{ readonly slots: readonly Slot[] }>> {
  return ask(`api/schedule/${encodeURIComponent(job)}/history`, { query: { limit: 20 }, signal })
}

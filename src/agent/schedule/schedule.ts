/** What can be done with the schedule: the owner's side of it. Every change is one transaction; what cannot be is a value. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { type Phrase, phrase } from '../../shared/messages/phrase.ts'
import type { Job, ListedJob, Slot } from '../../shared/schedule/job.ts'
import { type CheckedJob, checkChange, checkJob, type JobRules } from './checkJob.ts'
import { contentOf } from './fileContent.ts'
import type { JobDraft } from './jobDraft.ts'
import { nextOf } from './scheduler.ts'
import { hashOf, newSlot } from './slotRun.ts'
import type { ScheduleStore } from './store.ts'

/** What the schedule works with. */
export type ScheduleParts = {
  readonly store: ScheduleStore
  readonly rules: JobRules & { readonly maxJobs: number; readonly eventsPerHour: number }
  /** Newest incident that happened already, as a number; those after it make jobs due. */
  readonly lastIncident: () => number
  /** Wall clock in milliseconds. */
  readonly nowMs: () => number
  /** Told after each change: something may be due sooner. */
  readonly onChange: () => void
}

/** A job that was added. `token` calls its webhook; it is nowhere stored and never shown again. */
export type AddedJob =
  | { readonly ok: true; readonly job: ListedJob; readonly token?: string }
  | { readonly ok: false; readonly problem: Phrase }

/** What became of an event: it made the job due, it did so before, or it may not. */
export type Occurred = 'due' | 'known' | 'limited' | 'paused' | 'unknown'

/** An occurrence of an event. `key` names it: the same one makes a job due once. */
export type Occurrence = {
  readonly job: string
  readonly key: string
  /** What happened, for the model; never empty. */
  readonly payload: string
  /** How far the source has come, stored together with the slot. */
  readonly cursor?: string
}

const HOUR_MS = 3_600_000

/** The schedule as the routes and the sources of events use it. */
export type Schedule = {
  readonly check: (given: unknown) => CheckedJob
  readonly add: (given: unknown) => AddedJob
  readonly change: (id: string, given: unknown) => CheckedJob<ListedJob> | undefined
  readonly remove: (id: string) => boolean
  /** Pauses or goes on; what was due while it rested is not made up for. False when there is no such job. */
  readonly pause: (id: string, isPaused: boolean) => boolean
  /** Makes it due now, also when it is paused or a run goes on; the same `key` does so once. */
  readonly runNow: (id: string, key: string) => Slot | undefined
  readonly jobs: () => ListedJob[]
  readonly job: (id: string) => ListedJob | undefined
  readonly history: (id: string, limit: number) => Slot[]
  readonly occur: (occurrence: Occurrence) => Occurred
  /** Does this token belong to the webhook of this job? */
  readonly isHookToken: (id: string, token: string) => boolean
}

/** Builds it. */
export function createSchedule(parts: ScheduleParts): Schedule {
  const { store, rules, nowMs, onChange } = parts
  const told = <T>(value: T): T => {
    onChange()
    return value
  }
  return {
    check: (given) => checkJob(given, rules, nowMs()),
    add: (given) => told(add(given, parts)),
    change: (id, given) => told(store.together(() => change(id, given, parts))),
    remove: (id) => told(store.removeJob(id)),
    pause: (id, isPaused) => told(store.together(() => pause(id, isPaused, parts))),
    runNow: (id, key) => told(store.together(() => runNow(id, key, parts))),
    jobs: () => store.jobs().map(listed),
    job: (id) => {
      const job = store.job(id)
      return job && listed(job)
    },
    history: (id, limit) => store.history(id, limit),
    occur: (occurrence) => {
      const occurred = store.together(() => occur(occurrence, parts))
      if (occurred === 'due') onChange()
      return occurred
    },
    isHookToken: (id, token) => timingSafeEqual(digest(store.job(id)?.tokenHash ?? ''), digest(tokenHash(token))),
  }
}

/** Without what only the scheduler needs; a token's hash does not leave. */
function listed({
  cursorMs: _,
  eventCursor: __,
  tokenHash: ___,
  ...job
}: ListedJob & Record<string, unknown>): ListedJob {
  return job as ListedJob
}

function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function add(given: unknown, { store, rules, nowMs, lastIncident }: ScheduleParts): AddedJob {
  const createdMs = nowMs()
  const checked = checkJob(given, rules, createdMs)
  if (!checked.ok) return checked
  const job: Job = { id: `j${randomBytes(4).toString('hex')}`, ...checked.job, paused: false, createdMs }
  const token = job.trigger.kind === 'webhook' ? `ott_hook_${randomBytes(32).toString('base64url')}` : undefined
  const kept = {
    nextMs: nextOf(job, createdMs),
    eventCursor: firstCursor(job, lastIncident),
    tokenHash: token === undefined ? '' : tokenHash(token),
  }
  const isAdded = store.together(() => store.jobs().length < rules.maxJobs && store.addJob(job, kept))
  if (!isAdded) return { ok: false, problem: phrase('schedule.tooMany', { most: rules.maxJobs }) }
  return { ok: true, job: { ...job, nextMs: kept.nextMs }, ...(token === undefined ? {} : { token }) }
}

/** Where the events of a job begin: with what is there when it is made. */
export function firstCursor({ trigger }: Pick<JobDraft, 'trigger'>, lastIncident: () => number): string {
  if (trigger.kind === 'incident') return String(lastIncident())
  return trigger.kind === 'file' ? `0:${contentOf(trigger.path)}` : ''
}

function change(id: string, given: unknown, { store, rules, nowMs, lastIncident }: ScheduleParts) {
  const old = store.job(id)
  if (!old) return undefined
  const { nextMs: _, ...job } = listed(old)
  const checked = checkChange<Job>({ old: job, given }, rules, nowMs())
  if (!checked.ok) return checked
  const nextMs = nextOf(checked.job, nowMs())
  store.changeJob(checked.job, nextMs)
  if (JSON.stringify(checked.job.trigger) !== JSON.stringify(old.trigger)) {
    store.followEvents(id, firstCursor(checked.job, lastIncident))
    store.advance(id, nowMs(), nextMs)
  }
  return { ok: true as const, job: { ...checked.job, nextMs: old.paused ? null : nextMs } }
}

function pause(id: string, isPaused: boolean, { store, nowMs, lastIncident }: ScheduleParts): boolean {
  const job = store.job(id)
  if (!job) return false
  if (job.paused === isPaused) return true
  store.pauseJob(id, isPaused, { cursorMs: nowMs(), nextMs: nextOf(job, nowMs()) })
  if (!isPaused && job.trigger.kind !== 'webhook') store.followEvents(id, firstCursor(job, lastIncident))
  return true
}

function runNow(id: string, key: string, { store, nowMs }: ScheduleParts): Slot | undefined {
  const job = store.job(id)
  if (!job) return undefined
  const slot = newSlot({ id: `${id}:manual:${hashOf(key)}`, dueMs: nowMs() }, { id, jitterMs: 0 })
  store.claim({ ...slot, state: 'starting' })
  return store.slot(slot.id)
}

function occur({ job: id, key, payload, cursor }: Occurrence, { store, rules, nowMs }: ScheduleParts): Occurred {
  const job = store.job(id)
  if (!job) return 'unknown'
  if (job.paused) return 'paused'
  const name = `${id}:event:${hashOf(key)}`
  const isLimited = !store.slot(name) && store.eventsSince(id, nowMs() - HOUR_MS) >= rules.eventsPerHour
  if (isLimited) return 'limited'
  const isNew = store.claim({ ...newSlot({ id: name, dueMs: nowMs() }, job), payload })
  if (cursor !== undefined) store.followEvents(id, cursor)
  return isNew ? 'due' : 'known'
}

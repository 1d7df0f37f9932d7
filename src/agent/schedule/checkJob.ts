/** Decides whether a job can be kept: it must be due at some time, not too often, in a zone that exists. */
import type * as z from 'zod'
import { type Phrase, phrase } from '../../shared/messages/phrase.ts'
import { cronProblem, readCron } from './cronLine.ts'
import { nextDues } from './due.ts'
import { changeShape, type JobDraft, jobShape } from './jobDraft.ts'
import { isZone } from './zonedTime.ts'

/** What a job is held against. */
export type JobRules = {
  readonly minIntervalMs: number
  /** Is this path within `workspace/` or a folder that the owner named? */
  readonly mayWatch: (path: string) => boolean
  /** The channels by which a person is reached. */
  readonly channels: readonly { readonly name: string; readonly type: string }[]
}

/** A job that may be kept, or what is wrong with it. */
export type CheckedJob<T = JobDraft> =
  | { readonly ok: true; readonly job: T }
  | { readonly ok: false; readonly problem: Phrase }

/** Reads what somebody asked for. `nowMs`: wall clock; a single time must lie after it. */
export function checkJob(given: unknown, rules: JobRules, nowMs: number): CheckedJob {
  const parsed = jobShape.safeParse(given)
  if (!parsed.success) return { ok: false, problem: unreadable(parsed.error) }
  const draft = parsed.data
  const name = draft.name === '' ? nameFrom(draft.prompt) : draft.name
  const problem = problemOf(draft, rules, nowMs)
  return problem ? { ok: false, problem } : { ok: true, job: asStored({ ...draft, name }, rules) }
}

/** Reads a change of a job, and holds the changed job against the same rules; a single time that is not changed may have passed. */
export function checkChange<T extends JobDraft>(
  { old, given }: { old: T; given: unknown },
  rules: JobRules,
  nowMs: number,
): CheckedJob<T> {
  const parsed = changeShape.safeParse(given)
  if (!parsed.success) return { ok: false, problem: unreadable(parsed.error) }
  const job: T = { ...old, ...parsed.data }
  // A channel that left the settings since must not keep the rest from being changed.
  const judged = parsed.data.notify ? job : { ...job, notify: [] }
  const problem = problemOf(judged, rules, parsed.data.trigger ? nowMs : 0)
  return problem
    ? { ok: false, problem }
    : { ok: true, job: parsed.data.notify ? asStored(job, rules) : { ...job, trigger: inUtc(job.trigger) } }
}

function unreadable(error: z.ZodError): Phrase {
  const problems = error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`).join('; ')
  return phrase('schedule.badBody', { problems })
}

function nameFrom(prompt: string): string {
  return [...(prompt.split('\n')[0] ?? '')].slice(0, 60).join('')
}

/** The same instant, as it is stored. */
function inUtc(trigger: JobDraft['trigger']): JobDraft['trigger'] {
  return trigger.kind === 'at' ? { kind: 'at', at: new Date(Date.parse(trigger.at)).toISOString() } : trigger
}

function problemOf({ trigger, zone, notify }: JobDraft, rules: JobRules, nowMs: number): Phrase | undefined {
  if (!isZone(zone)) return phrase('schedule.badZone', { zone })
  const unknown = notify.find((word) => namesOf(word, rules).length === 0)
  if (unknown !== undefined) return noChannel(unknown, rules)
  switch (trigger.kind) {
    case 'cron':
      return problemOfCron(trigger.line, rules, nowMs)
    case 'every':
      return tooOften(trigger.everyMs, rules)
    case 'at':
      return problemOfTime(trigger.at, nowMs)
    case 'file':
      return rules.mayWatch(trigger.path) ? undefined : phrase('schedule.badPath', { path: trigger.path })
    case 'incident':
    case 'webhook':
      return undefined
  }
}

function noChannel(name: string, { channels }: JobRules): Phrase {
  return phrase('schedule.badChannel', { name, names: channels.map((known) => known.name).join(', ') || '–' })
}

/** A channel is meant by its name; people say its type as well (`send it to ntfy`), which means all of that type. */
function namesOf(word: string, { channels }: JobRules): string[] {
  const named = channels.filter(({ name }) => name === word)
  return (named.length > 0 ? named : channels.filter(({ type }) => type === word)).map(({ name }) => name)
}

function asStored<T extends JobDraft>(job: T, rules: JobRules): T {
  const notify = [...new Set(job.notify.flatMap((word) => namesOf(word, rules)))]
  return { ...job, notify, trigger: inUtc(job.trigger) }
}

function problemOfCron(line: string, rules: JobRules, nowMs: number): Phrase | undefined {
  const reason = cronProblem(line)
  if (reason?.includes('impossible day')) return phrase('schedule.neverDue', { line })
  if (reason !== undefined) return phrase('schedule.badCron', { line, reason })
  const often = tooOften(readCron(line).shortestMs, rules)
  if (often) return often
  const due = { id: '', trigger: { kind: 'cron', line }, zone: 'UTC', createdMs: 0 } as const
  return nextDues(due, nowMs, 1).length === 0 ? phrase('schedule.neverDue', { line }) : undefined
}

function tooOften(everyMs: number, { minIntervalMs }: JobRules): Phrase | undefined {
  if (everyMs >= minIntervalMs) return undefined
  return phrase('schedule.tooOften', { seconds: everyMs / 1_000, least: minIntervalMs / 1_000 })
}

const WITH_ZONE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/

function problemOfTime(at: string, nowMs: number): Phrase | undefined {
  const ms = WITH_ZONE.test(at) && isRealDay(at) ? Date.parse(at) : Number.NaN
  if (Number.isNaN(ms)) return phrase('schedule.badAt', { at })
  return ms <= nowMs ? phrase('schedule.past', { at }) : undefined
}

/** `Date.parse` takes February 30 for March 2. */
function isRealDay(at: string): boolean {
  const day = at.slice(0, 10)
  const ms = Date.parse(`${day}T00:00:00Z`)
  return !Number.isNaN(ms) && new Date(ms).toISOString().slice(0, 10) === day
}

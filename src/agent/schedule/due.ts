/**
 * When a job is due. A window is open at its beginning and closed at its end, so windows that follow each other share nothing and lose nothing.
 *
 * Daylight saving time: a local time that does not exist is due once, at the first instant after the gap (together with what is due then anyway); one
 * that exists twice is due once, the first time. A line for every ten minutes therefore rests while the hour is repeated; `every` counts elapsed time and does not.
 */
import type { Job } from '../../shared/schedule/job.ts'
import { readCron } from './cronLine.ts'
import { dayClock, localMs } from './zonedTime.ts'

/** What decides when a job is due. */
export type Due = Pick<Job, 'id' | 'trigger' | 'zone' | 'createdMs'>

/** A due moment. */
export type DueSlot = { readonly id: string; readonly dueMs: number }

const DAY_MS = 86_400_000
/** February 29 on a given day of the week comes back within 40 years, also over a year like 2100. */
const HORIZON_MS = 41 * 366 * DAY_MS

/** The due moments after `fromMs` and up to `toMs`, ascending. */
export function dueSlots(job: Due, fromMs: number, toMs: number): DueSlot[] {
  return [...instants(job, fromMs, toMs)].map((dueMs) => ({ id: slotIdOf(job.id, dueMs), dueMs }))
}

/** Names the due moment of a job. */
export function slotIdOf(job: string, dueMs: number): string {
  return `${job}:${new Date(dueMs).toISOString()}`
}

/** The next moments after `afterMs`, at most `count`; fewer where no more come within some forty years. */
export function nextDues(job: Due, afterMs: number, count: number): number[] {
  const found: number[] = []
  for (const instant of instants(job, afterMs, afterMs + HORIZON_MS)) {
    found.push(instant)
    if (found.length >= count) break
  }
  return found
}

/** The newest `count` moments of a window, ascending; looks back from its end, so a window of years is no more work. */
export function latestSlots(
  job: Due,
  { fromMs, toMs, count }: { fromMs: number; toMs: number; count: number },
): DueSlot[] {
  for (let spanMs = 3_600_000; ; spanMs *= 8) {
    const startMs = Math.max(fromMs, toMs - spanMs)
    const slots = dueSlots(job, startMs, toMs)
    if (slots.length >= count || startMs === fromMs) return slots.slice(-count)
  }
}

function* instants({ trigger, zone, createdMs }: Due, fromMs: number, toMs: number): Generator<number> {
  if (trigger.kind === 'cron') yield* cronInstants(trigger.line, zone, { fromMs, toMs })
  if (trigger.kind === 'every') yield* everyInstants(trigger.everyMs, createdMs, { fromMs, toMs })
  if (trigger.kind !== 'at') return
  const atMs = Date.parse(trigger.at)
  if (atMs > fromMs && atMs <= toMs) yield atMs
}

type Window = { readonly fromMs: number; readonly toMs: number }

function* everyInstants(everyMs: number, anchorMs: number, { fromMs, toMs }: Window): Generator<number> {
  const first = Math.max(1, Math.floor((fromMs - anchorMs) / everyMs) + 1)
  for (let dueMs = anchorMs + first * everyMs; dueMs <= toMs; dueMs += everyMs) yield dueMs
}

function* cronInstants(line: string, zone: string, { fromMs, toMs }: Window): Generator<number> {
  if (toMs <= fromMs) return
  const cron = readCron(line)
  // A time in a gap may come out on the day after: so from two days before.
  const firstDay = Math.floor(localMs(fromMs, zone) / DAY_MS) * DAY_MS - 2 * DAY_MS
  const lastDay = localMs(toMs, zone)
  let last = fromMs
  for (let day = firstDay; day <= lastDay; day += DAY_MS) {
    if (!cron.isDay(day)) continue
    const clock = dayClock(day, zone)
    for (const dueMs of cron.times.map((time) => clock(day + time)).toSorted((a, b) => a - b)) {
      if (dueMs > toMs) break
      if (dueMs <= last) continue
      last = dueMs
      yield dueMs
    }
  }
}

/** Cron lines: node-cron parses them and says which days they mean. It computes due times from its own now only, so the times are worked out by us. */
import { createTask, parse, validateDetailed } from 'node-cron'

const DAY_MS = 86_400_000
const MOST_KEPT = 1_000

/** A line that was read. */
export type CronLine = {
  /** Does it mean this day? The day's beginning, written as UTC. */
  readonly isDay: (dayMs: number) => boolean
  /** Times within a day, in milliseconds, ascending. */
  readonly times: readonly number[]
  /** The shortest time between two of them, over midnight as well, in milliseconds. */
  readonly shortestMs: number
}

const KEPT = new Map<string, CronLine>()

/** What is wrong with a line; undefined for a good one. A day that no month has (February 30) is found here. */
export function cronProblem(line: string): string | undefined {
  const { valid, errors } = validateDetailed(line)
  return valid ? undefined : errors.map(({ message }) => message).join('; ') || 'it cannot be read'
}

/** Reads a line that is good; throws for another one. */
export function readCron(line: string): CronLine {
  const known = KEPT.get(line)
  if (known) return known
  const times = timesOf(line)
  const isDay = dayJudge(line)
  const gaps = times.map((time, index) => (times[index + 1] ?? (times[0] ?? 0) + DAY_MS) - time)
  const read: CronLine = { isDay, times, shortestMs: Math.min(...gaps) }
  if (KEPT.size >= MOST_KEPT) KEPT.clear()
  KEPT.set(line, read)
  return read
}

function timesOf(line: string): number[] {
  const { second, minute, hour } = parse(line)
  return hour
    .flatMap((h) => minute.flatMap((m) => second.map((s) => ((h * 60 + m) * 60 + s) * 1_000)))
    .toSorted((a, b) => a - b)
}

/** Asks node-cron whether the first due second of that day, in UTC, is one of the line's. */
function dayJudge(line: string): (dayMs: number) => boolean {
  const { second, minute, hour } = parse(line)
  const first = ((hour[0] ?? 0) * 3_600 + (minute[0] ?? 0) * 60 + (second[0] ?? 0)) * 1_000
  const task = createTask(line, () => {}, { timezone: 'UTC', logger: SILENT })
  // It is never started; destroyed at once it leaves node-cron's list of tasks, and still answers.
  void task.destroy()
  return (dayMs) => task.match(new Date(dayMs + first))
}

const SILENT = { info: () => {}, warn: () => {}, error: () => {}, debug: () => {} }

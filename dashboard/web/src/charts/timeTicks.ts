/** Where the marks of a time axis stand, and how they read. */
import type { Language } from '../../../../src/shared/messages/message.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const STEPS = [
  ...[5, 10, 15, 30].map((seconds) => seconds * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 7, 14, 30, 90].map((days) => days * DAY),
]

/** Round moments between two others in the reader's zone, at most `most` of them. */
export function timeTicks(fromMs: number, toMs: number, most: number): number[] {
  const room = toMs - fromMs
  if (!(room > 0) || most < 1) return []
  const step = STEPS.find((size) => room / size <= most) ?? Math.ceil(room / most / DAY) * DAY
  const shift = new Date(fromMs).getTimezoneOffset() * MINUTE
  const first = Math.ceil((fromMs - shift) / step) * step + shift
  const count = Math.floor((toMs - first) / step) + 1
  return Array.from({ length: Math.max(0, count) }, (_, at) => first + at * step)
}

/** How a mark reads, for a window of that length. */
export function timeLabel(atMs: number, windowMs: number, language: Language): string {
  const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
  if (windowMs <= 10 * MINUTE) return format(atMs, language, { ...clock, second: '2-digit' })
  if (windowMs <= 36 * HOUR) return format(atMs, language, clock)
  return format(atMs, language, { month: 'short', day: 'numeric', ...(windowMs <= 5 * DAY && clock) })
}

function format(atMs: number, language: Language, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(language, options).format(atMs)
}

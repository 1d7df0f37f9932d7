/** One line of a log as the page shows it: masked once more, however it was written. */
import { redactJsonLine } from '../../src/shared/redact/jsonLine.ts'
import type { LogLine } from '../contractViews.ts'

/** Levels by their number in the log, weakest first. */
const LEVEL_NAMES: Readonly<Record<string, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
}
/** The words that a filter may name, weakest first. */
export const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const
export type Level = (typeof LEVELS)[number]

/** Longest raw line that leaves, in characters. */
const MAX_RAW = 8 * 1_024
const MAX_TEXT = 1_000
const SHOWN_ELSEWHERE = new Set(['level', 'time', 'at', 'app', 'pid', 'msg'])

/** What of a line is looked at before it is masked: cheap, for lines that are passed over. */
export type RoughLine = { readonly whole: string; readonly at: string; readonly level: Level }

/** Reads time and level; a line that is no JSON (cut, or half written by one who was killed) keeps the time of its neighbour. */
export function roughLine(bytes: Buffer, app: string, neighbourAt: string): RoughLine {
  const whole = bytes.toString('utf8')
  const record = recordIn(whole)
  const time = record ? (record['time'] ?? record['at']) : /"(?:time|at)":"([^"]{1,40})"/.exec(whole.slice(0, 200))?.[1]
  const level = record ? record['level'] : /"level":(\d+)/.exec(whole.slice(0, 200))?.[1]
  const at = typeof time === 'string' && Number.isFinite(Date.parse(time)) ? time : neighbourAt
  return { whole, at, level: levelOf(level, app, record) }
}

function levelOf(level: unknown, app: string, record: Record<string, unknown> | undefined): Level {
  const named = LEVELS.find((name) => name === LEVEL_NAMES[String(level)])
  if (named) return named
  // The ledger of model calls has no levels: a call that failed is worth a look.
  return app === 'usage' && record !== undefined && record['result'] !== 'ok' ? 'warn' : 'info'
}

/** The line for the page. */
export function shownLine({ whole, at, level }: RoughLine, app: string, redact: (text: string) => string): LogLine {
  const masked = redactJsonLine(whole, redact)
  return { at, app, level, text: cut(wordsOf(masked), MAX_TEXT), raw: cut(masked, MAX_RAW) }
}

function wordsOf(masked: string): string {
  const record = recordIn(masked)
  if (!record) return masked
  const facts = Object.entries(record)
    .filter(([key]) => !SHOWN_ELSEWHERE.has(key))
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
  return [...(typeof record['msg'] === 'string' ? [record['msg']] : []), ...facts].join(' ')
}

function recordIn(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}

/** Never in the middle of a character of two halves. */
function cut(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit).replace(/[\ud800-\udbff]$/, '')}…`
}

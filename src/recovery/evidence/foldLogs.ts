/** PURE. Logs of any size become a short, counted list of templates. The work is bounded: a log of 10 MB, with or without line breaks, costs little more than one pass over it. */
import { MAX_LINE, templateOf } from './template.ts'
import { CODES, ERROR_NAMES } from './vocabulary.ts'

/** One kind of line, and how often it came. */
export type LogTemplate = { readonly text: string; readonly count: number; readonly isError: boolean }

/** Of a longer log only so much of its beginning and its end is read line by line, and between them what looks like a fault. In characters. */
const HEAD = 64 * 1_024
const TAIL = 192 * 1_024
/** Most lines between head and tail that are read. */
const MAX_BETWEEN = 500
/** Most different templates that are counted, and that are kept. */
const MAX_COUNTED = 1_000
const MAX_KEPT = 40
/** A longer line of JSON is read as plain text: none of ours is. */
const MAX_JSON = 16 * 1_024

/** What a line must hold to be looked at in the middle of a long log. No part of it can run on, so that it is one pass. */
const LOOKS_WRONG = /Error|ERR_|error|SQLITE_|CERT_|FATAL|fatal|\bE[A-Z]{4}|NODE_MODULE_VERSION|malformed|panic/g
/** A frame of a stack, or the mark below a line of code: says nothing that the message did not. */
const FRAME = /^\s*(?:at\s|\^+\s*$|~+\s*$)/
const WRONG_WORDS =
  /\b(?:error|fatal|failed|failure|crashed|uncaught|unhandled|rejection|exception|malformed|corrupt)\b/

/** Folds logs into templates: errors first, then the more frequent, then as they came. */
export function foldLogs(logs: readonly string[]): LogTemplate[] {
  const counts = new Map<string, { count: number; isError: boolean }>()
  for (const log of logs) for (const line of linesOf(log)) countLine(counts, line)
  return [...counts]
    .map(([text, { count, isError }]) => ({ text, count, isError }))
    .toSorted((a, b) => Number(b.isError) - Number(a.isError) || b.count - a.count)
    .slice(0, MAX_KEPT)
}

function countLine(counts: Map<string, { count: number; isError: boolean }>, line: string): void {
  if (FRAME.test(line)) return
  const { words, isBad } = wordsOf(line)
  const text = templateOf(words)
  if (text === undefined) return
  const known = counts.get(text)
  if (known) known.count++
  else if (counts.size < MAX_COUNTED) counts.set(text, { count: 1, isError: isBad || tellsOfError(text) })
}

/** Does a template name an error? */
function tellsOfError(text: string): boolean {
  const words = text.split(/[^A-Za-z_]+/)
  return WRONG_WORDS.test(text) || words.some((word) => CODES.has(word) || ERROR_NAMES.has(word))
}

/** Short logs whole; of a long one the head, the suspicious lines between, and the tail. */
function linesOf(log: string): string[] {
  if (log.length <= HEAD + TAIL) return split(log)
  const tailAt = log.length - TAIL
  return [...split(log.slice(0, HEAD)), ...between(log, tailAt), ...split(log.slice(tailAt))]
}

function split(text: string): string[] {
  return text.split(/\r\n|[\n\r]/).filter((line) => line !== '')
}

/** No search for the ends of a line goes further than a line may be long, so that a log without line breaks costs no more. */
function between(log: string, to: number): string[] {
  const found: string[] = []
  const pattern = new RegExp(LOOKS_WRONG)
  pattern.lastIndex = HEAD
  for (let match = pattern.exec(log); match && match.index < to && found.length < MAX_BETWEEN; ) {
    const before = log.slice(Math.max(0, match.index - MAX_LINE / 2), match.index)
    const begin = match.index - before.length + before.lastIndexOf('\n') + 1
    const line = log.slice(begin, begin + MAX_LINE).split('\n', 1)[0] ?? ''
    found.push(line)
    pattern.lastIndex = Math.max(begin + line.length, match.index + 1)
    match = pattern.exec(log)
  }
  return found
}

/** Words of the levels of our own logs (pino). */
const ERROR_LEVEL = 50

/** The telling part of a line: of our own JSON lines the message and what it says of an error; of every other line all of it. */
function wordsOf(line: string): { readonly words: string; readonly isBad: boolean } {
  const record = line.startsWith('{') && line.length <= MAX_JSON ? parsed(line) : undefined
  if (!record) return { words: line, isBad: false }
  const error = record['error'] ?? record['err'] ?? record['reason']
  const words = [record['msg'], ...messagesIn(error), record['code']].flatMap(firstLine)
  return { words: words.join(' : ') || line, isBad: Number(record['level']) >= ERROR_LEVEL }
}

function messagesIn(error: unknown): unknown[] {
  if (typeof error !== 'object' || error === null) return [error]
  const { type, message, code } = error as Record<string, unknown>
  return [type, message, code]
}

function firstLine(value: unknown): string[] {
  return typeof value === 'string' && value !== '' ? [value.slice(0, MAX_LINE).split('\n', 1)[0] ?? ''] : []
}

function parsed(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

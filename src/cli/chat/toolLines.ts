/** PURE: what a person sees of the tools while a run goes on, a line an event. */
import type { Language } from '../../shared/messages/message.ts'
import { text } from '../../shared/messages/text.ts'
import { formatDuration } from '../duration.ts'
import { terminalSafe } from '../terminalSafe.ts'

/** An event of the journal as it comes over the wire. */
export type JournalEvent = {
  readonly seq: number
  readonly type: string
  readonly data: Readonly<Record<string, unknown>>
}

/** Longest part of a tool's arguments or of its answer in one line, in characters. */
const LONGEST = 100

/** The line for an event; undefined for what a person need not see. */
export function toolLine(event: JournalEvent, language: Language): string | undefined {
  const { type, data } = event
  switch (type) {
    case 'model_answered':
      return [callLines(data['calls']), warningLine(data['warning'])].filter(Boolean).join('\n') || undefined
    case 'tool_ended':
      return endLine(data, language)
    case 'hinted':
      return text(language, 'chat.hinted', { hint: short(String(data['text'] ?? '')) })
    case 'steered':
      return text(language, 'chat.steered')
    default:
      return undefined
  }
}

function callLines(calls: unknown): string | undefined {
  if (!Array.isArray(calls) || calls.length === 0) return undefined
  return calls.map(({ name, input }) => `→ ${terminalSafe(String(name))} ${short(argumentsText(input))}`).join('\n')
}

function warningLine(warning: unknown): string | undefined {
  return typeof warning === 'string' && warning !== '' ? `! ${terminalSafe(warning)}` : undefined
}

/** One argument needs no name. */
function argumentsText(input: unknown): string {
  const values = typeof input === 'object' && input !== null ? Object.values(input) : []
  return values.length === 1 && typeof values[0] === 'string' ? values[0] : JSON.stringify(input ?? null)
}

function endLine(data: JournalEvent['data'], language: Language): string {
  const took = formatDuration(Number(data['tookMs'] ?? 0), language)
  const first =
    String(data['text'] ?? '')
      .split('\n')
      .find((line) => line.trim() !== '') ?? ''
  return `${data['ok'] === true ? '✓' : '✗'} ${terminalSafe(String(data['tool']))} (${took}) ${short(first)}`
}

function short(text: string): string {
  const safe = terminalSafe(text.replace(/\s+/g, ' ').trim())
  return safe.length > LONGEST ? `${safe.slice(0, LONGEST)}…` : safe
}

/** Calls of tools as they come out of a stream, in pieces, and what is made of them. The same for every wire. */
import { randomUUID } from 'node:crypto'
import type { AnswerTool, ToolCall } from './modelCall.ts'

/** Longest stream of a forced call, in characters of text and input together: a good one has a few hundred. */
const MAX_FORCED_CHARACTERS = 64 * 1_024
/** Longest stream of any other answer, in characters of text, thinking and inputs together: 128,000 tokens, the longest answer that is sold, have about 0.5 million. */
const MAX_CHARACTERS = 2 * 1_024 * 1_024
/** So much of arguments that are no JSON is kept, in characters. */
const MAX_BROKEN = 16 * 1_024

/** One call as it was put together from its pieces. */
export type RawCall = { readonly id: string; readonly name: string; readonly json: string }

/** The longest stream of this kind of call, in characters. */
export function longestStream(tool: AnswerTool | undefined): number {
  return tool ? MAX_FORCED_CHARACTERS : MAX_CHARACTERS
}

/**
 * The calls in the order of the model. What is no JSON object is told as `broken`, never thrown; no arguments at all are an empty object.
 * A call without an id, or with the id of another one, gets an id of its own: answers are matched by it.
 */
export function toCalls(raw: readonly RawCall[]): ToolCall[] {
  const seen = new Set<string>()
  return raw.map(({ id, name, json }) => {
    const own = id === '' || seen.has(id) ? `call_${randomUUID()}` : id
    seen.add(own)
    const input = json.trim() === '' ? {} : parse(json)
    if (isRecord(input)) return { id: own, name, input }
    return { id: own, name, input: null, broken: json.slice(0, MAX_BROKEN) }
  })
}

/** The input of the forced call, or why there was no such call. */
export type ForcedResult =
  | { readonly ok: true; readonly input: unknown }
  | { readonly ok: false; readonly reason: string }

/** Reads the one call that was asked for: strictly, because the call is the whole answer. Nothing is decided by prose. */
export function forcedInput({ name, isValid }: AnswerTool, raw: readonly RawCall[]): ForcedResult {
  const [call] = raw
  if (!call || raw.length !== 1) return { ok: false, reason: `${raw.length} tools were called instead of one` }
  if (call.name !== name) return { ok: false, reason: 'another tool was called' }
  const input = parse(call.json)
  return isValid(input) ? { ok: true, input } : { ok: false, reason: 'the input of the tool does not fit its schema' }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

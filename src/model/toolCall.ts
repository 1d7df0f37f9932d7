/** A forced tool on Anthropic's wire, and how its call is read out of a stream: strictly, because the call is the whole answer. */
import type { RawMessageStreamEvent } from '@anthropic-ai/sdk/resources/messages'
import type { AnswerTool } from './modelCall.ts'

/** Longest stream of a forced call, in characters of text and input together: a good one has a few hundred. */
const MAX_CHARACTERS = 64 * 1_024

/**
 * The request's part: this one tool. It is asked for in words, not forced by `tool_choice`: models that always think (Claude Sonnet 5.5 and later) answer a forced
 * tool with an error. Strictness is on our side: whatever is not exactly this call is no answer.
 */
export function toolOnWire({ name, description, inputSchema }: AnswerTool) {
  return {
    tools: [{ name, description, input_schema: inputSchema }],
    tool_choice: { type: 'auto' as const, disable_parallel_tool_use: true },
  }
}

/** The input of the call, or why there was no such call. */
export type ToolCallResult =
  | { readonly ok: true; readonly input: unknown }
  | { readonly ok: false; readonly reason: string }

/** Folds a stream into one call. Text and thinking beside it are counted and dropped: nothing is decided by prose. */
export function createToolCall() {
  const names: string[] = []
  let json = ''
  let characters = 0

  const take = (event: RawMessageStreamEvent): undefined => {
    if (event.type === 'content_block_start' && event.content_block.type.endsWith('tool_use')) {
      names.push('name' in event.content_block ? String(event.content_block.name) : '')
    }
    if (event.type !== 'content_block_delta') return
    characters += JSON.stringify(event.delta).length
    if (event.delta.type === 'input_json_delta' && characters <= MAX_CHARACTERS) json += event.delta.partial_json
  }
  const finished = ({ name, isValid }: AnswerTool): ToolCallResult => {
    if (names.length !== 1) return { ok: false, reason: `${names.length} tools were called instead of one` }
    if (names[0] !== name) return { ok: false, reason: 'another tool was called' }
    const input = parse(json)
    return isValid(input) ? { ok: true, input } : { ok: false, reason: 'the input of the tool does not fit its schema' }
  }
  return { take, finished, isTooLong: () => characters > MAX_CHARACTERS }
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

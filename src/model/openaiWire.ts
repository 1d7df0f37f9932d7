/** A request in the words of OpenAI's chat completions, with the quirks of the provider that gets it. Pure. */
import type {
  ChatCompletionContentPart,
  ChatCompletionCreateParamsStreaming,
  ChatCompletionMessageParam,
  ChatCompletionMessageFunctionToolCall as WireCall,
} from 'openai/resources/chat/completions'
import type { AssistantTurn, Image, ModelRequest, Native, Quirks, ToolCall, ToolOffer, UserTurn } from './modelCall.ts'

/** What stands where a picture cannot go. */
const NO_IMAGE = '[a picture was left out here: this model takes none]'
/** The wire has no field for it. */
const ERROR_MARK = '[error] '

type Body = Omit<ChatCompletionCreateParamsStreaming, 'stream'>

/** What is kept of an answer to be sent back: its thinking, and what the provider wrote into its calls, by their ids. */
export type OpenaiNative = {
  readonly reasoning?: string
  readonly details?: readonly object[]
  readonly extras?: Readonly<Record<string, object>>
}

/** Writes the request. */
export function toOpenai(request: ModelRequest, quirks: Quirks): Body {
  const { model, system, turns, maxTokens } = request
  const messages = turns.flatMap((turn) =>
    turn.role === 'user' ? userMessages(turn, quirks) : assistantMessages(turn, ownNative(turn.native, model), quirks),
  )
  return {
    model,
    ...(quirks.maxTokensField ? { [quirks.maxTokensField]: maxTokens } : { max_completion_tokens: maxTokens }),
    messages: [...(system === '' ? [] : [{ role: 'system' as const, content: system }]), ...messages],
    ...toolsOnWire(request, quirks),
    ...(quirks.noStreamOptions ? {} : { stream_options: { include_usage: true } }),
  }
}

function ownNative(native: Native | undefined, model: string): OpenaiNative {
  if (native?.wire !== 'openai' || native.model !== model) return {}
  return typeof native.content === 'object' && native.content !== null ? native.content : {}
}

/** A forced tool is forced where the provider can; where it cannot, it is offered alone. Strictness is on our side either way. */
function toolsOnWire({ tool, tools = [], toolChoice }: ModelRequest, quirks: Quirks): Partial<Body> {
  if (tool) {
    const choice = { type: 'function' as const, function: { name: tool.name } }
    return { tools: [offerOnWire(tool)], ...(quirks.noForcedTool ? {} : { tool_choice: choice }) }
  }
  if (tools.length === 0) return {}
  return { tools: tools.map(offerOnWire), ...(toolChoice === 'none' ? { tool_choice: 'none' as const } : {}) }
}

function offerOnWire({ name, description, inputSchema }: ToolOffer) {
  return { type: 'function' as const, function: { name, description, parameters: { ...inputSchema } } }
}

/** Each answer of a tool is a message of its own, before what the person says. */
function userMessages({ text, images = [], answers = [] }: UserTurn, quirks: Quirks): ChatCompletionMessageParam[] {
  const answered = answers.map((answer) => ({
    role: 'tool' as const,
    tool_call_id: answer.id,
    content: answer.isError ? `${ERROR_MARK}${answer.text}` : answer.text,
  }))
  if (images.length === 0) return text === '' ? answered : [...answered, { role: 'user', content: text }]
  const content = [...images.map((image) => imagePart(image, quirks)), ...textParts(text)]
  return [...answered, { role: 'user', content }]
}

function imagePart({ mediaType, base64 }: Image, quirks: Quirks): ChatCompletionContentPart {
  if (quirks.noImages) return { type: 'text', text: NO_IMAGE }
  return { type: 'image_url', image_url: { url: `data:${mediaType};base64,${base64}` } }
}

function textParts(text: string): ChatCompletionContentPart[] {
  return text === '' ? [] : [{ type: 'text', text }]
}

function assistantMessages(
  { text, calls = [] }: AssistantTurn,
  { reasoning = '', details, extras = {} }: OpenaiNative,
  { reasoningBack }: Quirks,
): ChatCompletionMessageParam[] {
  if (calls.length === 0) return text === '' ? [] : [{ role: 'assistant', content: text }]
  const message = {
    role: 'assistant' as const,
    content: text === '' ? null : text,
    tool_calls: calls.map((call) => callOnWire(call, extras[call.id])),
  }
  // Turns with calls only: there it is demanded, also when it is empty; elsewhere it is ignored.
  if (reasoningBack === 'reasoning_content') return [{ ...message, reasoning_content: reasoning } as typeof message]
  if (reasoningBack === 'reasoning_details' && details) {
    return [{ ...message, reasoning_details: details } as typeof message]
  }
  return [message]
}

function callOnWire({ id, name, input }: ToolCall, extra: object | undefined): WireCall {
  const call = { id, type: 'function' as const, function: { name, arguments: JSON.stringify(input ?? {}) } }
  return extra ? ({ ...call, extra_content: extra } as WireCall) : call
}

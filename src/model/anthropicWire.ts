/** A request in the words of Anthropic's Messages API, with the marks of its prompt cache. Pure. */
import { createHash } from 'node:crypto'
import type {
  CacheControlEphemeral,
  ContentBlockParam,
  MessageCreateParamsStreaming,
  Tool,
} from '@anthropic-ai/sdk/resources/messages'
import type { AnswerTool, AssistantTurn, Image, ModelRequest, Quirks, Turn, UserTurn } from './modelCall.ts'

/**
 * A shorter conversation is sent without marks: nothing below 1,024 tokens is cached by any model, and a token has at least a character:
 * https://platform.claude.com/docs/en/build-with-claude/prompt-caching
 */
const MIN_CACHED_CHARACTERS = 1_024
const MARK: CacheControlEphemeral = { type: 'ephemeral' }
/** What stands where a picture cannot go. */
const NO_IMAGE = '[a picture was left out here: this model takes none]'

/** What we write; the wire also knows messages of the system. */
type Message = { readonly role: 'user' | 'assistant'; readonly content: string | ContentBlockParam[] }
type Body = Omit<MessageCreateParamsStreaming, 'stream'>

/**
 * Writes the request. Four marks, the most that the wire allows: behind the tools, behind the system text, behind the newest turn of the user and
 * behind the one before it. The last one is where the call before this one ended: so only what is new costs its full price.
 */
export function toAnthropic(request: ModelRequest, quirks: Quirks): Body {
  const { model, system, maxTokens, tool } = request
  const isCached = !tool && !quirks.noCacheControl && charactersOf(request) >= MIN_CACHED_CHARACTERS
  const { messages } = writeMessages(request, quirks)
  return {
    model,
    max_tokens: maxTokens,
    ...(tool ? toolOnWire(tool) : toolsOnWire(request, isCached)),
    ...(system === ''
      ? {}
      : { system: isCached ? [{ type: 'text' as const, text: system, cache_control: MARK }] : system }),
    messages: isCached ? marked(messages) : messages,
  }
}

/**
 * The forced tool. It is asked for in words, not forced by `tool_choice`: models that always think (Claude Sonnet 5.5 and later) answer a forced
 * tool with an error. Strictness is on our side: whatever is not exactly this call is no answer.
 */
function toolOnWire({ name, description, inputSchema }: AnswerTool) {
  return {
    tools: [{ name, description, input_schema: { ...inputSchema } }],
    tool_choice: { type: 'auto' as const, disable_parallel_tool_use: true },
  }
}

function toolsOnWire({ tools = [], toolChoice }: ModelRequest, isCached: boolean): Partial<Body> {
  if (tools.length === 0) return {}
  const offered = tools.map(({ name, description, inputSchema }, index): Tool => {
    const isLast = index === tools.length - 1
    return {
      name,
      description,
      input_schema: { ...inputSchema },
      ...(isCached && isLast ? { cache_control: MARK } : {}),
    }
  })
  return { tools: offered, ...(toolChoice === 'none' ? { tool_choice: { type: 'none' as const } } : {}) }
}

/**
 * Writes the turns, and seals what was written. Thinking goes back only where everything before it is what it was: newer models refuse it otherwise,
 * and with it the whole request (https://platform.claude.com/docs/en/build-with-claude/preserved-thinking). So a compacted, branched or edited
 * conversation loses the thinking behind the change, and nothing else.
 */
export function writeMessages(request: ModelRequest, quirks: Quirks): { messages: Message[]; seal: () => string } {
  const { model, system, turns, tools = [] } = request
  const hash = createHash('sha256')
  // Sealed when somebody asks for it: most conversations have no thinking to check.
  const unsealed: unknown[] = [[system, tools]]
  const seal = () => {
    for (const part of unsealed.splice(0)) hash.update(JSON.stringify(part))
    return hash.copy().digest('base64url')
  }
  const messages = turns.flatMap((turn) => {
    const written = messageOf(turn, quirks, () => blocksOf(turn, model, seal))
    unsealed.push(written)
    return written
  })
  return { messages, seal }
}

/** What is kept of an answer: its blocks, and the seal of everything that stood before it. */
export type AnthropicNative = { readonly seal: string; readonly blocks: readonly object[] }

/** The blocks of an answer as they were, where they still hold. */
function blocksOf(turn: AssistantTurn | UserTurn, model: string, seal: () => string): ContentBlockParam[] | undefined {
  const native = turn.role === 'assistant' ? turn.native : undefined
  if (native?.wire !== 'anthropic' || native.model !== model) return undefined
  const { seal: sealed, blocks } = native.content as Partial<AnthropicNative>
  return sealed === seal() && Array.isArray(blocks) ? blocks : undefined
}

/** A turn that says nothing is left away: the wire knows no empty text. */
function messageOf(turn: Turn, quirks: Quirks, own: () => ContentBlockParam[] | undefined): Message[] {
  if (turn.role === 'user') return withContent('user', userBlocks(turn, quirks))
  return withContent('assistant', own() ?? assistantBlocks(turn))
}

function withContent(role: 'user' | 'assistant', blocks: ContentBlockParam[]): Message[] {
  const [first] = blocks
  if (!first) return []
  return [{ role, content: blocks.length === 1 && first.type === 'text' ? first.text : blocks }]
}

/** Answers of tools come first: the wire asks for it. */
function userBlocks({ text, images = [], answers = [] }: UserTurn, quirks: Quirks): ContentBlockParam[] {
  return [
    ...answers.map((answer) => ({
      type: 'tool_result' as const,
      tool_use_id: answer.id,
      content: answer.text,
      ...(answer.isError ? { is_error: true } : {}),
    })),
    ...images.map((image) => imageBlock(image, quirks)),
    ...textBlocks(text),
  ]
}

function imageBlock({ mediaType, base64 }: Image, quirks: Quirks): ContentBlockParam {
  if (quirks.noImages) return { type: 'text', text: NO_IMAGE }
  return { type: 'image', source: { type: 'base64', media_type: mediaType, data: base64 } }
}

function assistantBlocks({ text, calls = [] }: AssistantTurn): ContentBlockParam[] {
  const called = calls.map(({ id, name, input }) => ({ type: 'tool_use' as const, id, name, input: input ?? {} }))
  return [...textBlocks(text), ...called]
}

function textBlocks(text: string): ContentBlockParam[] {
  return text.trim() === '' ? [] : [{ type: 'text', text }]
}

/** Marks the end of the two newest messages of the user. */
function marked(messages: readonly Message[]): Message[] {
  const newest = messages.flatMap(({ role }, index) => (role === 'user' ? [index] : [])).slice(-2)
  return messages.map((message, index) => (newest.includes(index) ? withMark(message) : message))
}

function withMark(message: Message): Message {
  const { role, content } = message
  const blocks: ContentBlockParam[] = typeof content === 'string' ? [{ type: 'text', text: content }] : [...content]
  const last = blocks.pop()
  return last
    ? { role, content: [...blocks, { ...last, cache_control: MARK } as ContentBlockParam] }
    : { role, content }
}

function charactersOf({ system, turns, tools = [] }: ModelRequest): number {
  const ofTools = tools.reduce((sum, { description }) => sum + description.length, 0)
  return turns.reduce((sum, turn) => sum + charactersOfTurn(turn), system.length + ofTools)
}

function charactersOfTurn(turn: Turn): number {
  if (turn.role === 'assistant') return turn.text.length
  return (turn.answers ?? []).reduce((sum, { text }) => sum + text.length, turn.text.length)
}

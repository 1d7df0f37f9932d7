/** Folds the events of Anthropic's stream into an answer, block by block: in any order of blocks, and with events that come twice. */
import type { AnthropicNative } from './anthropicWire.ts'
import { conclude, type StopWords } from './conclude.ts'
import { type ModelRequest, type Native, NO_USAGE, type Usage } from './modelCall.ts'
import type { AnswerFold } from './providerCall.ts'
import { longestStream, type RawCall } from './toolCall.ts'
import { countIn, fieldsOf, textIn } from './wireValue.ts'

/** https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons */
const STOP_WORDS: StopWords = {
  refusal: ['refusal'],
  tooLong: ['max_tokens', 'model_context_window_exceeded'],
  forced: ['tool_use'],
}

type Start = { readonly type: string; readonly [field: string]: unknown }

/** A block as far as it came. A piece may come before its block's start; it is kept until then. */
type Block = {
  readonly index: number
  start?: Start
  text: string
  json: string
  thinking: string
  signature: string
  isStopped: boolean
}

type Event = ReturnType<typeof fieldsOf<'type' | 'index' | 'message' | 'usage' | 'delta' | 'content_block'>>

/** The fold of one call. `seal` is that of everything that was sent; it is asked for once, where there is something to keep. */
export function foldAnthropic(request: ModelRequest, seal: () => string): AnswerFold {
  const blocks = new Map<number, Block>()
  const limit = longestStream(request.tool)
  let usage: Usage = NO_USAGE
  let stopReason = ''
  let isComplete = false
  let characters = 0

  const take = (came: unknown): string | undefined => {
    const event: Event = fieldsOf(came)
    if (isComplete) return undefined
    if (event.type === 'message_start') usage = mergeUsage(usage, fieldsOf<'usage'>(event.message).usage)
    if (event.type === 'message_delta') {
      usage = mergeUsage(usage, event.usage)
      stopReason = textIn(fieldsOf<'stop_reason'>(event.delta).stop_reason) || stopReason
    }
    if (event.type === 'message_stop') isComplete = true
    const index = countIn(event.index)
    if (index === undefined) return undefined
    const { weight, said } = takePiece(blockAt(blocks, index), event)
    characters += weight
    return request.tool ? undefined : said
  }
  const finished = () => {
    const inOrder = [...blocks.values()].sort((a, b) => a.index - b.index)
    return conclude(
      request,
      {
        text: inOrder.map(({ text }) => text).join(''),
        calls: inOrder.flatMap(rawCallOf),
        native: (ids) => nativeOf(request.model, seal, nativeBlocks(inOrder, ids)),
        usage,
        stopReason: isComplete ? stopReason || 'unknown' : undefined,
      },
      STOP_WORDS,
    )
  }
  return { take, finished, usage: () => usage, isTooLong: () => characters > limit }
}

function blockAt(blocks: Map<number, Block>, index: number): Block {
  const known = blocks.get(index)
  if (known) return known
  const block = { index, text: '', json: '', thinking: '', signature: '', isStopped: false }
  blocks.set(index, block)
  return block
}

/** What a piece weighs in characters (never nothing, so that a flood of empty pieces has an end too), and what of it a reader may see. */
type Taken = { readonly weight: number; readonly said?: string }

function takePiece(block: Block, event: Event): Taken {
  // A block that is said again has been heard.
  if (block.isStopped) return { weight: 1 }
  if (event.type === 'content_block_stop') block.isStopped = true
  if (event.type === 'content_block_start') return beginBlock(block, event.content_block)
  return event.type === 'content_block_delta' ? addDelta(block, event.delta) : { weight: 1 }
}

/** Some providers say a part of the block, or all of it, at its start. */
function beginBlock(block: Block, content: unknown): Taken {
  const start = fieldsOf<'type' | 'text' | 'thinking'>(content)
  if (block.start || typeof start.type !== 'string') return { weight: 1 }
  block.start = start as Start
  const said = start.type === 'text' ? textIn(start.text) : ''
  block.text = said + block.text
  block.thinking = textIn(start.thinking) + block.thinking
  return { weight: 1 + said.length, said }
}

function addDelta(block: Block, came: unknown): Taken {
  const delta = fieldsOf<'type' | 'text' | 'partial_json' | 'thinking' | 'signature'>(came)
  const said = delta.type === 'text_delta' ? textIn(delta.text) : ''
  const json = delta.type === 'input_json_delta' ? textIn(delta.partial_json) : ''
  const thinking = delta.type === 'thinking_delta' ? textIn(delta.thinking) : ''
  block.text += said
  block.json += json
  block.thinking += thinking
  if (delta.type === 'signature_delta') block.signature += textIn(delta.signature)
  return { weight: 1 + said.length + json.length + thinking.length, said }
}

function rawCallOf({ start, json }: Block): RawCall[] {
  if (!start) return json === '' ? [] : [{ id: '', name: '', json }]
  if (!start.type.endsWith('tool_use')) return []
  // Some providers say the whole input at the start of the block.
  const whole = json === '' && start['input'] ? JSON.stringify(start['input']) : json
  return [{ id: textIn(start['id']), name: textIn(start['name']), json: whole === '{}' ? json : whole }]
}

function nativeOf(model: string, seal: () => string, blocks: readonly object[] | undefined): Native | undefined {
  if (!blocks) return undefined
  const content: AnthropicNative = { seal: seal(), blocks }
  return { wire: 'anthropic', model, content }
}

/**
 * The blocks as they must be sent back, where there is more than text and calls (thinking with its signature). A block that was cut is left away:
 * it would be refused. Undefined where text and calls say it all.
 */
function nativeBlocks(blocks: readonly Block[], ids: readonly string[]): readonly object[] | undefined {
  const isMore = blocks.some(({ start, isStopped }) => isStopped && start && !/^(text|tool_use)$/.test(start.type))
  if (!isMore) return undefined
  const callIds = [...ids]
  return blocks.flatMap((block) => {
    const id = rawCallOf(block).length > 0 ? callIds.shift() : undefined
    return block.isStopped && block.start ? nativeBlock(block, block.start, id) : []
  })
}

function nativeBlock(block: Block, start: Start, id: string | undefined): object[] {
  const { text, json, thinking, signature } = block
  if (start.type === 'text') return text === '' ? [] : [{ type: 'text', text }]
  if (start.type === 'thinking') {
    return [{ type: 'thinking', thinking, signature: signature || textIn(start['signature']) }]
  }
  if (!start.type.endsWith('tool_use')) return [start]
  return [{ type: start.type, id, name: start['name'], input: json === '' ? (start['input'] ?? {}) : inputOf(json) }]
}

function inputOf(json: string): unknown {
  try {
    const input: unknown = JSON.parse(json)
    return typeof input === 'object' && input !== null && !Array.isArray(input) ? input : {}
  } catch {
    return {}
  }
}

type UsageField = 'input_tokens' | 'output_tokens' | 'cache_read_input_tokens' | 'cache_creation_input_tokens'

/** The later event wins where it knows a figure; a missing one is not a zero. */
function mergeUsage(before: Usage, told: unknown): Usage {
  const wire = fieldsOf<UsageField>(told)
  return {
    inputTokens: countIn(wire.input_tokens) ?? before.inputTokens,
    outputTokens: countIn(wire.output_tokens) ?? before.outputTokens,
    cacheReadTokens: countIn(wire.cache_read_input_tokens) ?? before.cacheReadTokens,
    cacheWriteTokens: countIn(wire.cache_creation_input_tokens) ?? before.cacheWriteTokens,
  }
}

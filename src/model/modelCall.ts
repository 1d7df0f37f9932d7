/** The words of a model call, the same for every provider. A provider that fails says so in a value; it never throws for it. */

/** The interfaces that we speak. */
export type Wire = 'anthropic' | 'openai'

/** A picture in a message, as it goes over the wire. */
export type Image = {
  readonly mediaType: 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp'
  readonly base64: string
}

/** A tool that the model wants to be run. */
export type ToolCall = {
  readonly id: string
  readonly name: string
  /** Parsed JSON; null where `broken` says what came instead. */
  readonly input: unknown
  /** The arguments as they came, where they are no JSON object. The call is answered with an error and never run. */
  readonly broken?: string
}

/** What a tool came to, as the model is told. */
export type ToolAnswer = { readonly id: string; readonly text: string; readonly isError: boolean }

/**
 * An answer as its provider wrote it (thinking blocks with their signatures), to be sent back as it is. Opaque: another wire or another model
 * leaves it away and builds the turn from text and calls.
 */
export type Native = { readonly wire: Wire; readonly model: string; readonly content: unknown }

/** What a person, or the tools, say. Answers of tools come before the text. */
export type UserTurn = {
  readonly role: 'user'
  readonly text: string
  readonly images?: readonly Image[]
  readonly answers?: readonly ToolAnswer[]
}

/** What the model said, and the tools that it called. */
export type AssistantTurn = {
  readonly role: 'assistant'
  readonly text: string
  readonly calls?: readonly ToolCall[]
  readonly native?: Native
}

/** One turn of a conversation. */
export type Turn = UserTurn | AssistantTurn

/** A tool that a model may call: what it is shown of it. */
export type ToolOffer = {
  readonly name: string
  readonly description: string
  /** JSON Schema of the input. */
  readonly inputSchema: { readonly type: 'object'; readonly [key: string]: unknown }
}

/** A tool that a model must call: the call is the answer, and nothing is run by it. */
export type AnswerTool = ToolOffer & {
  /** The same, held by us: an input that does not pass is no answer, whatever the provider let through. */
  readonly isValid: (input: unknown) => boolean
}

/** What is asked of a model. */
export type ModelRequest = {
  readonly model: string
  readonly system: string
  readonly turns: readonly Turn[]
  /** Longest answer, in tokens. */
  readonly maxTokens: number
  /** With it the answer is exactly one call of this tool; text beside it is not kept. */
  readonly tool?: AnswerTool
  /** Tools that the model may call, any number of them at once. Never together with `tool`. */
  readonly tools?: readonly ToolOffer[]
  /** `none` offers the tools (so that the provider's cache still holds) and forbids their use. Default `auto`. */
  readonly toolChoice?: 'auto' | 'none'
}

/** Tokens of one call as the provider counted them. */
export type Usage = {
  readonly inputTokens: number
  readonly outputTokens: number
  readonly cacheReadTokens: number
  readonly cacheWriteTokens: number
}

/** Nothing was read or written. */
export const NO_USAGE: Usage = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 }

/** Why there is no answer. `refused` = the model itself declined; `budget` = we did not even ask. */
export const FAILURE_KINDS = [
  'no-key',
  'unauthorized',
  'rate-limited',
  'overloaded',
  'timeout',
  'network',
  'refused',
  'cancelled',
  'bad-answer',
  'budget',
] as const
export type FailureKind = (typeof FAILURE_KINDS)[number]

/** A call that came to nothing. `usage` is what it consumed all the same; `reason` never holds a key. */
export type ModelFailure = {
  readonly ok: false
  readonly kind: FailureKind
  readonly reason: string
  readonly usage: Usage
  /** How long the provider asks us to wait, in milliseconds (its Retry-After), where it said so. */
  readonly retryAfterMs?: number
}

/** Why a model stopped, in our words: it was done, it wants tools, or its answer was cut at the longest length. */
export type Stop = 'end' | 'tools' | 'max-tokens'

/** A whole answer, or why there is none. */
export type ProviderResult =
  | {
      readonly ok: true
      readonly text: string
      /** The input of the forced tool, as its `isValid` let it through; absent where none was asked for. */
      readonly toolInput?: unknown
      /** In the order of the model; empty where it called none. */
      readonly calls: readonly ToolCall[]
      readonly native?: Native
      readonly usage: Usage
      readonly stop: Stop
      /** The same as its provider says it: `end_turn`, `max_tokens` … */
      readonly stopReason: string
    }
  | ModelFailure

/** How a call is followed and stopped while it runs. */
export type CallControl = {
  readonly signal: AbortSignal
  /** Called with each piece of text as it comes. */
  readonly onText: (delta: string) => void
}

/** Where and how a provider is reached. */
export type ProviderAccess = {
  readonly baseUrl: string
  /** Undefined for a server on this machine that asks for none. */
  readonly key: string | undefined
  /** Silence of the provider that ends a call, in milliseconds. */
  readonly timeoutMs: number
  /** How often a call that was not begun is tried again; default 2. */
  readonly maxRetries?: number
  /** What this provider does otherwise than its wire says; see `providers.ts`. */
  readonly quirks?: Quirks
}

/** Differences between the providers of one wire. */
export type Quirks = {
  /** Default `max_completion_tokens`. */
  readonly maxTokensField?: 'max_tokens'
  /** The provider does not know `stream_options`; it tells the usage by itself or not at all. */
  readonly noStreamOptions?: true
  /** How the key is sent; default: as the SDK does. */
  readonly auth?: 'bearer' | 'x-api-key'
  /** The provider does not take images. */
  readonly noImages?: true
  /** The provider does not know `cache_control`, or caches by itself. */
  readonly noCacheControl?: true
  /** The provider refuses to have one tool forced by name: it is offered alone instead. */
  readonly noForcedTool?: true
  /** The field in which the provider demands the thinking back that led to calls of tools. */
  readonly reasoningBack?: 'reasoning_content' | 'reasoning_details'
}

/** A provider: one streamed call. */
export type Provider = (access: ProviderAccess, request: ModelRequest, control: CallControl) => Promise<ProviderResult>

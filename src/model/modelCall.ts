/** The words of a model call, the same for every provider. A provider that fails says so in a value; it never throws for it. */

/** One turn of a conversation. */
export type Turn = { readonly role: 'user' | 'assistant'; readonly text: string }

/** A tool that a model must call: the call is the answer, and nothing is run by it. */
export type AnswerTool = {
  readonly name: string
  readonly description: string
  /** JSON Schema of the input, as the model is shown it. */
  readonly inputSchema: { readonly type: 'object'; readonly [key: string]: unknown }
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
}

/** A whole answer, or why there is none. */
export type ProviderResult =
  | {
      readonly ok: true
      readonly text: string
      /** The input of the forced tool, as its `isValid` let it through; absent where none was asked for. */
      readonly toolInput?: unknown
      readonly usage: Usage
      /** Why the model stopped, as its provider says it: `end_turn`, `max_tokens` … */
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
}

/** A provider: one streamed call. */
export type Provider = (access: ProviderAccess, request: ModelRequest, control: CallControl) => Promise<ProviderResult>

/** Anthropic's Messages API, as 13 providers speak it, through the official SDK (loaded at the first call: it costs a start 100 ms). */
import type { Anthropic, APIError } from '@anthropic-ai/sdk'
import type { RawMessageStreamEvent } from '@anthropic-ai/sdk/resources/messages'
import {
  type AnswerTool,
  type FailureKind,
  type ModelFailure,
  type ModelRequest,
  NO_USAGE,
  type Provider,
  type ProviderAccess,
  type ProviderResult,
  type Usage,
} from './modelCall.ts'
import { createToolCall, toolOnWire } from './toolCall.ts'

const DEFAULT_RETRIES = 2
/** A server of this machine may ask for no key; the SDK insists on one, and must not look for another by itself. */
const NO_KEY = 'none'
/** The longest reason that is kept of a provider's error. */
const MAX_REASON = 300

/** One streamed call. The provider's silence for `timeoutMs` ends it, before the first byte and between two events. */
export const askAnthropic: Provider = async (access, request, control) => {
  const sdk = await import('@anthropic-ai/sdk')
  const answer = createAnswer(request.tool)
  const silence = watchSilence(access.timeoutMs)
  try {
    const stream = await createClient(sdk.Anthropic, access).messages.create(
      { ...toWire(request), stream: true },
      { signal: AbortSignal.any([control.signal, silence.signal]) },
    )
    for await (const event of stream) {
      silence.heard()
      const delta = answer.take(event)
      if (delta) control.onText(delta)
      // Leaving the loop ends the connection.
      if (answer.isTooLong()) return answer.failed('bad-answer', 'the answer is longer than any good one')
    }
    if (control.signal.aborted) return answer.failed('cancelled', 'the call was cancelled')
    if (silence.signal.aborted) return answer.failed('timeout', silenceReason(access))
    return answer.finished()
  } catch (error) {
    if (control.signal.aborted) return answer.failed('cancelled', 'the call was cancelled')
    if (silence.signal.aborted) return answer.failed('timeout', silenceReason(access))
    return answer.failed(kindOf(error, sdk), reasonOf(error, access.key))
  } finally {
    silence.stop()
  }
}

function createClient(Client: typeof Anthropic, access: ProviderAccess): Anthropic {
  const { baseUrl, key, timeoutMs, maxRetries = DEFAULT_RETRIES } = access
  return new Client({
    baseURL: baseUrl,
    apiKey: key ?? NO_KEY,
    timeout: timeoutMs,
    maxRetries,
    openTelemetry: false,
    logLevel: 'off',
  })
}

function toWire({ model, system, turns, maxTokens, tool }: ModelRequest) {
  return {
    ...(tool ? toolOnWire(tool) : {}),
    model,
    max_tokens: maxTokens,
    system,
    messages: turns.map((turn) => ({ role: turn.role, content: turn.text })),
  }
}

function silenceReason({ timeoutMs }: ProviderAccess): string {
  return `no sign of the provider for ${timeoutMs} ms`
}

/** Aborts when nothing was heard for `limitMs`. */
function watchSilence(limitMs: number) {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(), limitMs)
  return { signal: controller.signal, heard: () => timer.refresh(), stop: () => clearTimeout(timer) }
}

/** Folds the events of a stream into an answer. A stream that ends without its last event was cut: half an answer is none. */
function createAnswer(tool: AnswerTool | undefined) {
  let text = ''
  const call = createToolCall()
  let usage: Usage = NO_USAGE
  let stopReason: string | null = null
  let isComplete = false

  const take = (event: RawMessageStreamEvent): string | undefined => {
    if (event.type === 'message_start') usage = mergeUsage(usage, event.message.usage)
    if (event.type === 'message_delta') {
      usage = mergeUsage(usage, event.usage)
      stopReason = event.delta.stop_reason
    }
    if (event.type === 'message_stop') isComplete = true
    if (tool) return call.take(event)
    if (event.type !== 'content_block_delta' || event.delta.type !== 'text_delta') return undefined
    text += event.delta.text
    return event.delta.text
  }
  const failed = (kind: FailureKind, reason: string): ModelFailure => ({ ok: false, kind, reason, usage })
  const finished = (): ProviderResult => {
    if (!isComplete) return failed('bad-answer', 'the stream ended before the answer did')
    if (stopReason === 'refusal') return failed('refused', 'the model declined to answer')
    if (tool) return finishedBy(tool)
    if (text === '') return failed('bad-answer', `the answer has no text (stop reason: ${stopReason})`)
    return { ok: true, text, usage, stopReason: stopReason ?? 'unknown' }
  }
  const finishedBy = (asked: AnswerTool): ProviderResult => {
    const called =
      stopReason === 'tool_use' ? call.finished(asked) : { ok: false as const, reason: `it stopped by ${stopReason}` }
    if (!called.ok) return failed('bad-answer', called.reason.slice(0, MAX_REASON))
    return { ok: true, text, toolInput: called.input, usage, stopReason: 'tool_use' }
  }
  return { take, failed, finished, isTooLong: call.isTooLong }
}

/** The later event wins where it knows a figure; a missing one is not a zero. */
function mergeUsage(before: Usage, wire: WireUsage): Usage {
  return {
    inputTokens: wire.input_tokens ?? before.inputTokens,
    outputTokens: wire.output_tokens ?? before.outputTokens,
    cacheReadTokens: wire.cache_read_input_tokens ?? before.cacheReadTokens,
    cacheWriteTokens: wire.cache_creation_input_tokens ?? before.cacheWriteTokens,
  }
}

type WireUsage = {
  readonly input_tokens?: number | null
  readonly output_tokens?: number | null
  readonly cache_read_input_tokens?: number | null
  readonly cache_creation_input_tokens?: number | null
}

type Sdk = typeof import('@anthropic-ai/sdk')

function kindOf(error: unknown, sdk: Sdk): FailureKind {
  if (error instanceof sdk.APIConnectionTimeoutError) return 'timeout'
  if (error instanceof sdk.APIConnectionError) return 'network'
  if (!(error instanceof sdk.APIError)) return isNetworkError(error) ? 'network' : 'bad-answer'
  return kindOfStatus(error)
}

/** An `error` event in the middle of a stream has a type and no status. */
function kindOfStatus({ status, type }: APIError): FailureKind {
  if (status === 401 || status === 403) return 'unauthorized'
  if (status === 429 || type === 'rate_limit_error') return 'rate-limited'
  if (status === 529 || (status ?? 0) >= 500 || type === 'overloaded_error' || type === 'api_error') return 'overloaded'
  return 'bad-answer'
}

/** A connection that breaks in the middle of a body comes from fetch itself: a TypeError with a cause. */
function isNetworkError(error: unknown): boolean {
  return error instanceof TypeError || typeof (error as NodeJS.ErrnoException).code === 'string'
}

function reasonOf(error: unknown, key: string | undefined): string {
  const raw = error instanceof Error ? error.message : String(error)
  const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : ''
  const masked = key ? `${raw}${cause}`.replaceAll(key, '[masked]') : `${raw}${cause}`
  return masked.slice(0, MAX_REASON)
}

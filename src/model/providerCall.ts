/** What the wires share: a stream is followed to its end, its silence ends it, and every way to fail is a kind with a reason. */
import type { CallControl, FailureKind, ModelFailure, ProviderAccess, ProviderResult, Usage } from './modelCall.ts'

/** The longest reason that is kept of a provider's error, in characters. */
export const MAX_REASON = 300
/** How often a call that was not begun is tried again where nothing else is said. */
export const DEFAULT_RETRIES = 2
/** A server of this machine may ask for no key; the SDKs insist on one, and must not look for another by themselves. */
export const NO_KEY = 'none'
/** Longest Retry-After that is believed: a day, in milliseconds. */
const MAX_RETRY_AFTER_MS = 86_400_000

/** Folds the events of one stream into an answer. */
export type AnswerFold = {
  /** Takes an event, whatever it is; returns the text that a reader may see now. */
  readonly take: (event: unknown) => string | undefined
  /** True when the stream has become longer than any good answer. */
  readonly isTooLong: () => boolean
  /** What the provider counted so far. */
  readonly usage: () => Usage
  /** The answer when the stream has ended. */
  readonly finished: () => ProviderResult
}

/** The error classes of an SDK. Both SDKs are made by one generator and have the same ones. */
export type SdkErrors = {
  readonly APIError: abstract new (...args: never[]) => Error
  readonly APIConnectionError: abstract new (...args: never[]) => Error
  readonly APIConnectionTimeoutError: abstract new (...args: never[]) => Error
}

/** One call that is about to be made. */
export type StreamedCall = {
  readonly access: ProviderAccess
  readonly control: CallControl
  readonly errors: SdkErrors
  readonly answer: AnswerFold
  readonly open: (signal: AbortSignal) => Promise<AsyncIterable<unknown>>
}

/** Makes the call. The provider's silence for `timeoutMs` ends it, before the first byte and between two events. Never throws. */
export async function followStream(call: StreamedCall): Promise<ProviderResult> {
  const { access, control, answer } = call
  const silence = watchSilence(access.timeoutMs)
  const fail = (failure: Failure): ModelFailure => ({ ok: false, ...failure, usage: answer.usage() })
  const interrupted = () => {
    if (control.signal.aborted) return fail({ kind: 'cancelled', reason: 'the call was cancelled' })
    if (!silence.signal.aborted) return undefined
    return fail({ kind: 'timeout', reason: `no sign of the provider for ${access.timeoutMs} ms` })
  }
  try {
    const stream = await call.open(AbortSignal.any([control.signal, silence.signal]))
    for await (const event of stream) {
      silence.heard()
      const delta = answer.take(event)
      if (delta) control.onText(delta)
      // Leaving the loop ends the connection.
      if (answer.isTooLong()) return fail({ kind: 'bad-answer', reason: 'the answer is longer than any good one' })
    }
    return interrupted() ?? answer.finished()
  } catch (error) {
    return interrupted() ?? fail(failureOf(error, call, Date.now()))
  } finally {
    silence.stop()
  }
}

/** Aborts when nothing was heard for `limitMs`. */
function watchSilence(limitMs: number) {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(), limitMs)
  return { signal: controller.signal, heard: () => timer.refresh(), stop: () => clearTimeout(timer) }
}

type Failure = Pick<ModelFailure, 'kind' | 'reason' | 'retryAfterMs'>

/** What both SDKs tell of an error; a stream that says `error` in its middle has a type or a code and no status. */
type ApiErrorFacts = {
  readonly status?: number | undefined
  readonly type?: string | null | undefined
  readonly code?: string | number | null | undefined
  readonly headers?: Headers | undefined
}

function failureOf(
  error: unknown,
  { errors, access }: { readonly errors: SdkErrors; readonly access: ProviderAccess },
  nowMs: number,
): Failure {
  const kind = kindOf(error, errors)
  const headers = error instanceof errors.APIError ? (error as ApiErrorFacts).headers : undefined
  const waitMs = retryAfterMs(headers, nowMs)
  return { kind, reason: reasonOf(error, access.key), ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }) }
}

function kindOf(error: unknown, errors: SdkErrors): FailureKind {
  if (error instanceof errors.APIConnectionTimeoutError) return 'timeout'
  if (error instanceof errors.APIConnectionError) return 'network'
  if (!(error instanceof errors.APIError)) return isNetworkError(error) ? 'network' : 'bad-answer'
  return kindOfFacts(error as ApiErrorFacts)
}

const KINDS_OF_WORDS: Readonly<Record<string, FailureKind>> = {
  authentication_error: 'unauthorized',
  permission_error: 'unauthorized',
  rate_limit_error: 'rate-limited',
  rate_limit_exceeded: 'rate-limited',
  overloaded_error: 'overloaded',
  api_error: 'overloaded',
  server_error: 'overloaded',
  content_filter: 'refused',
}

function kindOfFacts({ status, type, code }: ApiErrorFacts): FailureKind {
  const byWord = KINDS_OF_WORDS[String(code)] ?? KINDS_OF_WORDS[String(type)]
  const known = status ?? (/^[45]\d\d$/.test(String(code)) ? Number(code) : undefined)
  if (known === undefined) return byWord ?? 'bad-answer'
  if (known === 401 || known === 403) return 'unauthorized'
  if (known === 408) return 'timeout'
  if (known === 429) return 'rate-limited'
  return known >= 500 ? 'overloaded' : (byWord ?? 'bad-answer')
}

/** A connection that breaks in the middle of a body comes from fetch itself: a TypeError with a cause. */
function isNetworkError(error: unknown): boolean {
  return error instanceof TypeError || typeof (error as NodeJS.ErrnoException).code === 'string'
}

/** The provider's wish to wait, in milliseconds: `retry-after-ms`, or `retry-after` in seconds or as a date. Undefined where it said nothing that can be read. */
export function retryAfterMs(headers: Pick<Headers, 'get'> | undefined, nowMs: number): number | undefined {
  const exact = Number.parseFloat(headers?.get('retry-after-ms') ?? '')
  const written = headers?.get('retry-after') ?? ''
  const seconds = /^\s*[\d.]+\s*$/.test(written) ? Number.parseFloat(written) * 1_000 : Date.parse(written) - nowMs
  const waitMs = Number.isFinite(exact) ? exact : seconds
  return Number.isFinite(waitMs) ? Math.min(Math.max(0, Math.round(waitMs)), MAX_RETRY_AFTER_MS) : undefined
}

function reasonOf(error: unknown, key: string | undefined): string {
  const raw = error instanceof Error ? error.message : String(error)
  const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : ''
  const masked = key ? `${raw}${cause}`.replaceAll(key, '[masked]') : `${raw}${cause}`
  return masked.slice(0, MAX_REASON)
}

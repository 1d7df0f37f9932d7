/** The last step of every wire: what a whole answer comes to. */
import type { AnswerTool, ModelRequest, Native, ProviderResult, Stop, Usage } from './modelCall.ts'
import { MAX_REASON } from './providerCall.ts'
import { forcedInput, type RawCall, toCalls } from './toolCall.ts'

/** A stream that was read to its end. */
export type WholeAnswer = {
  readonly text: string
  readonly calls: readonly RawCall[]
  /** Makes what must be sent back as it is; it is given the ids under which the calls go on. */
  readonly native: (ids: readonly string[]) => Native | undefined
  readonly usage: Usage
  /** Undefined when the stream ended before it said why it stops: half an answer is none. */
  readonly stopReason: string | undefined
}

/** What a wire's words for stopping mean. `forced` are those that a forced call may stop by. */
export type StopWords = {
  readonly refusal: readonly string[]
  readonly tooLong: readonly string[]
  readonly forced: readonly string[]
}

/** Makes the result of an answer that came to its end, cleanly or not. */
export function conclude(request: ModelRequest, answer: WholeAnswer, words: StopWords): ProviderResult {
  const { stopReason, usage } = answer
  if (stopReason === undefined) return failed('bad-answer', 'the stream ended before the answer did', usage)
  if (words.refusal.includes(stopReason)) return failed('refused', 'the model declined to answer', usage)
  const whole = { ...answer, stopReason }
  return request.tool ? concludeForced(request.tool, whole, words) : concludeFree(request, whole, words)
}

type Ended = WholeAnswer & { readonly stopReason: string }

function concludeForced(tool: AnswerTool, { calls, usage, stopReason }: Ended, words: StopWords): ProviderResult {
  if (!words.forced.includes(stopReason)) return failed('bad-answer', `it stopped by ${stopReason}`, usage)
  const called = forcedInput(tool, calls)
  if (!called.ok) return failed('bad-answer', called.reason, usage)
  return { ok: true, text: '', toolInput: called.input, calls: [], usage, stop: 'tools', stopReason }
}

function concludeFree({ toolChoice }: ModelRequest, answer: Ended, words: StopWords): ProviderResult {
  const { text, usage, stopReason } = answer
  // What was forbidden is not passed on: nobody would answer these calls.
  const calls = toolChoice === 'none' ? [] : toCalls(answer.calls)
  if (calls.some(({ name }) => name === '')) return failed('bad-answer', 'a tool was called without its name', usage)
  if (text === '' && calls.length === 0) {
    return failed('bad-answer', `the answer has no text (stop reason: ${stopReason})`, usage)
  }
  const native = calls.length === answer.calls.length ? answer.native(calls.map(({ id }) => id)) : undefined
  const stop = words.tooLong.includes(stopReason) ? 'max-tokens' : stopOf(calls)
  return { ok: true, text, calls, ...(native ? { native } : {}), usage, stop, stopReason }
}

function stopOf(calls: readonly unknown[]): Stop {
  return calls.length > 0 ? 'tools' : 'end'
}

function failed(kind: 'bad-answer' | 'refused', reason: string, usage: Usage): ProviderResult {
  return { ok: false, kind, reason: reason.slice(0, MAX_REASON), usage }
}

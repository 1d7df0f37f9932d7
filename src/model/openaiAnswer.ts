/** Folds the chunks of OpenAI's stream into an answer. Providers differ in what they leave out; every field is looked at before it is believed. */
import { conclude, type StopWords } from './conclude.ts'
import { type ModelRequest, type Native, NO_USAGE, type Usage } from './modelCall.ts'
import { foldCalls } from './openaiCalls.ts'
import { foldReasoning } from './openaiReasoning.ts'
import type { OpenaiNative } from './openaiWire.ts'
import type { AnswerFold } from './providerCall.ts'
import { longestStream } from './toolCall.ts'
import { countIn, fieldsOf, listIn, textIn } from './wireValue.ts'

/** A forced call may end by `stop`: so OpenAI documents it. */
const STOP_WORDS: StopWords = {
  refusal: ['content_filter', 'refusal', 'sensitive'],
  tooLong: ['length', 'max_tokens'],
  forced: ['stop', 'tool_calls', 'function_call'],
}

type Delta = ReturnType<typeof fieldsOf<'content' | 'refusal' | 'tool_calls'>>

/** The fold of one call. */
export function foldOpenai(request: ModelRequest): AnswerFold {
  const calls = foldCalls()
  const reasoning = foldReasoning()
  const limit = longestStream(request.tool)
  let usage: Usage = NO_USAGE
  let stopReason = ''
  let text = ''
  let refusal = ''
  let characters = 0

  const take = (came: unknown): string | undefined => {
    const chunk = fieldsOf<'choices' | 'usage' | 'x_groq'>(came)
    const choice = fieldsOf<'delta' | 'finish_reason' | 'usage'>(listIn(chunk.choices)[0])
    // Moonshot has told the usage in the choice, Groq in a field of its own.
    usage = mergeUsage(usage, chunk.usage ?? choice.usage ?? fieldsOf<'usage'>(chunk.x_groq).usage)
    stopReason ||= textIn(choice.finish_reason)
    const delta: Delta = fieldsOf(choice.delta)
    const said = textIn(delta.content)
    const declined = textIn(delta.refusal)
    text += said
    refusal += declined
    const ofCalls = listIn(delta.tool_calls).reduce<number>((sum, piece) => sum + calls.take(piece), 0)
    characters += 1 + said.length + declined.length + ofCalls + reasoning.take(choice.delta)
    return request.tool ? undefined : said
  }
  const finished = () => {
    const reason = stopReason !== '' && refusal !== '' ? 'refusal' : stopReason || undefined
    const native = (ids: readonly string[]) => nativeOf(request.model, { ...reasoning.kept(), ...calls.extras(ids) })
    return conclude(request, { text, calls: calls.inOrder(), native, usage, stopReason: reason }, STOP_WORDS)
  }
  return { take, finished, usage: () => usage, isTooLong: () => characters > limit }
}

function nativeOf(model: string, content: OpenaiNative): Native | undefined {
  return Object.keys(content).length > 0 ? { wire: 'openai', model, content } : undefined
}

type UsageField =
  | 'prompt_tokens'
  | 'completion_tokens'
  | 'prompt_tokens_details'
  /** DeepSeek's own. */
  | 'prompt_cache_hit_tokens'
  /** Moonshot's own. */
  | 'cached_tokens'

/** The wire counts what was read from the cache among the prompt's tokens; we count it apart. The later chunk wins. OpenRouter tells what was written, too. */
function mergeUsage(before: Usage, told: unknown): Usage {
  const wire = fieldsOf<UsageField>(told)
  const prompt = countIn(wire.prompt_tokens)
  if (prompt === undefined) return before
  const details = fieldsOf<'cached_tokens' | 'cache_write_tokens'>(wire.prompt_tokens_details)
  const own = countIn(wire.prompt_cache_hit_tokens) ?? countIn(wire.cached_tokens) ?? 0
  const read = countIn(details.cached_tokens) ?? own
  const written = countIn(details.cache_write_tokens) ?? 0
  return {
    inputTokens: Math.max(0, prompt - read - written),
    outputTokens: countIn(wire.completion_tokens) ?? before.outputTokens,
    cacheReadTokens: read,
    cacheWriteTokens: written,
  }
}

/** Counts calls of models and tools while they are written down: a look at them reads no journal. */
import { counter, type Metric } from '../../shared/metrics/exposition.ts'
import type { ModelAnswer, ToolEnded } from '../journal/event.ts'
import type { Journal } from '../journal/journal.ts'

type Timed = { count: number; seconds: number }

/** Names come from models too, which may invent them: so many are told apart, the others are put together. */
const MOST_NAMES = 200
const OTHER = 'other'

/** Counts from now on, for the life of this process. */
export function countCalls(journal: Pick<Journal, 'onAppend'>): { readonly metrics: () => Metric[] } {
  const answers = new Map<string, number>()
  const latency = new Map<string, Timed>()
  const tokens = new Map<string, number>()
  const tools = new Map<string, number>()
  const took = new Map<string, Timed>()
  const countTool = ({ tool, how, ok, tookMs }: ToolEnded) => {
    add(tools, keyOf({ tool, how: how === 'done' && !ok ? 'failed' : how }), 1)
    if (how === 'done' || how === 'deadline') addTime(took, keyOf({ tool }), tookMs)
  }
  const countAnswer = ({ provider, model: name, text, calls, latencyMs, usage }: ModelAnswer) => {
    const model = provider ? `${provider}/${name}` : name
    const isAnswered = text !== null || (calls?.length ?? 0) > 0
    add(answers, keyOf({ model, result: isAnswered ? 'answered' : 'failed' }), 1)
    if (isAnswered) addTime(latency, keyOf({ model }), latencyMs)
    for (const [kind, count] of tokenKinds(usage)) add(tokens, keyOf({ model, kind }), count)
  }
  journal.onAppend((event) => {
    if (event.type === 'tool_ended') countTool(event.data)
    if (event.type === 'model_answered') countAnswer(event.data)
  })
  return {
    metrics: () => [
      counter('ottugi_model_answers_total', 'Model calls of this process by model and result.', samplesOf(answers)),
      counter('ottugi_model_tokens_total', 'Tokens of this process by model and kind.', samplesOf(tokens)),
      summary('ottugi_model_latency_seconds', 'How long models took to answer.', latency),
      counter('ottugi_tool_calls_total', 'Tool calls of this process by tool and how they ended.', samplesOf(tools)),
      summary('ottugi_tool_duration_seconds', 'How long tools ran.', took),
    ],
  }
}

function tokenKinds(usage: ModelAnswer['usage']): readonly (readonly [string, number])[] {
  return [
    ['input', usage.inputTokens],
    ['output', usage.outputTokens],
    ['cache_read', usage.cacheReadTokens],
    ['cache_write', usage.cacheWriteTokens],
  ]
}

function keyOf(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify(labels)
}

function known<T>(map: Map<string, T>, key: string): string {
  if (map.has(key) || map.size < MOST_NAMES) return key
  return keyOf(Object.fromEntries(Object.keys(JSON.parse(key)).map((label) => [label, OTHER])))
}

function add(map: Map<string, number>, key: string, count: number): void {
  const place = known(map, key)
  map.set(place, (map.get(place) ?? 0) + count)
}

function addTime(map: Map<string, Timed>, key: string, ms: number): void {
  const place = known(map, key)
  const { count, seconds } = map.get(place) ?? { count: 0, seconds: 0 }
  map.set(place, { count: count + 1, seconds: seconds + ms / 1_000 })
}

function samplesOf(map: ReadonlyMap<string, number>) {
  return [...map].map(([key, value]) => ({ labels: JSON.parse(key) as Record<string, string>, value }))
}

function summary(name: Metric['name'], help: string, map: ReadonlyMap<string, Timed>): Metric {
  const samples = [...map].flatMap(([key, { count, seconds }]) => {
    const labels = JSON.parse(key) as Record<string, string>
    return [
      { labels, value: seconds, part: '_sum' as const },
      { labels, value: count, part: '_count' as const },
    ]
  })
  return { name, type: 'summary', help, samples }
}

/** The prompt cache of the fake: what stands before a mark is remembered, and read again when a request begins with exactly the same. Never forgets. */
import { createHash } from 'node:crypto'
import type { SeenBody } from './anthropic.ts'

/** Counts the tokens of a request as the real one does: read, written and paid in full. */
export type PromptCache = {
  readonly read: (body: SeenBody) => {
    readonly input_tokens: number
    readonly cache_creation_input_tokens: number
    readonly cache_read_input_tokens: number
  }
}

/** Characters that make a token. */
const PER_TOKEN = 4
/** What every request has beside its messages. */
const OVERHEAD = 10

/** An empty cache. */
export function createPromptCache(): PromptCache {
  const known = new Set<string>()
  return {
    read: (body) => {
      const ends = endsOf(body)
      const total = ends.at(-1)?.tokens ?? OVERHEAD
      const marked = ends.filter(({ isMarked }) => isMarked)
      if (marked.length === 0) return uncached(body)
      const readTokens = Math.max(0, ...marked.map(({ hash, tokens }) => (known.has(hash) ? tokens : 0)))
      const cachedTokens = Math.max(readTokens, ...marked.map(({ tokens }) => tokens))
      for (const { hash } of marked) known.add(hash)
      return {
        input_tokens: total - cachedTokens,
        cache_creation_input_tokens: cachedTokens - readTokens,
        cache_read_input_tokens: readTokens,
      }
    },
  }
}

/** A request without marks: its messages alone are counted. */
function uncached({ messages }: SeenBody): ReturnType<PromptCache['read']> {
  const tokens = messages
    .flatMap(({ content }) => blocksOf(content))
    .reduce((sum, block) => sum + Math.ceil(weightOf(block as Record<string, unknown>) / PER_TOKEN), OVERHEAD)
  return { input_tokens: tokens, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 }
}

type End = { readonly tokens: number; readonly hash: string; readonly isMarked: boolean }

/** The end of each block of the request, in the order in which the provider reads them: tools, system, messages. */
function endsOf({ model, tools = [], system, messages }: SeenBody): End[] {
  const hash = createHash('sha256').update(model)
  let tokens = OVERHEAD
  const blocks = [
    ...tools,
    ...blocksOf(system),
    ...messages.flatMap(({ role, content }) => [role, ...blocksOf(content)]),
  ]
  return blocks.map((block) => {
    const { cache_control: mark, ...rest } = (typeof block === 'string' ? { role: block } : block) as Record<
      string,
      unknown
    >
    hash.update(JSON.stringify(rest))
    tokens += Math.ceil(weightOf(rest) / PER_TOKEN)
    return { tokens, hash: hash.copy().digest('hex'), isMarked: mark !== undefined }
  })
}

/** Only what is said weighs. */
function weightOf(block: Readonly<Record<string, unknown>>): number {
  if ('role' in block) return 0
  const said = block['text'] ?? block['content'] ?? block['thinking']
  return typeof said === 'string' ? said.length : JSON.stringify(block).length
}

function blocksOf(content: SeenBody['system']): readonly object[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : (content ?? [])
}

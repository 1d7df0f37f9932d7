/** What a call costs, and the most that it can cost. */
import type { ModelRequest, ToolOffer, Turn, Usage, Wire } from './modelCall.ts'

/**
 * Prices in US dollars per million tokens. Without prices of its own the cache has Anthropic's multipliers of the input price, 0.1 and 1.25:
 * https://platform.claude.com/docs/en/build-with-claude/prompt-caching. A provider whose cache costs otherwise states it.
 */
export type Prices = {
  readonly inputUsdPerMTok: number
  readonly outputUsdPerMTok: number
  readonly cacheReadUsdPerMTok?: number | undefined
  readonly cacheWriteUsdPerMTok?: number | undefined
}

/** The most that a call can consume. `usd` is 0 where the model has no price. */
export type WorstCase = { readonly usd: number; readonly tokens: number }

const TOKENS_PER_UNIT = 1_000_000
const CACHE_READ_FACTOR = 0.1
const CACHE_WRITE_FACTOR = 1.25
/** What a provider writes around a turn, a call or an answer, on the safe side. */
const TOKENS_PER_PART = 16
/** What a provider adds by itself for its tools, on the safe side; Anthropic's table names 159 to 530: https://docs.anthropic.com/en/docs/tool-use-pricing-and-tokens */
const TOKENS_FOR_TOOLS = 1_000
/**
 * The dearest picture. Anthropic: about 4,800 at the largest size that is not made smaller (https://docs.claude.com/en/docs/build-with-claude/vision).
 * OpenAI: gpt-4o-mini counts 2,833 + 5,667 a tile, at most six tiles (https://platform.openai.com/docs/guides/images-vision).
 */
const TOKENS_PER_IMAGE: Readonly<Record<Wire, number>> = { anthropic: 5_000, openai: 37_000 }

/** What a call cost, in US dollars; nothing is known of a model without prices, and that counts as 0. */
export function costUsd(usage: Usage, prices: Prices | undefined): number {
  if (!prices) return 0
  const { input, output, cacheRead, cacheWrite } = ratesOf(prices)
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = usage
  const sum = inputTokens * input + outputTokens * output + cacheReadTokens * cacheRead + cacheWriteTokens * cacheWrite
  return sum / TOKENS_PER_UNIT
}

/** All tokens of a call, however dear. */
export function tokensOf({ inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens }: Usage): number {
  return inputTokens + outputTokens + cacheReadTokens + cacheWriteTokens
}

/**
 * The most that a call can consume: everything that it reads, counted too high and priced as the dearest way to read it (a write of the cache), and
 * the longest answer. No tokenizer in use makes more tokens of a text than it has bytes in UTF-8.
 */
export function worstCase(request: ModelRequest, prices: Prices | undefined, wire: Wire): WorstCase {
  const inputTokens = mostInputTokens(request, wire)
  const tokens = inputTokens + request.maxTokens
  if (!prices) return { usd: 0, tokens }
  const { input, output, cacheRead, cacheWrite } = ratesOf(prices)
  const dearest = Math.max(input, cacheRead, cacheWrite)
  return { usd: (inputTokens * dearest + request.maxTokens * output) / TOKENS_PER_UNIT, tokens }
}

function ratesOf(prices: Prices) {
  const { inputUsdPerMTok: input, outputUsdPerMTok: output } = prices
  return {
    input,
    output,
    cacheRead: prices.cacheReadUsdPerMTok ?? input * CACHE_READ_FACTOR,
    cacheWrite: prices.cacheWriteUsdPerMTok ?? input * CACHE_WRITE_FACTOR,
  }
}

function mostInputTokens({ system, turns, tool, tools = [] }: ModelRequest, wire: Wire): number {
  const offered = tool ? tokensOfOffers([tool]) : tokensOfTools(tools)
  return turns.reduce((sum, turn) => sum + tokensOfTurn(turn, wire), part(system) + offered)
}

/** The same tools are offered with every call: their schemas are counted once. */
const counted = new WeakMap<readonly ToolOffer[], number>()

function tokensOfTools(tools: readonly ToolOffer[]): number {
  const known = counted.get(tools) ?? tokensOfOffers(tools)
  counted.set(tools, known)
  return known
}

function tokensOfOffers(offers: readonly ToolOffer[]): number {
  return offers.reduce(
    (sum, { name, description, inputSchema }) => sum + part(JSON.stringify([name, description, inputSchema])),
    offers.length > 0 ? TOKENS_FOR_TOOLS : 0,
  )
}

function tokensOfTurn(turn: Turn, wire: Wire): number {
  if (turn.role === 'user') {
    const answers = (turn.answers ?? []).reduce((sum, { id, text }) => sum + part(id) + part(text), 0)
    return part(turn.text) + answers + (turn.images?.length ?? 0) * TOKENS_PER_IMAGE[wire]
  }
  const calls = (turn.calls ?? []).reduce(
    (sum, { id, name, input, broken }) => sum + part(id) + part(name) + part(broken ?? json(input)),
    part(turn.text),
  )
  // It is sent as its provider wrote it, or built anew for another one.
  return turn.native ? Math.max(calls, part(json(turn.native.content))) : calls
}

function part(text: string): number {
  return Buffer.byteLength(text) + TOKENS_PER_PART
}

function json(value: unknown): string {
  return JSON.stringify(value) ?? ''
}

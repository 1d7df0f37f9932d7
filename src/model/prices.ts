import type { ModelRequest, Usage } from './modelCall.ts'

/** Prices in US dollars per million tokens. */
export type Prices = { readonly inputUsdPerMTok: number; readonly outputUsdPerMTok: number }

const TOKENS_PER_UNIT = 1_000_000
/** Anthropic's multipliers on the input price: https://platform.claude.com/docs/en/build-with-claude/prompt-caching */
const CACHE_READ_FACTOR = 0.1
const CACHE_WRITE_FACTOR = 1.25
/** Tokens a character, on the safe side: English has about a quarter, Korean up to one. */
const TOKENS_PER_CHARACTER = 1
const TOKENS_PER_TURN = 8
/** What a provider adds by itself for a tool, on the safe side; Anthropic's table names 159 to 530: https://docs.anthropic.com/en/docs/tool-use-pricing-and-tokens */
const TOKENS_PER_TOOL = 1_000

/** What a call cost, in US dollars. */
export function costUsd(usage: Usage, prices: Prices): number {
  const input =
    usage.inputTokens + usage.cacheReadTokens * CACHE_READ_FACTOR + usage.cacheWriteTokens * CACHE_WRITE_FACTOR
  return (input * prices.inputUsdPerMTok + usage.outputTokens * prices.outputUsdPerMTok) / TOKENS_PER_UNIT
}

/** The most that a call can cost, in US dollars: an estimate of what it reads that is rather too high, and the longest answer. */
export function worstCaseUsd(request: ModelRequest, prices: Prices): number {
  const { system, turns, tool } = request
  const characters = turns.reduce((sum, turn) => sum + turn.text.length, system.length) + charactersOf(tool)
  const ownTokens = (turns.length + 1) * TOKENS_PER_TURN + (tool ? TOKENS_PER_TOOL : 0)
  const inputTokens = characters * TOKENS_PER_CHARACTER + ownTokens
  return (inputTokens * prices.inputUsdPerMTok + request.maxTokens * prices.outputUsdPerMTok) / TOKENS_PER_UNIT
}

function charactersOf(tool: ModelRequest['tool']): number {
  return tool ? JSON.stringify([tool.name, tool.description, tool.inputSchema]).length : 0
}

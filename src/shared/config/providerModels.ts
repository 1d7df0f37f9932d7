/**
 * Some models of the providers with their context and their prices, looked up in November 2026. Where a price depends on the hour, on the day or on the
 * length of the prompt, the dearest one that can apply stands here, or the context ends where the next price begins: a limit of money must hold.
 * A model without prices is shown as unpriced. PURE.
 */
import type { ModelsByProvider } from './providerTable.ts'

/** Prices in US dollars per million tokens. */
export type ModelPrices = {
  readonly inputUsdPerMTok: number
  readonly outputUsdPerMTok: number
  readonly cacheReadUsdPerMTok?: number | undefined
  readonly cacheWriteUsdPerMTok?: number | undefined
}

/** What is known of a model; what is not known is left out. */
export type KnownModel = {
  /** The longest prompt, in tokens. */
  readonly contextTokens?: number
  readonly prices?: ModelPrices
  readonly noImages?: true
}

const M = 1_000_000
const K128 = 131_072
/** Longer prompts cost five times as much with Claude Haiku 5.5. */
const HAIKU_SHORT = 100_000
/** Prompts beyond this cost more at OpenAI. */
const OPENAI_SHORT = 272_000
/** Prompts beyond this cost more at xAI. */
const XAI_SHORT = 200_000

/** `[input, output, cache read, cache write]`, in US dollars per million tokens. */
function model(contextTokens: number | undefined, prices?: readonly [number, number, number?, number?]) {
  const [input, output, read, write] = prices ?? []
  return {
    ...(contextTokens === undefined ? {} : { contextTokens }),
    ...(input === undefined || output === undefined
      ? {}
      : {
          prices: {
            inputUsdPerMTok: input,
            outputUsdPerMTok: output,
            ...(read === undefined ? {} : { cacheReadUsdPerMTok: read }),
            ...(write === undefined ? {} : { cacheWriteUsdPerMTok: write }),
          },
        }),
  }
}

/** By provider and by the provider's own name; the first one of a provider is its default. */
export const MODELS: ModelsByProvider = {
  // https://platform.claude.com/docs/en/models/overview, and for reads of the cache …/models/sonnet-5-5/migration-guide
  anthropic: {
    'claude-sonnet-5-5': model(M, [2, 10, 0.1, 2.5]),
    'claude-opus-5-5': model(M, [4, 20, 0.2, 5]),
    'claude-haiku-5-5': model(HAIKU_SHORT, [0.1, 0.5, 0.01, 0.125]),
    'claude-haiku-4-5': model(200_000, [1, 5, 0.1, 1.25]),
    'claude-fable-5-1': model(M, [10, 50]),
  },
  // https://developers.openai.com/api/docs/pricing
  openai: {
    'gpt-6.1-sol': model(OPENAI_SHORT, [2, 10, 0.1]),
    'gpt-6.1-terra': model(OPENAI_SHORT, [1, 5, 0.05, 1.25]),
    'gpt-6-luna': model(OPENAI_SHORT, [0.1, 0.5, 0.01, 0.125]),
    'gpt-6-astra': model(OPENAI_SHORT, [10, 50, 1, 12.5]),
  },
  // https://ai.google.dev/gemini-api/docs/pricing: the prices from January 2027; until then it costs half.
  gemini: { 'gemini-3.8-flash': model(1_048_576, [1.5, 7.5, 0.15]) },
  // https://api-docs.deepseek.com/quick_start/pricing: the prices of peak hours; the others are half of them.
  deepseek: {
    'deepseek-flash': model(M, [0.3, 1.2, 0.006]),
    'deepseek-v4-pro': { ...model(M, [1.32, 3.96, 0.044]), noImages: true },
  },
  // https://console.groq.com/docs/models
  groq: { 'openai/gpt-oss-120b': { ...model(K128, [0.15, 0.6]), noImages: true } },
  // https://docs.fireworks.ai/serverless/pricing
  fireworks: {
    'accounts/fireworks/models/kimi-k2p6': model(262_144, [0.95, 4, 0.16]),
    'accounts/fireworks/models/glm-5': { ...model(202_752, [1, 3.2, 0.2]), noImages: true },
    'accounts/fireworks/models/gpt-oss-120b': { ...model(K128, [0.15, 0.6, 0.015]), noImages: true },
  },
  // https://www.siliconflow.com/blog/glm-5-3-api-guide
  siliconflow: { 'zai-org/GLM-5.3': { ...model(undefined, [1.4, 4.4, 0.26]), noImages: true } },
  // https://docs.z.ai/guides/overview/pricing
  glm: {
    'glm-5.3': { ...model(1_048_576, [1.4, 4.4, 0.26]), noImages: true },
    'glm-5': { ...model(200_000, [1, 3.2, 0.2]), noImages: true },
  },
  qwen: { 'qwen3.8-max': model(M), 'qwen3.8-flash': model(M) },
  // https://platform.kimi.ai/docs/pricing/chat-k3
  moonshot: { 'kimi-k3': model(undefined, [3, 15, 0.3]), 'kimi-k2.6': model(262_144) },
  novita: { 'zai-org/glm-5.3-flash': model(undefined), 'zai-org/glm-5': { noImages: true } },
  // https://openrouter.ai/models
  openrouter: { 'z-ai/glm-5.3': { ...model(1_048_576, [1.4, 4.4, 0.26]), noImages: true } },
  atlascloud: { 'qwen/qwen3.8-max': model(M), 'deepseek-ai/deepseek-v4-pro': { noImages: true } },
  // https://docs.x.ai/developers/grok-4-7
  xai: {
    'grok-4.7': model(XAI_SHORT, [2, 6, 0.5]),
    'grok-4.3': model(XAI_SHORT, [1.25, 2.5, 0.2]),
  },
}

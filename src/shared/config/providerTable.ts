/**
 * The providers that are known by name: how each is reached, what it does otherwise than its wire says, and some of its models. Data only; every
 * fact of it can be set otherwise in the settings (`model`, `providers`). Providers that speak both wires stand here with the one that is tested.
 * PURE.
 */
import type { KnownModel } from './providerModels.ts'

/** The interfaces that providers speak. */
export type ProviderWire = 'anthropic' | 'openai'

/** What a provider does otherwise than its wire says. Each field is explained where it is used, in `src/model/modelCall.ts`. */
export type ProviderQuirks = {
  readonly maxTokensField?: 'max_tokens'
  readonly noStreamOptions?: true
  readonly auth?: 'bearer' | 'x-api-key'
  readonly noImages?: true
  readonly noCacheControl?: true
  readonly noForcedTool?: true
  readonly reasoningBack?: 'reasoning_content' | 'reasoning_details'
}

/** One provider. */
export type KnownProvider = {
  readonly wire: ProviderWire
  readonly baseUrl: string
  /** The variable in `.env` that holds its key; empty for a server on this machine, which asks for none. */
  readonly keyVariable: string
  readonly quirks: ProviderQuirks
  /** Its models are other people's: their names have slashes of their own (`openai/gpt-oss-120b`). */
  readonly isHost?: true
  /** What runs on this machine costs nothing a token. */
  readonly isFree?: true
}

const OLD_LIMIT = { maxTokensField: 'max_tokens' } as const
/** Takes a list of tools and no order to call one of them. */
const UNFORCED = { ...OLD_LIMIT, noForcedTool: true } as const
const LOCAL = { wire: 'openai', keyVariable: '', isHost: true, isFree: true } as const

/** Every provider that can be named. Addresses and keys as their own documentation gives them, November 2026. */
export const PROVIDERS = {
  anthropic: {
    wire: 'anthropic',
    baseUrl: 'https://api.anthropic.com',
    keyVariable: 'ANTHROPIC_API_KEY',
    quirks: {},
  },
  openai: { wire: 'openai', baseUrl: 'https://api.openai.com/v1', keyVariable: 'OPENAI_API_KEY', quirks: {} },
  // Its thought signatures come beside the calls and must go back with them: https://ai.google.dev/gemini-api/docs/thought-signatures
  gemini: {
    wire: 'openai',
    baseUrl: 'https://generativelanguage.googleapis.com/v1beta/openai',
    keyVariable: 'GEMINI_API_KEY',
    quirks: OLD_LIMIT,
  },
  // Thinks by default, and then wants its thinking back: https://api-docs.deepseek.com/guides/thinking_mode
  deepseek: {
    wire: 'openai',
    baseUrl: 'https://api.deepseek.com',
    keyVariable: 'DEEPSEEK_API_KEY',
    quirks: { ...UNFORCED, reasoningBack: 'reasoning_content' },
  },
  groq: {
    wire: 'openai',
    baseUrl: 'https://api.groq.com/openai/v1',
    keyVariable: 'GROQ_API_KEY',
    quirks: {},
    isHost: true,
  },
  fireworks: {
    wire: 'openai',
    baseUrl: 'https://api.fireworks.ai/inference/v1',
    keyVariable: 'FIREWORKS_API_KEY',
    quirks: OLD_LIMIT,
    isHost: true,
  },
  siliconflow: {
    wire: 'openai',
    baseUrl: 'https://api.siliconflow.com/v1',
    keyVariable: 'SILICONFLOW_API_KEY',
    quirks: UNFORCED,
    isHost: true,
  },
  // z.ai. Tells its usage unasked, in the last chunk.
  glm: {
    wire: 'openai',
    baseUrl: 'https://api.z.ai/api/paas/v4',
    keyVariable: 'ZAI_API_KEY',
    quirks: { ...UNFORCED, noStreamOptions: true },
  },
  // Alibaba Cloud Model Studio, Singapore; other regions by `baseUrl`.
  qwen: {
    wire: 'openai',
    baseUrl: 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1',
    keyVariable: 'DASHSCOPE_API_KEY',
    quirks: UNFORCED,
  },
  moonshot: {
    wire: 'openai',
    baseUrl: 'https://api.moonshot.ai/v1',
    keyVariable: 'MOONSHOT_API_KEY',
    quirks: { ...UNFORCED, reasoningBack: 'reasoning_content' },
  },
  novita: {
    wire: 'openai',
    baseUrl: 'https://api.novita.ai/openai/v1',
    keyVariable: 'NOVITA_API_KEY',
    quirks: UNFORCED,
    isHost: true,
  },
  openrouter: {
    wire: 'openai',
    baseUrl: 'https://openrouter.ai/api/v1',
    keyVariable: 'OPENROUTER_API_KEY',
    quirks: { ...OLD_LIMIT, reasoningBack: 'reasoning_details' },
    isHost: true,
  },
  ollama: { ...LOCAL, baseUrl: 'http://127.0.0.1:11434/v1', quirks: UNFORCED },
  atlascloud: {
    wire: 'openai',
    baseUrl: 'https://api.atlascloud.ai/v1',
    keyVariable: 'ATLASCLOUD_API_KEY',
    quirks: UNFORCED,
    isHost: true,
  },
  xai: { wire: 'openai', baseUrl: 'https://api.x.ai/v1', keyVariable: 'XAI_API_KEY', quirks: {} },
  lmstudio: { ...LOCAL, baseUrl: 'http://127.0.0.1:1234/v1', quirks: UNFORCED },
  llamacpp: { ...LOCAL, baseUrl: 'http://127.0.0.1:8080/v1', quirks: UNFORCED },
  vllm: { ...LOCAL, baseUrl: 'http://127.0.0.1:8000/v1', quirks: OLD_LIMIT },
} as const satisfies Readonly<Record<string, KnownProvider>>

/** The name of a provider in the table. */
export type ProviderName = keyof typeof PROVIDERS

/** All names, in the order of the table. */
export const PROVIDER_NAMES = Object.keys(PROVIDERS) as [ProviderName, ...ProviderName[]]

/** The provider of that name, if it stands in the table. */
export function knownProvider(name: string): KnownProvider | undefined {
  return Object.hasOwn(PROVIDERS, name) ? PROVIDERS[name as ProviderName] : undefined
}

/** Models of providers, by the provider's name. */
export type ModelsByProvider = Readonly<Partial<Record<ProviderName, Readonly<Record<string, KnownModel>>>>>

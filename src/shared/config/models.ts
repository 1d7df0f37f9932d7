/** Finds models by name: what the settings say goes before what the table says. Knows no SDK and asks nobody; both the gate and the command line use it. */
import { type KnownModel, MODELS, type ModelPrices } from './providerModels.ts'
import { knownProvider, PROVIDER_NAMES, type ProviderQuirks, type ProviderWire } from './providerTable.ts'
import type { Settings } from './schema.ts'

/** What is looked at of the settings. */
export type ModelSettings = Pick<Settings, 'model' | 'providers'>

/** A model with everything that is known of it. */
export type ModelFacts = {
  readonly provider: string
  /** As its provider calls it. */
  readonly model: string
  readonly wire: ProviderWire
  readonly baseUrl: string
  /** Empty where no key is asked for. */
  readonly keyVariable: string
  readonly quirks: ProviderQuirks
  /** Undefined where nobody said what it costs. */
  readonly prices: ModelPrices | undefined
  readonly contextTokens: number | undefined
}

/** A model that was found, or why there is none of that name. */
export type ModelFound =
  | { readonly ok: true; readonly facts: ModelFacts }
  | { readonly ok: false; readonly reason: string }

/** What the schema has where nobody said anything; such a value is no wish, and follows the provider. */
const UNSET = {
  name: 'claude-sonnet-5-5',
  baseUrl: 'https://api.anthropic.com',
  keyVariable: 'ANTHROPIC_API_KEY',
  inputUsdPerMTok: 2,
  outputUsdPerMTok: 10,
} as const

/**
 * Finds a model: by `provider/model`, by its own name, or that of the settings for no name. A name that nobody knows belongs to the provider of the
 * settings: new models come faster than tables. Wrong is only the name of a provider that does not exist.
 */
export function findModel(settings: ModelSettings, name?: string): ModelFound {
  const wanted = name || settings.model.name
  const own = settings.model.provider
  const [first = '', ...rest] = wanted.split('/')
  const isPrefixed = rest.length > 0
  if (first === own && isPrefixed && !knows(settings, own, wanted)) return found(settings, own, rest.join('/'))
  if (knows(settings, own, wanted)) return found(settings, own, wanted)
  if (!isPrefixed) return found(settings, ownerOf(settings, wanted) ?? own, wanted)
  // Hosts name their models by two parts themselves: by who made them, never by another host.
  const isMaker = !knownProvider(first)?.isHost && !Object.hasOwn(settings.providers, first)
  const isSure = !isHost(settings, own) || !isMaker
  if (isProvider(settings, first) && (isSure || knows(settings, first, rest.join('/')))) {
    return found(settings, first, rest.join('/'))
  }
  if (isHost(settings, own)) return found(settings, own, wanted)
  return { ok: false, reason: `there is no provider ${first}; known are ${providerNames(settings).join(', ')}` }
}

/** Every model of the table and of the settings, by provider; that of the settings also where no table has it. */
export function listModels(settings: ModelSettings): ModelFacts[] {
  const listed = providerNames(settings).flatMap((provider) =>
    Object.keys(modelsOf(settings, provider)).map((model) => factsOf(settings, provider, model)),
  )
  const chosen = findModel(settings)
  const isListed = chosen.ok && listed.some((facts) => isSame(facts, chosen.facts))
  return chosen.ok && !isListed ? [chosen.facts, ...listed] : listed
}

/** All providers that can be named: those of the table, then those of the settings alone. */
export function providerNames({ providers }: ModelSettings): string[] {
  return [...PROVIDER_NAMES, ...Object.keys(providers).filter((name) => !knownProvider(name))]
}

/** What is known of a provider without a model. */
export function providerFacts(
  settings: ModelSettings,
  name: string,
): Omit<ModelFacts, 'model' | 'prices' | 'contextTokens'> {
  const table = knownProvider(name)
  const set = settings.providers[name]
  const { model } = settings
  const isOwn = name === model.provider
  const baseUrl = set?.baseUrl ?? table?.baseUrl ?? ''
  const keyVariable = set?.keyVariable ?? table?.keyVariable ?? ''
  return {
    provider: name,
    wire: set?.wire ?? table?.wire ?? 'openai',
    baseUrl: isOwn && model.baseUrl !== UNSET.baseUrl ? model.baseUrl : baseUrl,
    keyVariable: isOwn && model.keyVariable !== UNSET.keyVariable ? model.keyVariable : keyVariable,
    quirks: table?.quirks ?? { maxTokensField: 'max_tokens' },
  }
}

/** The settings as they are meant: what was left at its default in `model` follows the provider that was chosen. Doing it again changes nothing. */
export function followProvider<Given extends ModelSettings>(settings: Given): Given {
  const { model } = settings
  const [first] = Object.keys(modelsOf(settings, model.provider))
  const name = model.name === UNSET.name && model.provider !== 'anthropic' && first !== undefined ? first : model.name
  const { baseUrl, keyVariable } = providerFacts(settings, model.provider)
  const named = { ...settings, model: { ...model, name, baseUrl, keyVariable } }
  const prices = arePricesUnset(model) ? modelsOf(settings, model.provider)[name]?.prices : undefined
  if (!prices) return named
  const { inputUsdPerMTok, outputUsdPerMTok } = prices
  return { ...named, model: { ...named.model, inputUsdPerMTok, outputUsdPerMTok } }
}

function found(settings: ModelSettings, provider: string, model: string): ModelFound {
  if (model === '') return { ok: false, reason: `no model of ${provider} was named` }
  return { ok: true, facts: factsOf(settings, provider, model) }
}

function factsOf(settings: ModelSettings, provider: string, model: string): ModelFacts {
  const facts = providerFacts(settings, provider)
  const { prices, contextTokens, noImages } = modelsOf(settings, provider)[model] ?? {}
  const free = knownProvider(provider)?.isFree ? { inputUsdPerMTok: 0, outputUsdPerMTok: 0 } : undefined
  return {
    ...facts,
    model,
    quirks: noImages ? { ...facts.quirks, noImages } : facts.quirks,
    prices: ownPrices(settings, provider, model) ?? prices ?? free,
    contextTokens,
  }
}

/** The prices of `model.…Usd…` are those of `model.name`, where an owner wrote them. */
function ownPrices(settings: ModelSettings, provider: string, name: string): ModelPrices | undefined {
  const { model } = settings
  if (provider !== model.provider || name !== model.name || arePricesUnset(model)) return undefined
  const { inputUsdPerMTok, outputUsdPerMTok } = model
  const listed = modelsOf(settings, provider)[name]?.prices
  const isListed = listed?.inputUsdPerMTok === inputUsdPerMTok && listed.outputUsdPerMTok === outputUsdPerMTok
  return isListed ? undefined : { inputUsdPerMTok, outputUsdPerMTok }
}

function arePricesUnset({ inputUsdPerMTok, outputUsdPerMTok }: ModelSettings['model']): boolean {
  return inputUsdPerMTok === UNSET.inputUsdPerMTok && outputUsdPerMTok === UNSET.outputUsdPerMTok
}

/** The models of a provider: those of the table, with what the settings say laid over them. */
function modelsOf({ providers }: ModelSettings, provider: string): Readonly<Record<string, KnownModel>> {
  const table: Readonly<Record<string, KnownModel>> = (knownProvider(provider) && MODELS[provider as 'anthropic']) || {}
  const set = Object.entries(providers[provider]?.models ?? {}).map(([name, { contextTokens, ...prices }]) => {
    const { inputUsdPerMTok, outputUsdPerMTok } = prices
    const hasPrices = inputUsdPerMTok !== undefined && outputUsdPerMTok !== undefined
    const known: KnownModel = {
      ...table[name],
      ...(contextTokens === undefined ? {} : { contextTokens }),
      ...(hasPrices ? { prices: { ...prices, inputUsdPerMTok, outputUsdPerMTok } } : {}),
    }
    return [name, known] as const
  })
  return { ...table, ...Object.fromEntries(set) }
}

function knows(settings: ModelSettings, provider: string, model: string): boolean {
  return Object.hasOwn(modelsOf(settings, provider), model)
}

/** Who sells a model of that name. An owner who named an address of his own means that address. */
function ownerOf(settings: ModelSettings, model: string): string | undefined {
  const { baseUrl } = providerFacts(settings, settings.model.provider)
  const isOwnAddress = baseUrl !== knownProvider(settings.model.provider)?.baseUrl
  return isOwnAddress ? undefined : providerNames(settings).find((name) => knows(settings, name, model))
}

function isProvider(settings: ModelSettings, name: string): boolean {
  return providerNames(settings).includes(name)
}

/** A provider of the settings alone, and an address of the owner's, may be anybody's host. */
function isHost(settings: ModelSettings, provider: string): boolean {
  const table = knownProvider(provider)
  return table === undefined || table.isHost === true || providerFacts(settings, provider).baseUrl !== table.baseUrl
}

function isSame(a: ModelFacts, b: ModelFacts): boolean {
  return a.provider === b.provider && a.model === b.model
}

/** What is said of a model: whether its key is there, what it costs, how much it reads. */
import { isLoopbackHost } from '../../shared/config/loopback.ts'
import type { ModelFacts } from '../../shared/config/models.ts'
import type { Language } from '../../shared/messages/message.ts'
import { text } from '../../shared/messages/text.ts'

type Secrets = ReadonlyMap<string, string>

/** True when the provider would be asked: it has a key, or is an address of this machine that was set by the owner or needs none. */
export function isReady(facts: ModelFacts, secrets: Secrets): boolean {
  return hasKey(facts, secrets) || needsNoKey(facts)
}

/** The state of its key. The key itself is never shown. */
export function keyWords(facts: ModelFacts, secrets: Secrets, language: Language): string {
  if (hasKey(facts, secrets)) return text(language, 'models.hasKey')
  if (needsNoKey(facts)) return text(language, 'models.needsNoKey')
  return text(language, 'models.lacksKey', { variable: facts.keyVariable })
}

/** The price in a cell. */
export function priceWords({ prices }: ModelFacts, language: Language): string {
  if (!prices) return text(language, 'models.unpriced')
  const { inputUsdPerMTok, outputUsdPerMTok } = prices
  return inputUsdPerMTok === 0 && outputUsdPerMTok === 0
    ? text(language, 'models.free')
    : `${inputUsdPerMTok} / ${outputUsdPerMTok}`
}

/** The context in a cell. */
export function contextWords({ contextTokens }: ModelFacts, language: Language): string {
  return contextTokens?.toLocaleString('en-US') ?? text(language, 'models.unknown')
}

/** Context and prices, a line each. */
export function priceLines(facts: ModelFacts, language: Language): string[] {
  const { contextTokens, prices, provider } = facts
  const context =
    contextTokens === undefined
      ? text(language, 'models.contextUnknown')
      : text(language, 'models.contextLine', { tokens: contextWords(facts, language) })
  if (!prices) return [context, text(language, 'models.unpricedLine', { provider })]
  const {
    inputUsdPerMTok: input,
    outputUsdPerMTok: output,
    cacheReadUsdPerMTok: read,
    cacheWriteUsdPerMTok: write,
  } = prices
  const unknown = text(language, 'models.unknown')
  const cache = text(language, 'models.cacheLine', { read: read ?? unknown, write: write ?? unknown })
  const hasCache = read !== undefined || write !== undefined
  return [context, text(language, 'models.priceLine', { input, output }), ...(hasCache ? [cache] : [])]
}

/** The same for programs; what nobody knows is null. */
export function modelJson(facts: ModelFacts, secrets: Secrets) {
  const { provider, model, wire, baseUrl, keyVariable, quirks, prices = null, contextTokens = null } = facts
  return {
    provider,
    model,
    wire,
    baseUrl,
    keyVariable: keyVariable || null,
    hasKey: hasKey(facts, secrets),
    isReady: isReady(facts, secrets),
    contextTokens,
    prices,
    quirks,
  }
}

function hasKey({ keyVariable }: ModelFacts, secrets: Secrets): boolean {
  return keyVariable !== '' && Boolean(secrets.get(keyVariable))
}

/** The same rule as the gate's: a server of this machine gets no key unless one is set. */
function needsNoKey({ baseUrl, keyVariable }: ModelFacts): boolean {
  const host = URL.parse(baseUrl)?.hostname.replace(/^\[|\]$/g, '') ?? ''
  return keyVariable === '' || isLoopbackHost(host)
}

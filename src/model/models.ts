/** The table of providers as the gate asks for it. */
import { findModel, type ModelFacts, type ModelSettings } from '../shared/config/models.ts'
import type { LocalModels } from '../shared/http/discoverLocal.ts'
import { type ModelCatalog, needsKey, type Resolved } from './gateCatalog.ts'

/** What the catalog works with; asked anew for each call, so that a new key holds at once. */
export type CatalogParts = {
  readonly settings: () => ModelSettings
  /** The value of a variable of `.env`. */
  readonly readSecret: (variable: string) => string | undefined
  /** What was found on this machine. It stands in for the model of the settings while that one has no key, and for nothing else. */
  readonly local?: () => LocalModels | undefined
}

/** Opens the catalog: finds a model by `provider/model`, by its own name, or that of the settings for no name. */
export function createModelCatalog(parts: CatalogParts): ModelCatalog {
  return {
    resolve: (name) => {
      const chosen = resolve(parts, name)
      const [first] = (name ? undefined : parts.local?.()?.models) ?? []
      return first !== undefined && lacksKey(chosen) ? resolve(parts, `ollama/${first}`) : chosen
    },
  }
}

function resolve({ settings, readSecret }: CatalogParts, name: string | undefined): Resolved {
  const found = findModel(settings(), name)
  return found.ok ? targetOf(found.facts, settings().model.timeoutMs, readSecret) : found
}

function lacksKey(found: Resolved): boolean {
  return found.ok && found.keyVariable !== '' && found.access.key === undefined && needsKey(found.access.baseUrl)
}

function targetOf(facts: ModelFacts, timeoutMs: number, readSecret: CatalogParts['readSecret']): Resolved {
  const { provider, wire, model, baseUrl, keyVariable, quirks, prices, contextTokens } = facts
  const key = keyVariable === '' ? undefined : readSecret(keyVariable) || undefined
  const access = { baseUrl, key, timeoutMs, quirks }
  return { ok: true, provider, wire, model, prices, contextTokens, keyVariable, access }
}

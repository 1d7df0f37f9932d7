/** The gate of all model calls as this agent has it: with its journal as the book of what was spent, and its health told of every call. */
import { createGate, type Gate, type GateRequest, type GateResult } from '../model/gate.ts'
import { createModelCatalog } from '../model/models.ts'
import { providerOf, warmProvider } from '../model/providers.ts'
import { openUsageLog } from '../model/usageLog.ts'
import { providerFacts } from '../shared/config/models.ts'
import type { Settings } from '../shared/config/schema.ts'
import { discoverLocal, type LocalModels } from '../shared/http/discoverLocal.ts'
import type { Language } from '../shared/messages/message.ts'
import type { ModelHealth } from './health/modelHealth.ts'
import type { Journal } from './journal/journal.ts'

/** What it is built from. */
export type ModelGateParts = {
  readonly settings: Settings
  readonly language: Language
  readonly readSecret: (variable: string) => string | undefined
  readonly journal: Pick<Journal, 'spent' | 'append' | 'treeOf'>
  /** Folder of the ledger of model calls. */
  readonly logs: string
  readonly health: ModelHealth
}

/** The gate, and what this agent further asks of it. */
export type AgentGate = Gate & {
  /** A call beside the runs (a proposal, a test): asked and written down here, so that the budgets know of it. */
  readonly askAside: (request: GateRequest, signal: AbortSignal) => Promise<GateResult>
  /** Window of a model in tokens; undefined where nobody knows it. */
  readonly contextTokens: (model: string | undefined) => number | undefined
  /** Loads the code that speaks to the model of the settings, so that the first question need not wait for it. */
  readonly warm: () => Promise<void>
  /** Looks for a model server on this machine that needs no key. */
  readonly findLocal: () => Promise<void>
}

/** Name under which calls stand in the journal that belong to no session. */
const ASIDE = ''

/** Opens it. */
export function openModelGate(parts: ModelGateParts): AgentGate {
  const { settings, language, readSecret, journal, logs, health } = parts
  let local: LocalModels | undefined
  const catalog = createModelCatalog({ settings: () => settings, readSecret, local: () => local })
  const { spent } = journal
  const logUsage = openUsageLog(logs, settings.logs)
  const gate = createGate({ settings, catalog, providerOf, spent, logUsage, language })
  // Branches and repeated runs spend what the session may spend that they come from.
  const withTree = <Who extends { readonly session: string }>(who: Who): Who & { readonly tree?: string } => {
    const tree = journal.treeOf(who.session)
    return tree === undefined ? who : { ...who, tree }
  }
  const ask: Gate['ask'] = async (request, control) => {
    const result = await gate.ask(request, withTree(control))
    health.note(result)
    return result
  }
  return {
    ...gate,
    check: (request, who) => gate.check(request, withTree(who)),
    ask,
    askAside: async (request, signal) => {
      const result = await ask(request, { run: ASIDE, session: ASIDE, signal, onText: () => {} })
      const { model, provider, usage, costUsd, latencyMs, isPriced } = result
      const stopReason = result.ok ? result.stopReason : result.kind
      const spentOn = { model, provider, usage, costUsd, latencyMs, stopReason, ...(isPriced ? {} : { isPriced }) }
      journal.append(ASIDE, ASIDE, { type: 'model_answered', data: { text: null, ...spentOn } })
      return result
    },
    contextTokens: (model) => {
      const found = catalog.resolve(model)
      return found.ok ? found.contextTokens : undefined
    },
    warm: async () => {
      const found = catalog.resolve(undefined)
      if (found.ok) await warmProvider(found.wire)
    },
    findLocal: async () => {
      local = await discoverLocal(providerFacts(settings, 'ollama').baseUrl)
    },
  }
}

/** The model step with the real gate: its own budget, its own deadline, the provider and key of the settings. */
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { createGate, type Gate } from '../model/gate.ts'
import type { ModelCatalog } from '../model/gateCatalog.ts'
import type { GateSettings } from '../model/gateParts.ts'
import { createModelCatalog } from '../model/models.ts'
import { type Prices, worstCase } from '../model/prices.ts'
import { providerOf } from '../model/providers.ts'
import type { Action } from '../repair/action.ts'
import { bootId, now } from '../shared/clock.ts'
import type { Settings } from '../shared/config/schema.ts'
import type { HomePaths } from '../shared/paths.ts'
import { callsFile, spentToday } from './budget.ts'
import { choose, type ModelAnswer, type ModelQuestion, type ModelStep } from './propose.ts'

/** What the step is made of. */
export type ModelStepParts = {
  readonly paths: HomePaths
  readonly settings: Settings
  readonly secrets: ReadonlyMap<string, string>
  readonly actions: ReadonlyMap<string, Action>
  readonly redact: (text: string) => string
}

/** Makes the step. Nothing is loaded and nobody is called before it is used. */
export function createModelStep(parts: ModelStepParts): (question: ModelQuestion) => Promise<ModelAnswer> {
  const { paths, settings, actions, redact } = parts
  const { model, recovery } = settings
  const catalog = catalogOf(parts)
  const step: ModelStep = {
    gate: (calls) => openGate(parts, spentToday(calls, now())),
    model: recovery.modelName === '' ? model.name : recovery.modelName,
    maxTokens: recovery.maxTokens,
    callsPerHour: recovery.callsPerHour,
    file: callsFile(paths),
    actions,
    redact,
    worstUsd: (request) => {
      const found = catalog.resolve(request.model)
      // An unknown model is turned away by the gate before it costs anything.
      return found.ok ? worstCase(request, found.prices, found.wire).usd : 0
    },
    now,
    bootId: bootId(),
  }
  return (question) => choose(step, question)
}

/** One model, one try, no waiting and no other model: a recovery has seconds, and its purse counts calls. */
const ONE_TRY = {
  quick: '',
  deep: '',
  fallbacks: [],
  fallbackWhenRefused: false,
  callsAtOnce: 1,
  tries: 1,
  patienceMs: 0,
  breakAfter: Number.POSITIVE_INFINITY,
  breakMs: 0,
}
/** The purse of recovery has one limit, of the day. */
const NO_OTHER_LIMITS = {
  monthUsd: 0,
  runUsd: 0,
  sessionUsd: 0,
  jobUsd: 0,
  dayTokens: 0,
  monthTokens: 0,
  runTokens: 0,
  sessionTokens: 0,
  jobTokens: 0,
  warnPercent: 100,
  slowPercent: 100,
  slowMs: 0,
}

function openGate(parts: ModelStepParts, spentUsd: number): Gate {
  const { recovery } = parts.settings
  const settings: GateSettings = {
    model: { ...ONE_TRY, maxTokens: recovery.maxTokens },
    budget: { ...NO_OTHER_LIMITS, dayUsd: recovery.dayUsd },
  }
  return createGate({
    settings,
    catalog: catalogOf(parts),
    providerOf,
    spent: () => ({ usd: spentUsd, tokens: 0 }),
    logUsage: (line) => {
      try {
        const file = join(parts.paths.logs, 'usage.jsonl')
        appendFileSync(file, `${JSON.stringify({ at: now().at, ...line })}\n`, { mode: 0o600 })
      } catch {
        // The purse has its own ledger.
      }
    },
  })
}

/** The table of providers, with the time that recovery has. A model whose price nobody knows costs what the settings say: this purse counts money only. */
function catalogOf({ settings, secrets }: ModelStepParts): ModelCatalog {
  const { model, recovery } = settings
  const timeoutMs = Math.min(model.timeoutMs, recovery.timeoutMs)
  const catalog = createModelCatalog({
    settings: () => ({ ...settings, model: { ...model, timeoutMs } }),
    readSecret: (variable) => secrets.get(variable),
  })
  return {
    resolve: (name) => {
      const found = catalog.resolve(name)
      return found.ok ? { ...found, prices: found.prices ?? pricesIn(settings) } : found
    },
  }
}

function pricesIn({ model: { inputUsdPerMTok, outputUsdPerMTok } }: Settings): Prices {
  return { inputUsdPerMTok, outputUsdPerMTok }
}

/** The model step with the real gate: its own budget, its own deadline, the provider and key of the settings. */
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { askAnthropic } from '../model/anthropic.ts'
import { createGate } from '../model/gate.ts'
import { worstCaseUsd } from '../model/prices.ts'
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
  const prices = { inputUsdPerMTok: model.inputUsdPerMTok, outputUsdPerMTok: model.outputUsdPerMTok }
  const step: ModelStep = {
    gate: (calls) => openGate(parts, spentToday(calls, now())),
    model: recovery.modelName === '' ? model.name : recovery.modelName,
    maxTokens: recovery.maxTokens,
    callsPerHour: recovery.callsPerHour,
    file: callsFile(paths),
    actions,
    redact,
    worstUsd: (request) => worstCaseUsd(request, prices),
    now,
    bootId: bootId(),
  }
  return (question) => choose(step, question)
}

function openGate({ paths, settings, secrets }: ModelStepParts, spentUsd: number) {
  const { model, recovery } = settings
  return createGate({
    settings: {
      // Two calls are two calls: nothing is tried again behind the budget.
      access: { baseUrl: model.baseUrl, timeoutMs: Math.min(model.timeoutMs, recovery.timeoutMs), maxRetries: 0 },
      prices: { inputUsdPerMTok: model.inputUsdPerMTok, outputUsdPerMTok: model.outputUsdPerMTok },
      keyVariable: model.keyVariable,
      dayUsd: recovery.dayUsd,
    },
    provider: askAnthropic,
    readKey: () => secrets.get(model.keyVariable) || undefined,
    spentTodayUsd: () => spentUsd,
    logUsage: (line) => {
      try {
        const file = join(paths.logs, 'usage.jsonl')
        appendFileSync(file, `${JSON.stringify({ at: now().at, ...line })}\n`, { mode: 0o600 })
      } catch {
        // The purse has its own ledger.
      }
    },
  })
}

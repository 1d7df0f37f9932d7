/** One tiny call of the model that settings name, through the gate like every other: does the key work? For whoever has no running agent to ask. */
import type { Settings } from '../shared/config/schema.ts'
import { createGate } from './gate.ts'
import type { FailureKind } from './modelCall.ts'
import { createModelCatalog } from './models.ts'
import { providerOf } from './providers.ts'
import type { UsageLine } from './usageLog.ts'

/** Settings and secrets that need not be written anywhere yet. */
export type KeyTrialInput = {
  readonly settings: Settings
  readonly secrets: ReadonlyMap<string, string>
  readonly signal: AbortSignal
}

/** What came of it. `usage`: what the ledger of model calls should hold, once there is one. */
export type KeyTrial = {
  readonly provider: string
  readonly model: string
  readonly latencyMs: number
  readonly costUsd: number
  readonly usage: readonly UsageLine[]
} & ({ readonly ok: true } | { readonly ok: false; readonly kind: FailureKind; readonly reason: string })

/** Enough for a model that thinks before it says one word, in tokens. */
const MAX_TOKENS = 512
const QUESTION = 'Answer with the one word: ready'
/** A person waits for it. */
const LONGEST_MS = 20_000

/** Asks once, of that model alone. Never throws for what a provider does; held by the budget of the settings as if nothing had been spent. */
export async function tryKey({ settings, secrets, signal }: KeyTrialInput): Promise<KeyTrial> {
  const usage: UsageLine[] = []
  const model = { ...settings.model, timeoutMs: Math.min(settings.model.timeoutMs, LONGEST_MS) }
  const gate = createGate({
    settings: { ...settings, model: { ...model, quick: '', deep: '', fallbacks: [], tries: 1, patienceMs: 0 } },
    catalog: createModelCatalog({ settings: () => ({ ...settings, model }), readSecret: (name) => secrets.get(name) }),
    providerOf,
    spent: () => ({ usd: 0, tokens: 0 }),
    logUsage: (line) => usage.push(line),
  })
  const question = { system: '', turns: [{ role: 'user' as const, text: QUESTION }], maxTokens: MAX_TOKENS }
  const result = await gate.ask(question, { run: '', session: '', signal, onText: () => {} })
  const { provider, model: asked, latencyMs, costUsd } = result
  const base = { provider, model: asked, latencyMs, costUsd, usage }
  return result.ok ? { ...base, ok: true } : { ...base, ok: false, kind: result.kind, reason: result.reason }
}

import type { GateResult } from '../../model/gate.ts'
import type { FailureKind } from '../../model/modelCall.ts'
import { monotonicMs } from '../../shared/clock.ts'
import type { HealthCheck } from '../../shared/health.ts'
import type { Language } from '../../shared/messages/message.ts'
import { text } from '../../shared/messages/text.ts'
import { keyRefused, noKey } from '../modelWords.ts'

/** A trouble of the provider that nothing has confirmed for so long is forgotten, in milliseconds. A refused key is not. */
const TROUBLE_LASTS_MS = 5 * 60_000
/** These say nothing about the provider. */
const NO_TROUBLE: readonly FailureKind[] = ['cancelled', 'budget', 'no-key', 'refused']

/** What the check `model` is made from. */
export type ModelHealthFacts = {
  readonly language: Language
  /** Absolute path; printed commands name it. */
  readonly home: string
  readonly keyVariable: string
  /** True when a call needs a key and there is none; asked each time. */
  readonly lacksKey: () => boolean
}

/** Remembers how the last call went. Never touches the provider: liveness does not test the outside. */
export type ModelHealth = {
  readonly note: (result: GateResult) => void
  /** `.env` changed: a refused key may be another one now. */
  readonly forget: () => void
  readonly check: () => HealthCheck
}

/** Builds it. */
export function createModelHealth(facts: ModelHealthFacts): ModelHealth {
  const { language, lacksKey } = facts
  let trouble: { readonly kind: FailureKind; readonly reason: string; readonly monoMs: number } | undefined
  return {
    note: (result) => {
      if (result.ok) trouble = undefined
      else if (!NO_TROUBLE.includes(result.kind)) trouble = { ...result, monoMs: monotonicMs() }
    },
    forget: () => {
      trouble = undefined
    },
    check: () => {
      if (lacksKey()) return { status: 'warn', output: noKey(facts) }
      if (trouble?.kind === 'unauthorized') return { status: 'warn', output: keyRefused(facts) }
      if (!trouble || monotonicMs() - trouble.monoMs > TROUBLE_LASTS_MS) return { status: 'pass' }
      return { status: 'warn', output: text(language, 'agent.modelTrouble', trouble) }
    },
  }
}

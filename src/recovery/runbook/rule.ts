import type { JsonValue } from '../../repair/journal.ts'
import type { MessageKey } from '../../shared/messages/table.ts'
import type { FaultClass } from '../evidence/faultClass.ts'
import type { Facts } from '../facts.ts'

/** An action of the table with arguments out of facts. */
export type RuleStep = { readonly action: string; readonly args: JsonValue }

/** A proof of a rule: with these logs, and these facts instead of healthy ones, exactly this is its plan. No steps: it must stay silent. */
export type RuleExample = {
  readonly logs: readonly string[]
  readonly facts: Partial<Facts>
  readonly steps: readonly RuleStep[]
}

/**
 * One rule of the runbook, as data. `treats` is its signature: the kinds of fault that a log may speak of and that it knows. `probe` is the local
 * look that must confirm one of them; without it nothing is planned, whatever a log says, and with it the plan is made whether a log says so or not.
 */
export type Rule = {
  readonly id: string
  /** Why this helps, for a person. */
  readonly why: MessageKey
  /** What a local probe would have to say, for a person. */
  readonly needs: MessageKey
  readonly treats: readonly [FaultClass, ...FaultClass[]]
  /** The kind of fault that the facts confirm; undefined where they do not. */
  readonly probe: (facts: Facts) => FaultClass | undefined
  /** What to do, in order, when the probe confirmed it. `raise_alert` stands last: a person comes after everything that helps. */
  readonly plan: (facts: Facts) => readonly RuleStep[]
  readonly examples: readonly [RuleExample, RuleExample, ...RuleExample[]]
}

/** An action without arguments. */
export function step(action: string, args: JsonValue = {}): RuleStep {
  return { action, args }
}

/** A person is needed. */
export const ALERT: RuleStep = step('raise_alert')

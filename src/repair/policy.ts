/**
 * PURE. May this action be done now, by this asker? Permission is data that explains itself: every answer carries its reason,
 * and every action its examples of what must be allowed and what must be refused.
 */
import type { Action, Risk } from './action.ts'

/** What the answer depends on, beside the action itself. */
export type PolicyContext = {
  readonly actions: ReadonlyMap<string, Action>
  /** The highest risk that this asker may take without a person: 1 for everything automatic. */
  readonly riskLimit: Risk
  /** True while the service is well: then nothing is done, whoever asks. */
  readonly isHealthy: boolean
}

/** The answer, always with its reason. */
export type Permission =
  | {
      readonly allowed: true
      readonly reason: string
      readonly action: Action
      readonly args: Parameters<Action['plan']>[0]
    }
  | { readonly allowed: false; readonly reason: string }

/** A foreign word as it may be shown: short, quoted, and without anything that a terminal or an eye could be led astray by. */
export function inPlainWords(word: unknown): string {
  return JSON.stringify(String(word).slice(0, 40)).replace(/[^\x20-\x7e]/g, '?')
}

/** The risk of an action, one higher where it cannot be undone. */
export function effectiveRisk(action: Pick<Action, 'risk' | 'undo'>): Risk {
  return action.undo === 'not undoable' ? (Math.min(action.risk + 1, 3) as Risk) : action.risk
}

/** Strictest rule wins: known action, understood arguments, never on a healthy service, never above the risk limit. */
export function may(actionId: string, args: unknown, context: PolicyContext): Permission {
  const action = context.actions.get(actionId)
  if (!action) return { allowed: false, reason: `there is no action ${inPlainWords(actionId)}` }
  const parsed = action.parseArgs(args)
  if (!parsed.ok) return { allowed: false, reason: `${action.id}: ${parsed.reason}` }
  if (context.isHealthy) return { allowed: false, reason: 'the service is healthy: nothing is repaired' }
  const risk = effectiveRisk(action)
  if (risk > context.riskLimit) {
    return {
      allowed: false,
      reason: `${action.id} has risk ${risk}, and ${context.riskLimit} is the limit without a person`,
    }
  }
  return { allowed: true, reason: `risk ${risk} of ${context.riskLimit}`, action, args: parsed.args }
}

/** The examples of an action that do not hold: each one a reason not to trust it. */
export function brokenExamples(action: Action): string[] {
  const allowed = action.examples.allowed.flatMap((args) => {
    const parsed = action.parseArgs(args)
    return parsed.ok ? [] : [`${action.id} refuses ${JSON.stringify(args)}: ${parsed.reason}`]
  })
  const refused = action.examples.refused
    .filter(({ args }) => action.parseArgs(args).ok)
    .map(({ args, reason }) => `${action.id} allows ${JSON.stringify(args)}, which must be refused: ${reason}`)
  return [...allowed, ...refused]
}

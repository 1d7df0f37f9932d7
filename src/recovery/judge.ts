/** PURE. May this proposal be done, must a person be asked first, or is it refused? Schema, policy, corroboration and what was tried lately, in this order. */
import type { Action, Risk, Verdict } from '../repair/action.ts'
import type { JsonValue } from '../repair/journal.ts'
import { effectiveRisk, may } from '../repair/policy.ts'
import type { Facts } from './facts.ts'
import type { Proposal } from './proposal.ts'

/** `recovery.autonomy` of the settings. */
export type Autonomy = 'none' | 'safe' | 'full'

/** What the answer depends on beside the proposal. */
export type JudgeContext = {
  readonly actions: ReadonlyMap<string, Action>
  readonly autonomy: Autonomy
  readonly facts: Facts
  /** True while the service is well: then nothing is done, whoever asks. */
  readonly isHealthy: boolean
  /** The local fact without which nobody may take an action. */
  readonly corroborates: (action: string, args: JsonValue, facts: Facts) => Verdict
  /** Why it would be the same failure again; undefined where it was not tried lately. */
  readonly triedLately: (action: string, args: JsonValue) => string | undefined
}

/** The answer, always with its reason. `ask`: only with a person's yes. */
export type Judgement =
  | { readonly verdict: 'allowed' | 'ask'; readonly reason: string; readonly action: Action; readonly args: JsonValue }
  | { readonly verdict: 'refused'; readonly reason: string }

/** Beyond this nobody but a person acts, and not through recovery. */
const HIGHEST_RISK: Risk = 2
const LIMITS: Readonly<Record<Autonomy, number>> = { none: -1, safe: 1, full: HIGHEST_RISK }
/** Words that change nothing: they need no permission. */
const WORDS: ReadonlySet<string> = new Set(['raise_alert', 'none'])

/** -1 takes none. */
function riskLimitOf(autonomy: Autonomy): number {
  return LIMITS[autonomy]
}

/** True for an action that only says something. */
export function isWord(action: string): boolean {
  return WORDS.has(action)
}

/** Judges one proposal. Touches nothing. */
export function judge(
  { action: id, args: given }: Pick<Proposal, 'action' | 'args'>,
  context: JudgeContext,
): Judgement {
  const { actions, autonomy, facts, isHealthy, corroborates, triedLately } = context
  const permission = may(id, given, { actions, riskLimit: HIGHEST_RISK, isHealthy: isHealthy && !isWord(id) })
  if (!permission.allowed) return { verdict: 'refused', reason: permission.reason }
  const { action, args } = permission
  const agreed = corroborates(id, args, facts)
  if (!agreed.ok) return { verdict: 'refused', reason: agreed.reason }
  if (isWord(id)) return { verdict: 'allowed', reason: 'it changes nothing', action, args }
  const tried = triedLately(id, args)
  if (tried) return { verdict: 'refused', reason: tried }
  const risk = effectiveRisk(action)
  if (risk <= riskLimitOf(autonomy))
    return { verdict: 'allowed', reason: `risk ${risk}, autonomy ${autonomy}`, action, args }
  return { verdict: 'ask', reason: `risk ${risk} needs a yes with autonomy ${autonomy}`, action, args }
}

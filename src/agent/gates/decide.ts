/** PURE. What becomes of a call: the strictest verdict over its deeds, by the rules and the mode. */
import type { GateMode } from '../../shared/config/gatesSection.ts'
import type { Deed } from './deed.ts'
import { matches, type Rule } from './rule.ts'

/** A verdict before anybody was asked. */
export type Decision = Pick<Rule, 'id' | 'verdict' | 'reason' | 'group'>

/** What decides. */
export type Policy = { readonly rules: readonly Rule[]; readonly owners: readonly Rule[]; readonly mode: GateMode }

const STRICTNESS: Readonly<Record<Rule['verdict'], number>> = { allow: 0, ask: 1, deny: 2 }
const UNKNOWN: Decision = { id: 'default', verdict: 'ask', group: 'program', reason: 'No rule speaks of this call.' }

/** Judges every deed; no deed at all is asked. */
export function decide(policy: Policy, tool: string, deeds: readonly Deed[]): Decision {
  const known = new Map<string, Decision>()
  const decisions = deeds.map((deed) => {
    const key = JSON.stringify(deed)
    const decision = known.get(key) ?? judgeDeed(policy, tool, deed)
    known.set(key, decision)
    return decision
  })
  return strictest(decisions) ?? inMode(UNKNOWN, policy.mode)
}

/** The owner's yes outweighs what is asked and what is refused as unwise; what is protected, and the owner's own no, it does not. */
function judgeDeed({ rules, owners, mode }: Policy, tool: string, deed: Deed): Decision {
  const own = owners.filter((rule) => matches(rule, tool, deed))
  const isAllowed = own.some(({ verdict }) => verdict === 'allow')
  const built = rules.filter((rule) => matches(rule, tool, deed))
  const standing = isAllowed ? built.filter(({ verdict, isProtected }) => verdict === 'allow' || isProtected) : built
  const found = [...own, ...standing]
  return strictest((found.length > 0 ? found : [UNKNOWN]).map((one) => inMode(one, mode))) ?? UNKNOWN
}

function strictest(decisions: readonly Decision[]): Decision | undefined {
  return decisions.reduce<Decision | undefined>(
    (worst, one) => (worst === undefined || STRICTNESS[one.verdict] > STRICTNESS[worst.verdict] ? one : worst),
    undefined,
  )
}

/** What the mode makes of a question. The owner's own questions are asked in every mode that asks. */
function inMode({ id, verdict, reason, group }: Decision, mode: GateMode): Decision {
  if (verdict !== 'ask' || mode === 'ask') return { id, verdict, reason, group }
  if (mode === 'read-only')
    return { id, verdict: 'deny', group, reason: `${reason} gates.mode is read-only: only what looks is done.` }
  const isFree = group !== 'owner' && (mode === 'all' || group === 'workspace')
  return { id, verdict: isFree ? 'allow' : 'ask', reason, group }
}

/**
 * PURE. Rules that were learned: a model's plan that healed is remembered by signature and probe, never by the text of a log.
 *
 *   candidate ── three healed incidents ─▶ proposed ── a person's yes ─▶ active
 *       ▲                                     └──────── first harm ────────┴─▶ demoted (and counts from nothing again)
 *
 * A rule is bound to the text of its action and of the gates: where either changed it is asleep, and its successes count for nothing.
 */
import type { JsonValue } from '../repair/journal.ts'
import { canonicalJson } from '../shared/canonicalJson.ts'
import type { Outcome } from '../shared/incident.ts'
import type { ProposedBy } from '../shared/recoveryResult.ts'

/** So many different incidents must have closed healed before a person is asked. */
export const SUCCESSES_NEEDED = 3
/** So many plans and rules are kept, the newest. */
const MAX_TRIED = 60
const MAX_RULES = 40

/** What a rule does, and for which fault: its whole identity. */
export type RuleKey = {
  readonly signature: string
  readonly probe: string
  readonly action: string
  readonly args: JsonValue
}

/** The texts that a rule is bound to. */
export type Bound = { readonly actionHash: string; readonly gateHash: string }

/** A plan that was carried out and held, and waits for what became of its incident. */
export type Tried = RuleKey &
  Bound & {
    readonly repairId: string
    readonly by: ProposedBy
    readonly incident: string | null
    /** True when a person had said yes to it: then its success is not the model's alone. */
    readonly isApproved: boolean
    readonly at: string
    readonly outcome: 'pending' | 'healed' | 'not-healed'
  }

/** A learned rule. */
export type LearnedRule = RuleKey &
  Bound & {
    /** `L3`. */
    readonly id: string
    readonly state: 'candidate' | 'proposed' | 'active' | 'demoted'
    /** The different incidents that it healed since it was last at nothing. */
    readonly incidents: readonly string[]
    readonly changedAt: string
    /** Why it is in this state. */
    readonly note: string
  }

/** Everything that was learned. */
export type Learned = {
  readonly tried: readonly Tried[]
  readonly rules: readonly LearnedRule[]
  readonly nextRule: number
}

/** Nothing was learned. */
export const NOTHING_LEARNED: Learned = { tried: [], rules: [], nextRule: 1 }

/** What changed, or why not. */
export type LearnedResult =
  | { readonly ok: true; readonly learned: Learned }
  | { readonly ok: false; readonly why: 'unknown' | 'state' | 'changed' }

/** Remembers a plan that was carried out. */
export function withTried(learned: Learned, tried: Tried): Learned {
  return { ...learned, tried: [...learned.tried, tried].slice(-MAX_TRIED) }
}

/** True when two rules treat the same fault by the same deed. */
function isSame(a: RuleKey, b: RuleKey): boolean {
  return (
    a.signature === b.signature &&
    a.probe === b.probe &&
    a.action === b.action &&
    canonicalJson(a.args) === canonicalJson(b.args)
  )
}

/** True when two carry the same texts. */
export function isBoundTo(rule: Bound, now: Bound): boolean {
  return rule.actionHash === now.actionHash && rule.gateHash === now.gateHash
}

/**
 * The incident is over. What was done last gets the credit where it closed healed; what was done before it, and everything where it did not, did not heal.
 * Settling twice changes nothing.
 */
export function settled(learned: Learned, incident: string, outcome: Outcome, at: string): Learned {
  const open = learned.tried.filter((one) => one.incident === incident && one.outcome === 'pending')
  if (open.length === 0 || outcome === 'open') return learned
  const healer = outcome === 'healed' ? open.at(-1) : undefined
  const tried = learned.tried.map(
    (one): Tried => (open.includes(one) ? { ...one, outcome: one === healer ? 'healed' : 'not-healed' } : one),
  )
  const judged: Learned = { ...learned, tried }
  return open.reduce((before, one) => {
    if (one === healer) return credited(before, one, at)
    // A person stood in between: nobody can say whose doing it was.
    if (one.isApproved || one.by === 'runbook') return before
    return afterHarm(before, one, { at, note: `incident ${incident} ended ${outcome}` })
  }, judged)
}

/** Only what a model chose is learned, and what was learned goes on being counted. */
function credited(learned: Learned, one: Tried, at: string): Learned {
  const { incident } = one
  if (one.by === 'runbook' || one.isApproved || incident === null) return learned
  const known = learned.rules.find((rule) => isSame(rule, one))
  const rule = known ?? newRule(learned.nextRule, one, at)
  const isFresh = !isBoundTo(rule, one)
  const incidents = [...new Set([...(isFresh ? [] : rule.incidents), incident])]
  const { actionHash, gateHash } = one
  const next = {
    ...rule,
    actionHash,
    gateHash,
    incidents,
    ...stateAfterSuccess(rule, incidents.length, isFresh),
    changedAt: at,
  }
  const rules = known ? learned.rules.map((other) => (other === known ? next : other)) : [...learned.rules, next]
  return { ...learned, rules: keepRules(rules), nextRule: learned.nextRule + (known ? 0 : 1) }
}

function newRule(
  number: number,
  { signature, probe, action, args, actionHash, gateHash }: Tried,
  at: string,
): LearnedRule {
  const key = { signature, probe, action, args, actionHash, gateHash }
  return { id: `L${number}`, ...key, state: 'candidate', incidents: [], changedAt: at, note: '' }
}

function stateAfterSuccess(
  { state }: LearnedRule,
  successes: number,
  isFresh: boolean,
): Pick<LearnedRule, 'state' | 'note'> {
  const note = `healed ${successes} incidents`
  if (state === 'active' && !isFresh) return { state, note }
  return { state: successes >= SUCCESSES_NEEDED ? 'proposed' : 'candidate', note }
}

/** The least worth keeping go first: demoted ones, then candidates, the oldest of each. */
function keepRules(rules: readonly LearnedRule[]): readonly LearnedRule[] {
  if (rules.length <= MAX_RULES) return rules
  const worth = { demoted: 0, candidate: 1, proposed: 2, active: 3 } as const
  const leaves = rules.toSorted((a, b) => worth[a.state] - worth[b.state]).slice(0, rules.length - MAX_RULES)
  return rules.filter((rule) => !leaves.includes(rule))
}

/** It did harm, or did not help: the rule falls at once and counts from nothing. Without a rule there is nothing to take away. */
export function afterHarm(
  learned: Learned,
  key: RuleKey,
  { at, note }: { readonly at: string; readonly note: string },
): Learned {
  const rules = learned.rules.map((rule) =>
    isSame(rule, key) ? { ...rule, state: 'demoted' as const, incidents: [], changedAt: at, note } : rule,
  )
  return { ...learned, rules }
}

/** A person's yes to a proposed rule whose texts are still the same. */
export function promoted(learned: Learned, id: string, now: Bound | undefined, at: string): LearnedResult {
  const rule = learned.rules.find((one) => one.id === id)
  if (!rule) return { ok: false, why: 'unknown' }
  if (rule.state !== 'proposed') return { ok: false, why: 'state' }
  if (!now || !isBoundTo(rule, now)) return { ok: false, why: 'changed' }
  const next = { ...rule, state: 'active' as const, changedAt: at, note: 'promoted by a person' }
  return { ok: true, learned: { ...learned, rules: learned.rules.map((one) => (one === rule ? next : one)) } }
}

/** A person's no, at any time. */
export function demoted(learned: Learned, id: string, at: string): LearnedResult {
  const rule = learned.rules.find((one) => one.id === id)
  if (!rule) return { ok: false, why: 'unknown' }
  if (rule.state === 'demoted') return { ok: false, why: 'state' }
  return { ok: true, learned: afterHarm(learned, rule, { at, note: 'demoted by a person' }) }
}

/** The rules that may be tried for this fault now: active, and bound to the texts that are in force. */
export function rulesFor(
  { rules }: Learned,
  { signature, probe }: Pick<RuleKey, 'signature' | 'probe'>,
  boundOf: (action: string) => Bound | undefined,
): LearnedRule[] {
  return rules.filter((rule) => {
    if (rule.state !== 'active' || rule.signature !== signature || rule.probe !== probe) return false
    const now = boundOf(rule.action)
    return now !== undefined && isBoundTo(rule, now)
  })
}

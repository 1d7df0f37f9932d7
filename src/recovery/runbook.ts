/** PURE. The runbook: known faults and what is done about them. It needs no network and no model, and it believes probes, never a log. */
import type { JsonValue } from '../repair/journal.ts'
import { canonicalJson } from '../shared/canonicalJson.ts'
import { textOf } from '../shared/messages/text.ts'
import { corroborates } from './corroborate.ts'
import { classifyLogs, type Evidence } from './evidence.ts'
import type { Facts } from './facts.ts'
import { WELL } from './runbook/exampleFacts.ts'
import type { Rule, RuleExample } from './runbook/rule.ts'
import { RULES } from './runbook/rules.ts'

export { RULES }

/** One step that a rule names, with arguments out of facts. */
export type RulePlan = {
  readonly rule: string
  readonly action: string
  readonly args: JsonValue
  readonly reason: string
}

/**
 * What the rules that the facts confirm would do, in the order in which to try it; nothing where none is confirmed. Words for a person come last,
 * so that no rule can keep another one from helping. The log has no say: with the same facts the answer is the same, whatever it holds.
 */
export function consultRunbook({ facts }: Pick<Evidence, 'facts'>): readonly RulePlan[] {
  const plans = RULES.filter((rule) => rule.probe(facts) !== undefined).flatMap((rule) => plansOf(rule, facts))
  return [...plans.filter(({ action }) => action !== 'raise_alert'), ...firstAlert(plans)]
}

function plansOf(rule: Rule, facts: Facts): RulePlan[] {
  // Stored and read by whoever looks into an incident, in the language of the journal.
  const reason = textOf('en', { key: rule.why, params: {} })
  return rule.plan(facts).map(({ action, args }) => ({ rule: rule.id, action, args, reason }))
}

function firstAlert(plans: readonly RulePlan[]): RulePlan[] {
  return plans.filter(({ action }) => action === 'raise_alert').slice(0, 1)
}

/** The examples of rules that do not hold: each one a reason to trust none of them. Checked at every start of recovery. */
export function brokenRules(): string[] {
  return RULES.flatMap((rule) =>
    rule.examples.flatMap((example, index) => broken(rule, example, `${rule.id} ${index}`)),
  )
}

function broken(rule: Rule, example: RuleExample, name: string): string[] {
  const facts = { ...WELL, ...example.facts }
  const confirmed = rule.probe(facts)
  const steps = confirmed === undefined ? [] : rule.plan(facts)
  const spoken = classifyLogs(example.logs)
  const isNamed = example.logs.length === 0 || spoken.some((one) => rule.treats.includes(one))
  const refused = steps.flatMap(({ action, args }) => {
    const verdict = corroborates(action, args, facts)
    return verdict.ok ? [] : [`${name}: ${action} is refused: ${verdict.reason}`]
  })
  return [
    ...(canonicalJson(steps) === canonicalJson(example.steps) ? [] : [`${name} plans ${JSON.stringify(steps)}`]),
    ...(confirmed === undefined || rule.treats.includes(confirmed) ? [] : [`${name} confirms ${confirmed}`]),
    ...(isNamed ? [] : [`${name} is not named by its log, which speaks of ${spoken.join(', ') || 'nothing'}`]),
    ...refused,
  ]
}

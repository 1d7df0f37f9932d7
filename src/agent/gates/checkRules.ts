/** PURE. Holds every rule to its examples: a rule that does not do what it says is worse than none. */
import { callDeeds } from './callDeeds.ts'
import type { Ground } from './place.ts'
import { type Example, matches, type Rule } from './rule.ts'

/** Calls that are taken apart while rules are checked: the same example may stand with several rules. */
const GROUND: Ground = { workspace: '/home/owner/workspace', folders: [], hosts: [] }

/** What is wrong with the rules, one sentence each; empty where all of them hold. */
export function checkRules(rules: readonly Rule[]): string[] {
  const ids = rules.map(({ id }) => id)
  const twins = ids.filter((id, at) => ids.indexOf(id) !== at).map((id) => `two rules are called ${id}`)
  return [...twins, ...rules.flatMap(wrongExamples)]
}

function wrongExamples(rule: Rule): string[] {
  const missed = rule.yes.filter((example) => !speaksOf(rule, example))
  const wrong = rule.no.filter((example) => speaksOf(rule, example))
  return [
    ...missed.map((example) => `${rule.id} does not speak of ${JSON.stringify(example)}`),
    ...wrong.map((example) => `${rule.id} speaks of ${JSON.stringify(example)}`),
  ]
}

function speaksOf(rule: Rule, example: Example): boolean {
  const { tool, input } = typeof example === 'string' ? { tool: 'shell', input: { command: example } } : example
  return callDeeds(GROUND, tool, input).some((deed) => matches(rule, tool, deed))
}

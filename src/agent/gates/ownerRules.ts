/** PURE. The owner's rules of the settings as rules of the gates. */
import type { OwnerRule } from '../../shared/config/gatesSection.ts'
import type { Rule } from './rule.ts'

/** In their order; each is named by its place in the list. */
export function ownerRules(rules: readonly OwnerRule[]): Rule[] {
  return rules.map(({ tool, match, verdict, reason }, at) => ({
    id: `owner.${at + 1}`,
    tool,
    match: { on: 'words', pattern: match },
    verdict,
    group: 'owner',
    reason,
    yes: [],
    no: [],
  }))
}

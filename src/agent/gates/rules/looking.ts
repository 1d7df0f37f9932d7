/** PURE. How rules that allow looking are written down. */
import type { Example, Match, Rule } from '../rule.ts'

type Looks = Omit<Extract<Match, { on: 'command' }>, 'on'>

/** A rule that allows commands of the shell that only look. */
export function looks(id: string, match: Looks, yes: readonly Example[], no: readonly Example[]): Rule {
  const reason = 'It only looks.'
  return {
    id: `look.${id}`,
    tool: 'shell',
    match: { on: 'command', ...match },
    verdict: 'allow',
    group: 'look',
    reason,
    yes,
    no,
  }
}

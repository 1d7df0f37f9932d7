/** PURE. How rules that refuse commands are written down. */
import type { Example, Match, Rule } from '../rule.ts'

type Refuses = Omit<Extract<Match, { on: 'command' }>, 'on'>
type Proof = readonly [yes: readonly Example[], no: readonly Example[]]

/** A rule that refuses commands of the shell. */
export function refuse(id: string, match: Refuses, reason: string, [yes, no]: Proof): Rule {
  return {
    id: `deny.${id}`,
    tool: 'shell',
    match: { on: 'command', ...match },
    verdict: 'deny',
    group: 'program',
    reason,
    yes,
    no,
  }
}

/** The same for what no rule of the owner loosens. */
export function protect(id: string, match: Refuses, reason: string, proof: Proof): Rule {
  return { ...refuse(id, match, reason, proof), isProtected: true }
}

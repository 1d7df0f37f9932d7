/** What the steps of recovery hand each other. */
import type { ProposedBy } from '../shared/recoveryResult.ts'
import type { Facts } from './facts.ts'

/** An action that somebody names. Nothing of it is trusted before it was judged. */
export type Proposal = {
  readonly by: ProposedBy
  /** The rule that named it; null for the model. */
  readonly rule: string | null
  readonly action: string
  readonly args: unknown
  readonly reason: string
}

/** What recovery needs of the evidence. */
export type SeenEvidence = {
  readonly facts: Facts
  readonly faultClass: string
  /** The same for the same fault; made of the fault class and log templates, never of values out of a log. */
  readonly signature: string
  /** What a model may be shown: masked, bounded, without any value that a log brought in. */
  readonly shown: string
}

/** The watchdog's words; null where it said nothing. */
export type Order = { readonly fault: string | null; readonly symptom: string | null; readonly incident: string | null }

/** The word under which a repair stands in the journal: the fault class, else the watchdog's word. */
export function faultWord({ faultClass }: Pick<SeenEvidence, 'faultClass'>, { fault, symptom }: Order): string {
  return faultClass === 'unknown' ? (fault ?? symptom ?? 'unknown') : faultClass
}

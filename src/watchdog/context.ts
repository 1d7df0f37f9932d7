import type { Identity } from '../shared/identity.ts'
import type { Verdict } from './judge.ts'
import type { Observation, Policy, WatchState } from './watch.ts'

/** What one beat decides by. */
export type Context = {
  readonly seen: Observation
  readonly verdict: Verdict
  readonly now: number
  readonly policy: Policy
}

/** One member of the union of states. */
export type State<Name extends WatchState['name']> = Extract<WatchState, { name: Name }>

/** PURE. An end that nobody need worry about: it was announced, or the process lives on beside its successor and hands over to it. */
export function isPlannedEnd({ plannedEnds, living }: Observation, { nonce }: Identity): boolean {
  return plannedEnds.includes(nonce) || living.includes(nonce)
}

/** PURE. What a run needs next: the whole loop as one decision. Asking a model changes nothing outside, so it may be done again after a kill. */
import type { RunEnd } from '../journal/event.ts'
import type { Run } from './fold.ts'

export type Step = { readonly do: 'ask' } | { readonly do: 'end'; readonly end: RunEnd } | { readonly do: 'nothing' }

/** Decides the next step of a run. */
export function next(run: Run): Step {
  if (run.end) return { do: 'nothing' }
  return run.answer ? { do: 'end', end: { finish: 'answered' } } : { do: 'ask' }
}

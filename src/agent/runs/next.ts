/**
 * PURE. What a run needs next: the whole loop as one decision over what is written down.
 *
 * Promises: a call that has ended is never begun again; one that was begun and did not end is begun again only where its tool says that this does no harm;
 * the model is asked again only when every call of its last answer has ended. Asking a model changes nothing outside, so it may be done again after a kill.
 */
import type { RunEnd, Safety } from '../journal/event.ts'
import { type CallState, type Run, signatureOf } from './fold.ts'

/** What is decided by. */
export type LoopRules = {
  /** Most answers of a model in one run. */
  readonly rounds: number
  /** The same call so many times ends the run, without anything having been changed in between. */
  readonly repeats: number
  /** How a tool behaves when it is begun twice; undefined where there is no such tool. */
  readonly safetyOf: (tool: string) => Safety | undefined
}

export type Step =
  | { readonly do: 'ask' }
  /** Calls that nobody has judged yet. */
  | { readonly do: 'decide'; readonly calls: readonly CallState[] }
  /** Calls that are worked on at once. */
  | { readonly do: 'work'; readonly calls: readonly CallState[] }
  | { readonly do: 'hint'; readonly kind: 'nudge' | 'reflection' }
  | { readonly do: 'end'; readonly end: RunEnd }
  | { readonly do: 'nothing' }

/** So many failures of tools in a row add a hint. */
const FAILURES_BEFORE_HINT = 2

/** Decides the next step of a run. */
export function next(run: Run, rules: LoopRules): Step {
  if (run.end) return { do: 'nothing' }
  if (run.isCancelled) return { do: 'end', end: { finish: 'cancelled' } }
  if (!run.answer) return { do: 'ask' }
  const open = run.calls.filter(({ ended }) => !ended)
  if (open.length > 0) return withOpenCalls(run, open, rules)
  if (run.calls.length > 0 || run.isUnheard) return goOn(run, rules)
  if (run.answer.stop !== 'max-tokens') return { do: 'end', end: { finish: 'answered' } }
  return run.isNudged ? { do: 'end', end: { finish: 'max-tokens' } } : { do: 'hint', kind: 'nudge' }
}

function withOpenCalls(run: Run, open: readonly CallState[], { repeats, safetyOf }: LoopRules): Step {
  const again = open.find(({ call, started }) => !started && (run.repeats.get(signatureOf(call)) ?? 0) >= repeats)
  if (again) {
    const reason = `the model called ${again.call.name} with the same arguments ${repeats} times`
    return { do: 'end', end: { finish: 'repeated-call', reason } }
  }
  const undecided = open.filter(({ decision, started }) => !decision && !started)
  if (undecided.length > 0) return { do: 'decide', calls: undecided }
  return { do: 'work', calls: atOnce(open, safetyOf) }
}

function goOn({ rounds: answers, failuresInRow, message }: Run, rules: LoopRules): Step {
  const rounds = Math.min(rules.rounds, message.limits?.rounds ?? rules.rounds)
  if (answers >= rounds)
    return { do: 'end', end: { finish: 'rounds', reason: `the limit is ${rounds} answers of the model` } }
  return failuresInRow >= FAILURES_BEFORE_HINT ? { do: 'hint', kind: 'reflection' } : { do: 'ask' }
}

/** Calls that only look go together; one that changes something waits for those before it, and is alone: the model meant an order. */
function atOnce(open: readonly CallState[], safetyOf: LoopRules['safetyOf']): readonly CallState[] {
  const firstChange = open.findIndex((state) => !isHarmless(state, safetyOf))
  return firstChange === -1 ? open : open.slice(0, Math.max(1, firstChange))
}

function isHarmless({ call, decision }: CallState, safetyOf: LoopRules['safetyOf']): boolean {
  return decision?.verdict === 'deny' || safetyOf(call.name) === 'pure'
}

/** What one open call needs next. `unknown`: it was begun before a kill, and nobody may begin it again. */
export function nextOfCall({ decision, started }: CallState): 'refuse' | 'wait' | 'run' | 'unknown' {
  if (started) return started.safety === 'unsafe' ? 'unknown' : 'run'
  if (decision?.verdict === 'allow') return 'run'
  return decision?.verdict === 'ask' ? 'wait' : 'refuse'
}

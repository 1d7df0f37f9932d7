/** PURE. What a run begins with that repeats another one from some point on. */
import type { ModelAnswer, RunEvent, RunEventBody } from '../journal/event.ts'
import { foldEvent, type Run } from './fold.ts'

const NO_USAGE: ModelAnswer['usage'] = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 }

/** The part of a run that is kept, and the number of its last event (that of the message where nothing is). */
export type Past = { readonly seq: number; readonly bodies: readonly RunEventBody[] }

/**
 * Everything before the event `fromSeq`, cut back to the last point at which the model was to be asked: a call and its result stay together.
 * Copied answers cost nothing: what they cost is counted in the run that paid for them.
 */
export function pastOf(events: readonly RunEvent[], fromSeq: number): Past {
  let run: Run | undefined
  let kept = 1
  for (const [index, event] of events.entries()) {
    if (event.seq >= fromSeq) break
    run = foldEvent(run, event)
    if (run && isAtRest(run)) kept = index + 1
  }
  const past = events.slice(0, kept)
  return { seq: past.at(-1)?.seq ?? 0, bodies: past.slice(1).flatMap(copyOf) }
}

function isAtRest({ end, calls }: Run): boolean {
  return !end && calls.length > 0 && calls.every(({ ended }) => ended)
}

function copyOf({ type, data }: RunEvent): RunEventBody[] {
  if (type === 'model_answered') return [{ type, data: { ...data, costUsd: 0, usage: NO_USAGE } } as RunEventBody]
  return type === 'run_ended' || type === 'cancel_asked' ? [] : [{ type, data } as RunEventBody]
}

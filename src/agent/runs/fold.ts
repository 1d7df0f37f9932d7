/** PURE. A run is what its events say. */
import type { ModelAnswer, RunEnd, RunEvent } from '../journal/event.ts'

/** A run as far as it has come. */
export type Run = {
  readonly run: string
  readonly session: string
  readonly startedAt: string
  readonly question: string
  /** The answer of the model, once there is one. */
  readonly answer: (ModelAnswer & { readonly text: string }) | null
  readonly end: RunEnd | null
  /** Of all its model calls, failed ones too. */
  readonly costUsd: number
}

/** Folds the events of one run; undefined when there are none. */
export function foldRun(events: readonly RunEvent[]): Run | undefined {
  return events.reduce<Run | undefined>(foldEvent, undefined)
}

function foldEvent(run: Run | undefined, event: RunEvent): Run | undefined {
  if (event.type === 'message_in') {
    const { run: id, session, at } = event
    return { run: id, session, startedAt: at, question: event.data.text, answer: null, end: null, costUsd: 0 }
  }
  if (!run) return undefined
  if (event.type === 'model_answered') {
    const { text, costUsd } = event.data
    return {
      ...run,
      costUsd: run.costUsd + costUsd,
      answer: text === null ? run.answer : { ...event.data, text },
    }
  }
  return event.type === 'run_ended' ? { ...run, end: event.data } : run
}

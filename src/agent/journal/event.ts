/** The events of a run: everything it does is one of these, appended to the journal and never changed. */
import type { FailureKind, Usage } from '../../model/modelCall.ts'

/** What happened. */
export type RunEventBody =
  | { readonly type: 'message_in'; readonly data: { readonly text: string } }
  | { readonly type: 'model_asked'; readonly data: { readonly model: string; readonly turns: number } }
  | { readonly type: 'model_answered'; readonly data: ModelAnswer }
  | { readonly type: 'run_ended'; readonly data: RunEnd }

/** What a model call came to; `text` is null where there is no answer. What it cost counts in both cases. */
export type ModelAnswer = {
  readonly text: string | null
  readonly model: string
  readonly usage: Usage
  readonly costUsd: number
  readonly latencyMs: number
  readonly stopReason: string
}

/** How a run ended. */
export type RunEnd =
  | { readonly finish: 'answered' }
  | { readonly finish: 'failed'; readonly kind: FailureKind; readonly reason: string }

/** One event with its place in the journal. `at` is the wall clock, for people. */
export type RunEvent = RunEventBody & {
  readonly seq: number
  readonly run: string
  readonly session: string
  readonly at: string
}

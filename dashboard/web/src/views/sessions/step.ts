/** The words of a run as a person reads it: what was asked, what the model said, what the gates decided, what the tools did. */

/** Where in the journal a step begins and ends, and when it began (ISO 8601, UTC). */
export type Place = { readonly seq: number; readonly lastSeq: number; readonly at: string }

/** A verdict of the gates on one call, in their own words. `plan` is exactly what would be done, where a person is asked. */
export type Verdict = {
  readonly verdict: string
  readonly rule: string
  readonly reason: string
  readonly plan: string
  /** Id of the question that a person is asked; empty without one. */
  readonly approval: string
}

/** What was asked. `by` is `person`, `program` or `job`. */
export type AskedStep = Place & {
  readonly kind: 'asked'
  readonly text: string
  readonly by: string
  readonly model: string
  readonly rerunOf: string
}

/** A word that was added, or a sentence that the agent told its model. */
export type SaidStep = Place & { readonly kind: 'steered' | 'hinted'; readonly text: string }

/** One call of a model. Cost, tokens and latency (milliseconds) are null until it answered; cost is null without a price as well. */
export type ModelStep = Place & {
  readonly kind: 'model'
  readonly state: 'asking' | 'answered' | 'failed'
  readonly model: string
  readonly why: string
  readonly text: string
  readonly warning: string
  readonly stopReason: string
  readonly inputTokens: number | null
  readonly cachedTokens: number | null
  readonly outputTokens: number | null
  readonly costUsd: number | null
  readonly latencyMs: number | null
}

/** One call of a tool. `output` is what the model was told; `rest` is where the whole of it lies. */
export type ToolStep = Place & {
  readonly kind: 'tool'
  readonly state: 'wished' | 'waiting' | 'running' | 'ended'
  readonly call: string
  readonly tool: string
  readonly input: string
  readonly verdicts: readonly Verdict[]
  readonly output: string
  readonly rest: string
  readonly ok: boolean | null
  readonly how: string
  readonly tookMs: number | null
}

/** How a run ended. */
export type EndStep = Place & { readonly kind: 'ended'; readonly finish: string; readonly reason: string }

/** What a person did with the session, or an event whose type this page does not know. */
export type OtherStep = Place & { readonly kind: 'other'; readonly type: string; readonly text: string }

/** One step. */
export type Step = AskedStep | SaidStep | ModelStep | ToolStep | EndStep | OtherStep

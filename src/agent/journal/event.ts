/** The events of a run: everything it does is one of these, appended to the journal and never changed. */
import type { FailureKind, Image, Native, Stop, ToolCall, Usage } from '../../model/modelCall.ts'

/** What kind of work a call is; it decides which model is asked. */
export type TaskClass = 'quick' | 'default' | 'deep'

/** What happened. */
export type RunEventBody =
  | { readonly type: 'message_in'; readonly data: MessageIn }
  /** A word of the person while the run goes on; the model hears it with its next call. */
  | { readonly type: 'steered'; readonly data: Steered }
  | { readonly type: 'model_asked'; readonly data: ModelAsked }
  | { readonly type: 'model_answered'; readonly data: ModelAnswer }
  | { readonly type: 'gate_decided'; readonly data: GateDecision }
  | { readonly type: 'tool_started'; readonly data: ToolStarted }
  | { readonly type: 'tool_ended'; readonly data: ToolEnded }
  /** A sentence of ours that the model is told: a nudge to go on, a hint to think again after failures. */
  | { readonly type: 'hinted'; readonly data: { readonly kind: 'nudge' | 'reflection'; readonly text: string } }
  /** A person wishes the run to stop: written down before it is acknowledged, so that a kill in between does not lose it. */
  | { readonly type: 'cancel_asked'; readonly data: Readonly<Record<string, never>> }
  | { readonly type: 'run_ended'; readonly data: RunEnd }
  | { readonly type: 'session_changed'; readonly data: SessionChange }

/** What was added to a run. `id`: what its client calls it, so that it is added once. */
export type Steered = { readonly text: string; readonly id?: string }

/** What a run was asked, and under which conditions. */
export type MessageIn = {
  readonly text: string
  readonly images?: readonly Image[]
  /** Who asks. A job has nobody in front of it: what would be asked is denied. Default `person`. */
  readonly by?: 'person' | 'program' | 'job'
  /** False where nobody can answer a question. Default true. */
  readonly attended?: boolean
  /** A model that was wished for, as `provider/model` or by its name. */
  readonly model?: string
  readonly task?: TaskClass
  readonly job?: string
  /** The run that this one repeats, up to which event of it its past counts. */
  readonly rerunOf?: { readonly run: string; readonly seq: number }
  /** Nothing with an effect is executed: such calls are answered with what would have been done. */
  readonly dryRun?: boolean
  /** What may be done without asking, in a run that nobody watches: nothing, changes of the workspace, or everything that is not forbidden. */
  readonly approve?: 'none' | 'safe' | 'all'
  readonly limits?: RunLimits
}

/** Limits of one run, below those of the settings. */
export type RunLimits = { readonly usd?: number; readonly tokens?: number; readonly rounds?: number }

export type ModelAsked = {
  readonly model: string
  /** Turns that the model was shown. */
  readonly turns: number
  readonly provider?: string
  readonly task?: TaskClass
  /** Why this model. */
  readonly why?: string
}

/** What a model call came to; `text` is null where there is no answer. What it cost counts in both cases. */
export type ModelAnswer = {
  readonly text: string | null
  readonly model: string
  readonly provider?: string
  readonly calls?: readonly ToolCall[]
  readonly native?: Native
  readonly usage: Usage
  readonly costUsd: number
  /** False where the model has no price: `costUsd` is 0 and means nothing. */
  readonly isPriced?: boolean
  readonly latencyMs: number
  /** A limit is nearly used up, in the words of a person. */
  readonly warning?: string
  readonly stop?: Stop
  readonly stopReason: string
}

/** A verdict on one tool call. `ask` waits for a person; a second decision of the same call follows. */
export type GateDecision = {
  /** Id of the tool call. */
  readonly call: string
  readonly tool: string
  readonly verdict: 'allow' | 'ask' | 'deny'
  /** The rule that decided, and its reason, for people. */
  readonly rule: string
  readonly reason: string
  /** Exactly what would be done, where a person is asked. */
  readonly plan?: string
  /** The approval that is waited for, or that was given. */
  readonly approval?: string
}

/** How a call behaves when it may have been begun before: see DESIGN, the agent. */
export type Safety = 'pure' | 'keyed' | 'unsafe'

export type ToolStarted = {
  readonly call: string
  readonly tool: string
  readonly safety: Safety
  /** The same for every attempt at this call. */
  readonly key: string
}

export type ToolEnded = {
  readonly call: string
  readonly tool: string
  readonly ok: boolean
  /** What the model is told. */
  readonly text: string
  /** Where the whole output lies, relative to `workspace/`, when `text` is only its beginning and end. */
  readonly rest?: string
  readonly tookMs: number
  /** `done` it ended by itself; `unknown` it was begun before a kill and must not be begun again; `refused` a gate said no. */
  readonly how: 'done' | 'deadline' | 'cancelled' | 'killed' | 'unknown' | 'refused' | 'invalid' | 'dry'
}

/** How a run ended. */
export type RunEnd =
  | { readonly finish: 'answered' }
  | { readonly finish: 'max-tokens' }
  | { readonly finish: 'cancelled' }
  | { readonly finish: 'budget'; readonly reason: string }
  | { readonly finish: 'rounds'; readonly reason: string }
  | { readonly finish: 'repeated-call'; readonly reason: string }
  | { readonly finish: 'failed'; readonly kind: FailureKind; readonly reason: string }

/** What a person did with a session. Its run is empty: it belongs to no run. */
export type SessionChange =
  | { readonly do: 'name'; readonly name: string }
  /** This session begins as a copy of another one, up to an event of it. */
  | { readonly do: 'branch'; readonly from: string; readonly seq: number }
  | { readonly do: 'delete' }
  /** What was said up to an event is replaced by a summary when the model is asked. */
  | {
      readonly do: 'compact'
      readonly upToSeq: number
      readonly summary: string
      readonly tokensBefore: number
      readonly tokensAfter: number
    }
  | { readonly do: 'undo-compact'; readonly upToSeq: number }

/** One event with its place in the journal. `at` is the wall clock, for people. */
export type RunEvent = RunEventBody & {
  readonly seq: number
  readonly run: string
  readonly session: string
  readonly at: string
}

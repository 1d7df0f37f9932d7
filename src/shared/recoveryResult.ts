/** What one run of TIER 4 came to: the last line on the standard output of `src/recovery/main.ts`, read by the watchdog. Plain JSON. */

/** Who named an action. */
export type ProposedBy = 'runbook' | 'learned' | 'model'

/** One proposal and what became of it. */
export type ProposalRecord = {
  readonly by: ProposedBy
  /** The rule that named it; null for the model. */
  readonly rule: string | null
  readonly action: string
  readonly args: unknown
  /** `allowed`: it was tried. `refused`: policy or a probe said no, nothing was touched. `waiting`: a person is asked first. */
  readonly verdict: 'allowed' | 'refused' | 'waiting'
  readonly reason: string
  /** True when it was done and its proof held. */
  readonly ok: boolean
  readonly undone: boolean
  /** Its lines in the repair journal; null where nothing was begun. */
  readonly repairId: string | null
}

/** One call of a model, as it is kept with the incident. */
export type ModelCallRecord = {
  readonly at: string
  readonly model: string
  readonly outcome: string
  readonly inputTokens: number
  readonly outputTokens: number
  readonly costUsd: number
  readonly latencyMs: number
}

/** Evidence that is kept: masked, and small. */
export type KeptEvidence = {
  /** Names this kind of fault, the same for the same fault; made of the fault class and log templates, never of values. */
  readonly signature: string
  readonly faultClass: string
  /** What a model was or would have been shown. */
  readonly shown: string
}

/** The whole result. */
export type RecoveryResult = {
  /** True when something was done that may have mended it: the watchdog starts the agent again and watches. */
  readonly ok: boolean
  readonly fault: string | null
  readonly proposals: readonly ProposalRecord[]
  readonly modelCalls: readonly ModelCallRecord[]
  readonly evidence: KeptEvidence | null
  /** The question that waits for a person; null when none does. */
  readonly approval: string | null
  /** The next step for a person, in their language; null when nobody is needed. */
  readonly human: string | null
  /** Restarting is the fault itself: no start before this moment (monotonic ms of this boot). */
  readonly holdUntilMonoMs: number | null
}

/** The words of the gates: what is judged, and what a verdict says. */

/** One call of a tool that wants to be run. */
export type JudgedCall = {
  readonly tool: string
  /** As the tool's schema made it. */
  readonly input: unknown
  readonly session: string
  readonly job?: string | undefined
  /** False where nobody can answer: what would be asked is denied. */
  readonly attended: boolean
  /** Set for a run that says by itself what needs no asking. */
  readonly approve?: 'none' | 'safe' | 'all' | undefined
}

/** The strictest rule that matched. */
export type Verdict = {
  readonly verdict: 'allow' | 'ask' | 'deny'
  readonly rule: string
  /** For people and for the model, in one sentence. */
  readonly reason: string
  /** What a person would be asked: exactly what would be done. */
  readonly plan: string
}

/** Judges calls. `judge` is pure over the rules that it was built with. */
export type Gates = {
  readonly judge: (call: JudgedCall) => Verdict
  /** Resolves when `judge` can be asked; absent where it can be at once. Before that every call is denied. */
  readonly ready?: () => Promise<void>
  /** A person's lasting yes to calls like this one; scoped to its tool, its shape and its session or to all sessions. */
  readonly allowAlways: (call: JudgedCall, scope: 'session' | 'everywhere') => void
}

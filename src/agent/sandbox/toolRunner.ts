/** The port through which the loop has a tool run in a sandbox. */

/** One call, checked and allowed. */
export type ToolOrder = {
  readonly tool: string
  /** As the tool's schema made it. */
  readonly input: unknown
  /** Idempotency key of the call. */
  readonly key: string
  readonly run: string
  /** Nothing that one session left in a child is seen by another one. */
  readonly session: string
  /** False where nobody is there who could be asked something. */
  readonly attended?: boolean
}

/** What became of it; never rejects. `text` is what the model is told. */
export type ToolReport = {
  readonly ok: boolean
  readonly text: string
  /** Where the whole output lies, relative to `workspace/`, when it was too long. */
  readonly rest?: string
  readonly how: 'done' | 'deadline' | 'cancelled' | 'killed'
  readonly tookMs: number
}

/** Runs tools. */
export type ToolRunner = {
  readonly run: (order: ToolOrder, signal: AbortSignal) => Promise<ToolReport>
  /** Names of the tools that may be offered now: strict mode has fewer. */
  readonly available: () => readonly string[]
  /** Ends every child. */
  readonly close: () => Promise<void>
}

/** What happened to an incident in the end. */
export type Outcome = 'healed' | 'degraded' | 'escalated' | 'open'

/** The tier that healed it, or the highest that tried. */
export type Tier = 'keepalive' | 'watchdog' | 'guardian' | 'recovery' | 'human'

/** One thing that was done about an incident. */
export type IncidentAction = {
  readonly action: string
  readonly args: Readonly<Record<string, unknown>>
  readonly at: string
  readonly verdict: 'allowed' | 'refused'
  readonly result: string
  readonly undone: boolean
}

/** One incident, as `ottugi incidents --json` prints it. */
export type Incident = {
  readonly id: string
  readonly openedAt: string
  readonly closedAt: string | null
  /** The fault in one word, where it is known (`settings-invalid`, `port-taken` …), else the symptom. */
  readonly fault: string
  /** What was seen first. */
  readonly symptom: string
  readonly tier: Tier
  readonly outcome: Outcome
  /** From the first moment without service to ready again. */
  readonly downMs: number | null
  /** From the fault (or the last sign of life) to its detection. */
  readonly detectMs: number | null
  readonly actions: readonly IncidentAction[]
  readonly modelCalls: number
  readonly costUsd: number
  /** What a person should do; null when nobody is needed. */
  readonly human: string | null
}

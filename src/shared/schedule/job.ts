/** The words of the schedule: what a job is, and what becomes of each moment at which it is due. */

/** What makes a job due. Times of a cron line are local times of the job's zone. */
export type Trigger =
  /** Five fields, or six with seconds first; day of month and day of week must both match. */
  | { readonly kind: 'cron'; readonly line: string }
  /** Each so many milliseconds of elapsed time, counted from the job's creation. */
  | { readonly kind: 'every'; readonly everyMs: number }
  /** Once; ISO 8601, UTC. */
  | { readonly kind: 'at'; readonly at: string }
  /** When a file, or what lies directly in a folder, has another content. Absolute path. */
  | { readonly kind: 'file'; readonly path: string }
  /** When the watchdog opens an incident. */
  | { readonly kind: 'incident' }
  /** When somebody calls the job's address with its token. */
  | { readonly kind: 'webhook' }

/** What becomes of due times that passed while nobody looked: nothing, one run for all of them, or a run for each (the newest, up to a limit). */
export const CATCH_UPS = ['skip', 'once', 'all'] as const
export type CatchUp = (typeof CATCH_UPS)[number]

/** What becomes of a due time while an earlier run of the job goes on: left out, kept waiting, or the earlier run is cancelled. */
export const OVERLAPS = ['skip', 'queue', 'cancel-old'] as const
export type Overlap = (typeof OVERLAPS)[number]

/** What the gates do with a call that needs a person: it is denied; with `dry-run` nothing with an effect is executed at all. */
export const GATE_MODES = ['deny', 'dry-run'] as const
export type GateMode = (typeof GATE_MODES)[number]

/** One job as it is stored. */
export type Job = {
  readonly id: string
  readonly name: string
  readonly prompt: string
  readonly trigger: Trigger
  /** IANA name of the owner's time zone. */
  readonly zone: string
  readonly catchUp: CatchUp
  readonly overlap: Overlap
  /** A run begins up to so many milliseconds later; how many follows from the slot and is always the same. */
  readonly jitterMs: number
  readonly limits: { readonly usd?: number; readonly tokens?: number; readonly rounds?: number }
  readonly gates: GateMode
  readonly model?: string
  readonly task?: 'quick' | 'default' | 'deep'
  /** Channels that should hear of the result. */
  readonly notify: readonly string[]
  readonly paused: boolean
  readonly createdBy: string
  /** Wall clock in milliseconds; intervals count from here. */
  readonly createdMs: number
}

/** A job with the next moment at which it is due, in milliseconds; null where there is none. */
export type ListedJob = Job & { readonly nextMs: number | null }

/**
 * A due moment of a job: `claimed` it is ours to run, `starting` its run is being handed over, `started` its run was accepted, `done` its run has ended,
 * `skipped` it has no run and never will.
 */
export type SlotState = 'claimed' | 'starting' | 'started' | 'done' | 'skipped'

/** One of them as it is stored. */
export type Slot = {
  /** `<job>:<ISO instant>`; for events and runs by hand `<job>:<what>:<name>`. */
  readonly id: string
  readonly job: string
  readonly run: string
  readonly dueMs: number
  /** The due moment with its jitter. */
  readonly startMs: number
  readonly state: SlotState
  /** How its run ended, or why there was none; empty until then. */
  readonly outcome: string
  /** What happened, where an event made it due; empty otherwise. */
  readonly payload: string
}

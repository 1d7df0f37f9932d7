import type { Identity } from '../shared/identity.ts'
import type { AgentPhase } from '../shared/link.ts'
import type { RecoveryResult } from '../shared/recoveryResult.ts'

/** What can be seen wrong with the agent. These words are stored and shown. */
export type Symptom =
  | 'exited'
  | 'stopped'
  | 'blocked'
  | 'silent'
  | 'unreachable'
  | 'refused'
  | 'start-timeout'
  /** Nobody saw it fail; a repair before its start is the first word of it. */
  | 'repaired-at-start'

/**
 * The state of the watch. Each member owns only its own data; all times are monotonic milliseconds.
 * The names are promises: they stand in the database, in `status` and on the dashboard.
 */
export type WatchState =
  | {
      readonly name: 'healthy'
      readonly since: number
      readonly identity: Identity
    }
  | {
      readonly name: 'suspect'
      readonly since: number
      readonly identity: Identity
      readonly symptom: Symptom
      readonly deadline: number
    }
  | {
      readonly name: 'restarting'
      readonly since: number
      /** The process whose end is expected, if one was seen. */
      readonly gone: Identity | null
      /** The newest process seen on its way up. */
      readonly coming: Identity | null
      readonly deadline: number
      /** When the supervisor was last asked to start it; null when that was left to it. */
      readonly askedAt: number | null
      /** Set when this is a slow retry out of `givenUp`: the delay to go on with if it fails. */
      readonly retryDelayMs: number | null
      /** What the inputs were when the guardian first held the start: a change of them is worth a try at once. */
      readonly heldInputs: string | null
    }
  | { readonly name: 'repairing'; readonly since: number; readonly deadline: number }
  | { readonly name: 'recovering'; readonly since: number; readonly deadline: number }
  | {
      readonly name: 'givenUp'
      readonly since: number
      readonly retryAt: number
      readonly delayMs: number
      readonly inputs: string
      /** What had been answered then: a person's yes is worth another recovery at once. */
      readonly answers: string
    }
  | { readonly name: 'maintenance'; readonly since: number; readonly until: number }

/** What is known of the incident that is open now. */
export type OpenIncident = {
  readonly id: number
  readonly symptom: Symptom
  readonly fault: string | null
  /** When the agent was last known to be well. */
  readonly lastGoodAt: number
  readonly detectedAt: number
  /** When the agent was ready again, while the hold time runs. */
  readonly upAt: number | null
  /** A repair was made since, by the guardian. */
  readonly repaired: boolean
  /** TIER 4 did something since that held. */
  readonly recovered: boolean
  /** The watchdog itself did something (a signal, a start). */
  readonly touched: boolean
  readonly alerted: boolean
  /** What was not well before, null where that is not known: the same service as before is a healed one. */
  readonly degradedBefore: readonly string[] | null
}

/** Everything the watchdog remembers. Plain JSON: it survives the watchdog. */
export type Watch = {
  readonly state: WatchState
  readonly incident: OpenIncident | null
  readonly lastIncidentId: number
  /** Unplanned starts of the agent, within the window. */
  readonly starts: readonly number[]
  /** Runs of the guardian, within the window. */
  readonly repairs: readonly number[]
  /** Runs of recovery, within the window. */
  readonly recoveries: readonly number[]
  /** The last moment at which the agent was seen well. */
  readonly lastGoodAt: number
  /** What was not well when the agent was last asked, as sentences; null while it was not asked yet. */
  readonly degraded: readonly string[] | null
  /** The newest repair that is already told in an incident. */
  readonly toldRepairSeq: number
}

/** One look at the agent, as the observer gives it. Silence is already free of the watchdog's own lateness. */
export type AgentView = {
  readonly identity: Identity | null
  readonly alive: boolean
  /** Scheduler state letter, see ProcessStat. */
  readonly procState: string | null
  readonly link: 'connected' | 'closed'
  /** How long there has been no link, in milliseconds of the watchdog's own time awake. */
  readonly linkClosedForMs: number
  readonly phase: AgentPhase | null
  readonly silentMs: number
  readonly mainAgeMs: number
  /** Share of one core that the process used since its main thread fell silent, 0–1. */
  readonly cpuShare: number
  readonly busyUntil: number | null
  readonly healthFailures: number
  readonly healthPassed: boolean
  readonly degraded: readonly string[]
}

/** The guardian's last refusal, while nothing newer stands in the ledger. */
export type Refusal = {
  readonly fault: string
  readonly reason: string
  /** When it refused. */
  readonly atMonoMs: number
  /** When its hold time is over; null when time alone mends nothing. */
  readonly untilMonoMs: number | null
}

/** The guardian's repair, a child process with a deadline. */
export type RepairJob =
  | { readonly state: 'none' }
  | { readonly state: 'running' }
  | { readonly state: 'done'; readonly ok: boolean; readonly fault: string | null; readonly human: string | null }

/** One run of TIER 4, a child process with a deadline. */
export type RecoveryJob =
  | { readonly state: 'none' }
  | { readonly state: 'running' }
  | { readonly state: 'done'; readonly result: RecoveryResult }

/** Everything that {@link import('./step.ts').step} may know. */
export type Observation = {
  readonly agent: AgentView
  /** Nonces of processes whose end was planned (stop, restart, hand-over). */
  readonly plannedEnds: readonly string[]
  /** Faults for which processes of the agent ended themselves, as they said it, by nonce. */
  readonly endFaults: Readonly<Record<string, string>>
  /** Nonces of all our agent processes that live: two during a hand-over. */
  readonly living: readonly string[]
  readonly refusal: Refusal | null
  readonly job: RepairJob
  readonly recovery: RecoveryJob
  readonly maintenanceUntil: number | null
  /** Fingerprint of settings, secrets and dependencies: when it changes, a new try is worth while. */
  readonly inputs: string
  /** Changes when a person answers a question of recovery. */
  readonly answers: string
  /** Number of the newest committed repair in the repair journal, and its fault. */
  readonly newestRepair: { readonly seq: number; readonly fault: string } | null
}

/** What the watchdog does about it. Performed by `perform.ts`, in this order. */
export type Action =
  | {
      readonly do: 'openIncident'
      readonly id: number
      readonly symptom: Symptom
      readonly detectMs: number
      readonly lastGoodAt: number
    }
  | { readonly do: 'resume'; readonly target: Identity }
  | { readonly do: 'kill'; readonly target: Identity; readonly why: Symptom }
  | { readonly do: 'startAgent'; readonly why: string }
  | { readonly do: 'resetLedger'; readonly why: string }
  | { readonly do: 'runGuardian'; readonly deadline: number; readonly fault: string | null }
  | { readonly do: 'cancelGuardian' }
  | {
      readonly do: 'runRecovery'
      readonly deadline: number
      readonly fault: string | null
      readonly symptom: Symptom | null
      readonly incident: number | null
    }
  | { readonly do: 'cancelRecovery' }
  | { readonly do: 'raiseAlert'; readonly id: number; readonly reason: string }
  | {
      readonly do: 'closeIncident'
      readonly id: number
      readonly fault: string | null
      readonly tier: 'keepalive' | 'watchdog' | 'guardian' | 'recovery' | 'human'
      readonly downMs: number | null
      readonly degraded: boolean
      readonly alerted: boolean
    }

/** Limits and pace, from the settings (milliseconds and counts). */
export type Policy = {
  readonly failureThreshold: number
  readonly hangMs: number
  readonly silentMs: number
  readonly startTimeoutMs: number
  readonly holdMs: number
  readonly restartWindowMs: number
  readonly maxRestarts: number
  readonly maxRepairs: number
  readonly repairTimeoutMs: number
  /** Runs of recovery in the window before a person is called at once. */
  readonly maxRecoveries: number
  readonly recoveryTimeoutMs: number
  readonly retryMinMs: number
  readonly retryMaxMs: number
}

/** A watch that has seen nothing yet: it expects an agent to come. */
export function newWatch(now: number, policy: Policy): Watch {
  return {
    state: {
      name: 'restarting',
      since: now,
      gone: null,
      coming: null,
      deadline: now + policy.startTimeoutMs,
      askedAt: null,
      retryDelayMs: null,
      heldInputs: null,
    },
    incident: null,
    lastIncidentId: 0,
    starts: [],
    repairs: [],
    recoveries: [],
    lastGoodAt: now,
    degraded: null,
    toldRepairSeq: 0,
  }
}

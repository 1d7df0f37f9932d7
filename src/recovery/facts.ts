/**
 * What local probes say of an installation, as plain data: no log text, no secrets, nothing from outside. Every rule and every action
 * that recovery may take must agree with these facts; a line in a log alone moves nothing.
 */
import type { FailureKind } from '../model/modelCall.ts'
import type { AppName } from '../shared/paths.ts'

/** One of our ports, and who listens there. */
export type PortFact = {
  readonly app: Extract<AppName, 'agent' | 'dashboard'>
  readonly port: number
  readonly host: 'loopback' | 'any'
  readonly state: 'free' | 'ours' | 'stranger' | 'forbidden'
  /** `nginx (process 123)`, for a person only: whoever starts a process chooses its name. Null where it is free or nobody can be seen. */
  readonly owner: string | null
  /** True where another port was chosen for it already, which is free or ours: being taken is then no fault. */
  readonly hasFallback: boolean
}

/** A lock or identity file of ours. `id` is what `remove_lock` takes. */
export type LockFact = { readonly id: string; readonly isStale: boolean }

/** A run that was taken up, not finished, and not set aside by itself or with its session. */
export type UnfinishedRun = {
  readonly run: string
  readonly session: string
  /** So many lives of the agent ended while it was being worked on. */
  readonly livesEnded: number
}

/** A life of the agent that ended unasked, newest first in {@link Facts}. */
export type LifeEnd = {
  readonly code: number | null
  /** Words of a closed list that its last word in the boot ledger holds (`Error ENOTFOUND`); never the text itself. */
  readonly reason: string
  readonly livedMs: number
  readonly agoMs: number
}

/** How the newest model calls went: they failed so many times in a row, the last time so. */
export type ProviderFact = { readonly failure: FailureKind; readonly inARow: number }

/** What is known of one database. `unknown`: nobody looked. */
export type DatabaseState = 'ok' | 'missing' | 'damaged' | 'locked' | 'unreadable' | 'unknown'

/** All of it. `null` and `unknown` mean: could not be looked at. */
export type Facts = {
  /** The watchdog's words for what it saw. */
  readonly symptom: string | null
  readonly fault: string | null
  readonly isAgentAlive: boolean
  /** Does `/livez` answer within a moment? Null where nobody is announced. */
  readonly answers: { readonly agent: boolean | null; readonly dashboard: boolean | null }
  readonly lifeEnds: readonly LifeEnd[]
  readonly startsLastMinute: number
  /** True while starts of the agent are held. */
  readonly isHeld: boolean
  readonly ports: readonly PortFact[]
  readonly disk: {
    readonly freeMb: number | null
    readonly freeInodes: number | null
    readonly isLow: boolean
    readonly isFull: boolean
    readonly inodesLow: boolean
  }
  /** Is there a reserve to give up, and is all of it in its place? */
  readonly hasReserve: boolean
  readonly isReserveWhole: boolean
  /** Half-written files of dead processes of ours. */
  readonly leftovers: number
  readonly rotatedLogs: { readonly packable: number; readonly removable: number }
  readonly memory: {
    readonly totalMb: number
    readonly freeMb: number
    readonly agentHeapLimitMb: number | null
    /** The highest limit that the hands may set. */
    readonly highestHeapMb: number | null
  }
  /** Open descriptors of the agent against its limit; null when it does not run. */
  readonly descriptors: { readonly open: number; readonly limit: number } | null
  /** `invalid`: ottugi.yaml itself is wrong. `unreadable`: it, or what stands beside it (`.env`, the environment), cannot be read or used. */
  readonly settings: 'valid' | 'invalid' | 'unreadable' | 'missing' | 'unknown'
  readonly hasKnownGood: boolean
  /** True where there are known good settings and the present ones are others. */
  readonly knownGoodDiffers: boolean
  readonly databases: Readonly<Record<'agent' | 'watchdog', DatabaseState>>
  readonly locks: readonly LockFact[]
  /** Folders of ours that are missing, and files of ours with a wrong mode, by the ids that `make_dir` and `set_mode` take. */
  readonly missingFolders: readonly string[]
  readonly wrongModes: readonly string[]
  /** Files of ours that belong to somebody else, or are something else: only a person mends that. */
  readonly wrongOwners: readonly string[]
  readonly dependencies: 'ok' | 'damaged' | 'wrong-abi' | 'unknown'
  /** Our own processes that live and should not, and whose they are. */
  readonly orphans: number
  readonly orphanApps: readonly AppName[]
  readonly unfinishedRuns: readonly UnfinishedRun[]
  /** Age in ms of the last change; null where it never changed since the last good start. */
  readonly changed: {
    readonly settingsMs: number | null
    readonly secretsMs: number | null
    readonly dependenciesMs: number | null
  }
  readonly safeMode: boolean
  /** False where the owner does not want safe mode (`guardian.safeMode`). */
  readonly maySafeMode: boolean
  /** Null where no model was asked lately, or the newest call went well. */
  readonly provider: ProviderFact | null
  /** Wall clock against the newest line of the boot ledger: a negative figure means that the clock went back. */
  readonly clockStepMs: number | null
}

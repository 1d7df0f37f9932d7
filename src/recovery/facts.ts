/**
 * What local probes say of an installation, as plain data: no log text, no secrets, nothing from outside. Every rule and every action
 * that recovery may take must agree with these facts; a line in a log alone moves nothing.
 */
import type { AppName } from '../shared/paths.ts'

/** One of our ports, and who listens there. */
export type PortFact = {
  readonly app: Extract<AppName, 'agent' | 'dashboard'>
  readonly port: number
  readonly host: 'loopback' | 'any'
  readonly state: 'free' | 'ours' | 'stranger' | 'forbidden'
  /** `nginx (process 123)`; null where it is free or nobody can be seen. */
  readonly owner: string | null
}

/** A lock or identity file of ours. `id` is what `remove_lock` takes. */
export type LockFact = { readonly id: string; readonly isStale: boolean }

/** A run that was taken up and not finished. */
export type UnfinishedRun = {
  readonly run: string
  readonly session: string
  /** So many lives of the agent ended while it was being worked on. */
  readonly livesEnded: number
}

/** A life of the agent that ended unasked, newest first in {@link Facts}. */
export type LifeEnd = {
  readonly code: number | null
  readonly reason: string
  readonly livedMs: number
  readonly agoMs: number
}

/** All of it. `null` means: could not be looked at. */
export type Facts = {
  /** The watchdog's words for what it saw. */
  readonly symptom: string | null
  readonly fault: string | null
  readonly isAgentAlive: boolean
  readonly lifeEnds: readonly LifeEnd[]
  readonly startsLastMinute: number
  readonly ports: readonly PortFact[]
  readonly disk: {
    readonly freeMb: number
    readonly freeInodes: number
    readonly isLow: boolean
    readonly isFull: boolean
    readonly inodesLow: boolean
  }
  readonly hasReserve: boolean
  readonly memory: { readonly totalMb: number; readonly freeMb: number; readonly agentHeapLimitMb: number | null }
  /** Open descriptors of the agent against its limit; null when it does not run. */
  readonly descriptors: { readonly open: number; readonly limit: number } | null
  readonly settings: 'valid' | 'invalid' | 'unreadable' | 'missing'
  readonly hasKnownGood: boolean
  readonly databases: Readonly<Record<'agent' | 'watchdog', 'ok' | 'missing' | 'damaged' | 'locked' | 'unreadable'>>
  readonly locks: readonly LockFact[]
  /** Folders of ours that are missing, and files of ours with a wrong mode, by the ids that `make_dir` and `set_mode` take. */
  readonly missingFolders: readonly string[]
  readonly wrongModes: readonly string[]
  readonly dependencies: 'ok' | 'damaged' | 'wrong-abi'
  /** Our own processes that live and should not. */
  readonly orphans: number
  readonly unfinishedRuns: readonly UnfinishedRun[]
  /** Age in ms of the last change; null where it never changed since the last good start. */
  readonly changed: {
    readonly settingsMs: number | null
    readonly secretsMs: number | null
    readonly dependenciesMs: number | null
  }
  readonly safeMode: boolean
  /** Wall clock against the newest line of the boot ledger: a negative figure means that the clock went back. */
  readonly clockStepMs: number | null
}

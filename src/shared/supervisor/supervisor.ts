import type { AppName } from '../paths.ts'

/** The supervisor's own process, seen from outside. */
export type SupervisorProcess = { readonly pid: number; readonly startTicks: number; readonly state: string }

/**
 * TIER 1 as the rest of the code sees it: something that restarts a process that exits, at once, and leaves one stopped that exits 78.
 * Nothing above this port knows that it is PM2. Every call is a short-lived child process; none of them hangs longer than its limit.
 */
export type Supervisor = {
  readonly kind: string
  /** The living supervisor process, by identity; never starts one. */
  readonly find: () => SupervisorProcess | undefined
  /** Starts the supervisor if there is none, and these apps. An app that runs already is left alone. */
  readonly start: (apps: readonly AppName[]) => Promise<SupervisorResult>
  /** Ends all apps (politely first) and the supervisor. */
  readonly stopAll: () => Promise<SupervisorResult>
}

/** What a call to the supervisor came to; the output is kept for the incident. */
export type SupervisorResult = { readonly ok: true } | { readonly ok: false; readonly reason: string }

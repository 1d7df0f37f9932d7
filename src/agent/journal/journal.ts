/**
 * The port to the journal, declared by who uses it. An adapter stores events in order; what it has acknowledged survives a kill.
 *
 * Promises, over any number of processes: a run has one message and one end; it is worked on by the owner of its lease only, because every claim raises the
 * fence and a write under an older one is refused; the events of one write are stored all or none.
 */
import type { MessageIn, RunEvent, RunEventBody } from './event.ts'

export type Journal = {
  /** Appends durably, at once and under no fence: for what belongs to no lease. Undefined when the run has its message or its end already. */
  readonly append: (run: string, session: string, body: RunEventBody) => RunEvent | undefined
  /** Takes a message and the lease of its run in one transaction. Refused when the run has its message already (two clients, one id). */
  readonly take: (message: TakenMessage, claim: Claim) => Promise<Taken>
  /** Stores events under a fence; durable when it resolves. Writes of one turn of the loop share a transaction. Rejects only for what the storage does. */
  readonly write: (write: Write) => Promise<Written>
  /** Takes the lease of an unfinished run that nobody holds any more; undefined when somebody does, or it has ended. */
  readonly claim: (run: string, claim: Claim) => Lease | undefined
  /** The same for several runs in one transaction, for those that are wanted by all that is stored of them. */
  readonly claimAll: (
    runs: readonly string[],
    claim: Claim,
    isWanted: (events: readonly RunEvent[]) => boolean,
  ) => readonly Claimed[]
  /** Holds all leases of this owner for longer; tells how many those are. */
  readonly renew: (claim: Claim) => number
  /** Gives a lease back, so that anybody may claim the run at once. */
  readonly release: (lease: Lease) => void
  /** Who holds leases of unfinished runs. */
  readonly owners: () => string[]
  /** Gives back all leases of an owner that is known to be dead. */
  readonly releaseAll: (owner: string) => void
  readonly eventsOfRun: (run: string) => RunEvent[]
  /** Events of a session in order, from `afterSeq` on, at most `limit`; those of its runs and its own. */
  readonly eventsOfSession: (session: string, afterSeq: number, limit: number) => RunEvent[]
  /** Answered exchanges of a session, oldest first, the last `limit` of them; only those of runs that began before `beforeSeq`, where it is given. */
  readonly exchanges: (session: string, limit: number, beforeSeq?: number) => Exchange[]
  /** Events with a higher number, in order, at most `limit`. */
  readonly eventsAfter: (seq: number, limit: number) => RunEvent[]
  /** Runs that have a message and no end, oldest first. */
  readonly unfinishedRuns: () => string[]
  /** The first session of the tree of branches that a session is in; undefined when it is alone. */
  readonly treeOf: (session: string) => string | undefined
  /** What model calls cost and read and wrote, all that was handed over for writing included. */
  readonly spent: (scope: SpendingScope) => Spending
  readonly totals: () => JournalTotals
  readonly lastSeq: () => number
  /** Tells of every event that is appended through this journal. Returns how to stop that. */
  readonly onAppend: (listener: (event: RunEvent) => void) => () => void
  readonly close: () => void
}

/** Who wants to work, and for how long; time is an argument. */
export type Claim = {
  /** Names one life of one process. */
  readonly owner: string
  readonly leaseMs: number
  /** Wall clock in milliseconds: several machines share no other one. */
  readonly nowMs: number
}

/** The right to write to a run, until somebody else claims it. */
export type Lease = { readonly run: string; readonly fence: number }

/** A lease with everything that its run has done. */
export type Claimed = { readonly lease: Lease; readonly events: readonly RunEvent[] }

/** A message as it comes in. `past`: events that the run begins with, stored together with it. */
export type TakenMessage = {
  readonly run: string
  readonly session: string
  readonly data: MessageIn
  readonly past?: readonly RunEventBody[]
}

/** What became of it. */
export type Taken = { readonly ok: true; readonly lease: Lease; readonly event: RunEvent } | { readonly ok: false }

/** Events of one run that belong together. */
export type Write = { readonly lease: Lease; readonly session: string; readonly bodies: readonly RunEventBody[] }

/** The events with their numbers. `fenced`: somebody else works on this run now, or it has ended; nothing was stored. */
export type Written =
  | { readonly ok: true; readonly events: readonly RunEvent[] }
  | { readonly ok: false; readonly why: 'fenced' }

/** A question and its answer. */
export type Exchange = { readonly question: string; readonly answer: string }

/** Whose spending: everything that is named must fit. Nothing named is everything. */
export type SpendingScope = {
  readonly run?: string
  readonly session?: string
  /** A session with all that were branched off it. */
  readonly tree?: string
  readonly job?: string
  /** ISO 8601, UTC; from that moment on. */
  readonly sinceAt?: string
}

/** US dollars and tokens; tokens are those that were read, written, and read from or written to a cache. */
export type Spending = { readonly usd: number; readonly tokens: number }

/** Figures over the whole journal. */
export type JournalTotals = {
  readonly runs: Readonly<Record<string, number>>
  readonly modelCalls: number
  readonly costUsd: number
}

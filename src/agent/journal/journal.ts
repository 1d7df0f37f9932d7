/** The port to the journal, declared by who uses it. An adapter stores events in order; what it has acknowledged survives a kill. */
import type { RunEvent, RunEventBody } from './event.ts'

export type Journal = {
  /** Appends durably and returns the event with its number. Undefined when the run has its message already (two clients, one id). */
  readonly append: (run: string, session: string, body: RunEventBody) => RunEvent | undefined
  readonly eventsOfRun: (run: string) => RunEvent[]
  /** Answered exchanges of a session, oldest first, the last `limit` of them. */
  readonly exchanges: (session: string, limit: number) => Exchange[]
  /** Events with a higher number, in order, at most `limit`. */
  readonly eventsAfter: (seq: number, limit: number) => RunEvent[]
  /** Runs that have a message and no end, oldest first. */
  readonly unfinishedRuns: () => string[]
  /** US dollars that model calls cost since that moment (ISO 8601, UTC). */
  readonly spentUsdSince: (at: string) => number
  readonly totals: () => JournalTotals
  readonly lastSeq: () => number
  /** Tells of every event that is appended through this journal. Returns how to stop that. */
  readonly onAppend: (listener: (event: RunEvent) => void) => () => void
  readonly close: () => void
}

/** A question and its answer. */
export type Exchange = { readonly question: string; readonly answer: string }

/** Figures over the whole journal. */
export type JournalTotals = {
  readonly runs: Readonly<Record<string, number>>
  readonly modelCalls: number
  readonly costUsd: number
}

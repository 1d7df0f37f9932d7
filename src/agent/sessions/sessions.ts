/**
 * The port to the sessions, declared by who uses it. A session is what its events say; each change is one more event, and what was acknowledged survives a kill.
 *
 * Promises: a branch copies nothing and reads on in the session that it came from; a session that was deleted is found by no reading and no search (branches
 * of it keep what they share); one that was purged has no texts any more, its branches included.
 */
import type { FoundText, SessionSummary } from '../../shared/sessions/recorded.ts'
import type { RunEvent, RunEventBody } from '../journal/event.ts'

export type Sessions = {
  /** Last used first. */
  readonly list: (limit: number) => SessionSummary[]
  readonly find: (session: string) => SessionSummary | undefined
  /** Everything that a session remembers, oldest first: what it shares with the one it was branched off, then its own. */
  readonly history: (session: string) => RunEvent[]
  /** The part of the history that is still shown to a model: what the summary in force stands for is left out. Cheap to ask for before each call. */
  readonly recall: (session: string) => readonly RunEvent[]
  readonly search: (query: string, limit: number) => FoundText[]
  readonly rename: (session: string, name: string) => Changed
  /** A new session that shares the past of this one up to an event of it; without one, all of it. */
  readonly branch: (wish: BranchWish) => Changed
  /** Takes it out of every list, reading and search. `purge` overwrites its texts in the database for good. */
  readonly remove: (session: string, how: { readonly purge: boolean }) => Changed
}

/** What a branch should be. */
export type BranchWish = { readonly from: string; readonly session: string; readonly seq?: number }

/** What became of a change. `busy`: a run of it has not ended; `taken`: the new name is a session already; `bad-seq`: no event of this session. */
export type Changed =
  | { readonly ok: true }
  | { readonly ok: false; readonly why: 'unknown' | 'busy' | 'taken' | 'bad-seq' }

/** Appends an event that belongs to a session only: the journal's own `append`, so that whoever follows the journal hears of it. */
export type AppendToSession = (session: string, body: RunEventBody) => RunEvent | undefined

/** The way back from a session through the ones that it was branched off. */
import type { RecordedEvent } from './recorded.ts'
import type { SessionStatements } from './sessionStatements.ts'

/** A stretch of a session's events: those after `after`, up to `upTo`. */
export type Link = { readonly session: string; readonly after: number; readonly upTo: number }

/**
 * The stretches that a session remembers, oldest first. A branch points to events that are older than it is: so the numbers fall from link to link, and
 * a chain always ends. What was deleted before a stretch began is no part of it.
 */
export function chainOf(statements: SessionStatements, session: string, upTo = Number.MAX_SAFE_INTEGER): Link[] {
  const after = statements.deletedAt.get(session, upTo)?.seq ?? 0
  const own = { session, after, upTo }
  const branch = statements.branch.get(session, after)
  if (!branch || branch.seq > upTo) return [own]
  return [...chainOf(statements, branch.origin, Math.min(branch.at_seq, branch.seq - 1)), own]
}

/** A row of the journal as an event. */
export function toRecorded(row: Omit<RecordedEvent, 'data'> & { readonly data: string }): RecordedEvent {
  return { ...row, data: JSON.parse(row.data) as RecordedEvent['data'] }
}

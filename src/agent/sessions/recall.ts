/** What a model is still shown of a session, kept in memory between its turns: a turn reads only what is new. */
import type { Database } from 'better-sqlite3'
import { chainOf, toRecorded } from '../../shared/sessions/chain.ts'
import { prepareSessionStatements, type SessionStatements } from '../../shared/sessions/sessionStatements.ts'
import { compactedIn } from '../context/conversation.ts'
import type { RunEvent } from '../journal/event.ts'

/** Most events that are kept, of all sessions together: a few MiB. What is larger is read anew each time. */
const MOST_EVENTS = 3_000

/** Reads through the memory. `forget` empties it: after events were overwritten. */
export type Recall = { readonly recall: (session: string) => readonly RunEvent[]; readonly forget: () => void }

/** Builds it. The session that was asked for longest ago is forgotten first. */
export function createRecall(database: Database): Recall {
  const statements = prepareSessionStatements(database)
  const known = new Map<string, RunEvent[]>()
  let count = 0
  const drop = (session: string) => {
    count -= known.get(session)?.length ?? 0
    known.delete(session)
  }
  const keep = (session: string, events: RunEvent[]) => {
    drop(session)
    if (events.length > MOST_EVENTS) return
    known.set(session, events)
    count += events.length
    for (const oldest of known.keys()) {
      if (count <= MOST_EVENTS) return
      drop(oldest)
    }
  }
  return {
    recall: (session) => {
      const before = known.get(session)
      const events = (before && grown(statements, session, before)) ?? readAnew(statements, session)
      keep(session, events)
      return events
    },
    forget: () => {
      known.clear()
      count = 0
    },
  }
}

/** The events with what came since; undefined where a change of the session makes them others. */
function grown(statements: SessionStatements, session: string, before: RunEvent[]): RunEvent[] | undefined {
  const last = before.at(-1)?.seq
  if (last === undefined) return undefined
  const since = statements.between.all(session, last, Number.MAX_SAFE_INTEGER)
  if (since.length === 0) return before
  const all = [...before, ...(since.map(toRecorded) as RunEvent[])]
  return since.some(({ type, run }) => type === 'session_changed' || isTorn(all, run)) ? undefined : all
}

/** A run that waited while the events before it were summarised: its message was left out, and is needed now. */
function isTorn(events: readonly RunEvent[], run: string): boolean {
  return run !== '' && events.findLast((event) => event.run === run && event.type === 'message_in') === undefined
}

function readAnew(statements: SessionStatements, session: string): RunEvent[] {
  const chain = chainOf(statements, session)
  const changes = chain.flatMap((link) => statements.changes.all(link.session, link.after, link.upTo).map(toRecorded))
  const floor = compactedIn(changes as RunEvent[])?.upToSeq ?? 0
  return chain.flatMap((link) => statements.since.all({ ...link, floor }).map(toRecorded)) as RunEvent[]
}

/** `GET /api/sessions`, `GET /api/sessions/:id`, `GET /api/runs/:id`: out of the journal, also while no agent runs. */
import type { Request, RequestHandler, Response } from 'express'
import { MISSING } from '../../src/shared/heldDatabase.ts'
import { readSessions, type SessionsReader } from '../../src/shared/sessions/sessionsReader.ts'
import type { DashboardContext } from '../context.ts'
import type { Journal, Sessions } from '../contractViews.ts'
import { languageOf } from '../language.ts'
import { countIn, sendBadRequest, sendMissing, sendUnread, textParameter } from './reading.ts'
import { remembered } from './remembered.ts'
import { shortTexts } from './shortTexts.ts'

type SessionContext = Pick<DashboardContext, 'language' | 'agentDb'>

const LIMITS = { initial: 100, most: 500 }
const LONGEST_QUERY = 500
const LIST_LASTS_MS = 3_600_000
/** Longest text of an event that is shown whole, in characters: a picture or a file of megabytes is none to read. */
const LONGEST_TEXT = 200_000
/** Of a longer journal the end is given. */
const MOST_EVENTS = 10_000

/** The last used first; with `q` also where its words stand. */
export function sessionsRoute(context: SessionContext): RequestHandler {
  const { agentDb } = context
  // Of a long journal it takes a while: once for all who ask between two changes.
  const newest = remembered({
    make: () => agentDb.read(({ prepared }) => prepared(readSessions).list(LIMITS.initial)),
    version: agentDb.version,
    lastsMs: LIST_LASTS_MS,
  })
  return (request, response) => {
    const limit = countIn(request, 'limit', LIMITS)
    if (limit === undefined) return sendBadRequest(response, 'limit: expected a number from 1 on.')
    const query = textParameter(request, 'q').slice(0, LONGEST_QUERY)
    answer({ context, request, response }, { sessions: [], found: [] }, (reader) => {
      const asOf = new Date().toISOString()
      if (query.trim() === '') {
        const known = limit <= LIMITS.initial ? newest(Date.now()) : undefined
        return { asOf, sessions: known?.ok ? known.value.slice(0, limit) : reader.list(limit), found: [] }
      }
      const found = reader.search(query, limit)
      const names = [...new Set(found.map(({ session }) => session))]
      return { asOf, sessions: names.flatMap((name) => reader.find(name) ?? []), found } satisfies Sessions
    })
  }
}

/** Everything that a session remembers, oldest first. */
export function sessionRoute(context: SessionContext): RequestHandler<{ id: string }> {
  return (request, response) => {
    answer({ context, request: request as never, response }, undefined, (reader) => {
      const session = reader.find(request.params.id)
      return session && journalOf(session, reader.history(request.params.id))
    })
  }
}

/** The events of one run. */
export function runRoute(context: SessionContext): RequestHandler<{ id: string }> {
  return (request, response) => {
    answer({ context, request: request as never, response }, undefined, (reader) => {
      const events = reader.eventsOfRun(request.params.id)
      const [first] = events
      return first && journalOf(reader.find(first.session) ?? null, events)
    })
  }
}

function journalOf(session: Journal['session'], events: Journal['events']): Journal {
  const shown = events.slice(-MOST_EVENTS).map((event) => ({ ...event, data: shortTexts(event.data, LONGEST_TEXT) }))
  return { asOf: new Date().toISOString(), session, events: shown }
}

type Exchange = { readonly context: SessionContext; readonly request: Request; readonly response: Response }

/** A home without a journal has no sessions: `whenMissing`. */
function answer(
  { context, request, response }: Exchange,
  whenMissing: object | undefined,
  read: (reader: SessionsReader) => object | undefined,
): void {
  const reading = context.agentDb.read(({ prepared }) => read(prepared(readSessions)))
  if (!reading.ok && reading.reason !== MISSING) {
    return sendUnread(response, languageOf(request, context), 'agent.db', reading.reason)
  }
  const found = reading.ok ? reading.value : whenMissing && { asOf: new Date().toISOString(), ...whenMissing }
  if (found) response.json(found)
  else sendMissing(response, 'session or run')
}

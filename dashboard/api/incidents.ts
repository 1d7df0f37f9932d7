/** `GET /api/incidents` and `GET /api/incidents/:id`. */
import type { RequestHandler } from 'express'
import { type Look, MISSING } from '../../src/shared/heldDatabase.ts'
import type { Incident } from '../../src/shared/incident.ts'
import type { DashboardContext } from '../context.ts'
import type { Incidents } from '../contract.ts'
import { languageOf } from '../language.ts'
import { readStory } from './incidentsStory.ts'
import { incidentOf } from './overviewIncidents.ts'
import { countIn, sendBadRequest, sendMissing, sendUnread, textParameter } from './reading.ts'
import { unknownOf } from './unknown.ts'

type IncidentContext = Pick<DashboardContext, 'language' | 'paths' | 'watchdogDb'>
type Place = { readonly openedAt: string; readonly row: number }

const LIMITS = { initial: 50, most: 200 }

/** A page of them, newest first. `next` of one page is `before` of the following. */
export function incidentsRoute(context: IncidentContext): RequestHandler {
  return (request, response) => {
    const limit = countIn(request, 'limit', LIMITS)
    const before = placeIn(textParameter(request, 'before'))
    if (limit === undefined) return sendBadRequest(response, 'limit: expected a number from 1 on.')
    if (before === undefined) return sendBadRequest(response, 'before: expected what another answer gave as next.')
    const language = languageOf(request, context)
    const reading = context.watchdogDb.read((database) => readPage(database, before, limit))
    if (!reading.ok && reading.reason !== MISSING) return sendUnread(response, language, 'watchdog.db', reading.reason)
    const unknown = unknownOf(language, [{ what: 'watchdog.db', reading }])
    const page = reading.ok ? reading.value : { incidents: [], next: null }
    const answer: Incidents = { asOf: new Date().toISOString(), ...page, ...(unknown.length > 0 && { unknown }) }
    response.json(answer)
  }
}

/** One of them as a story. */
export function incidentRoute(context: IncidentContext): RequestHandler<{ id: string }> {
  return (request, response) => {
    const language = languageOf(request as never, context)
    const id = request.params.id.toUpperCase()
    const reading = context.watchdogDb.read((database) => readStory(database, { id, language, paths: context.paths }))
    if (!reading.ok && reading.reason !== MISSING) return sendUnread(response, language, 'watchdog.db', reading.reason)
    if (!reading.ok || !reading.value) return sendMissing(response, 'incident')
    response.json({ asOf: new Date().toISOString(), ...reading.value })
  }
}

type Row = { readonly record: string; readonly opened_at: string; readonly place: number }

function readPage(database: Look, before: Place | null, limit: number) {
  const rows = database.all<Row>(
    `SELECT record, opened_at, rowid AS place FROM incidents ${before ? 'WHERE (opened_at, rowid) < (?, ?)' : ''}
      ORDER BY opened_at DESC, rowid DESC LIMIT ?`,
    ...(before ? [before.openedAt, before.row] : []),
    limit + 1,
  )
  const shown = rows.slice(0, limit)
  const last = rows.length > limit ? shown.at(-1) : undefined
  const incidents: Incident[] = shown.flatMap(({ record }) => incidentOf(record) ?? [])
  return { incidents, next: last ? `${last.opened_at}~${last.place}` : null }
}

/** Null at the beginning; undefined for what we never gave. */
function placeIn(given: string): Place | null | undefined {
  if (given === '') return null
  const match = /^([\d:.TZ-]{10,30})~(\d{1,15})$/.exec(given)
  return match?.[1] && match[2] ? { openedAt: match[1], row: Number(match[2]) } : undefined
}

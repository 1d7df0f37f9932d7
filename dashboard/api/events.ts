/** `GET /api/events`: the live stream of one tab. With `Last-Event-ID` no event of the journal is missed and none comes twice. */
import type { RequestHandler } from 'express'
import { sendProblem } from '../../src/shared/http/problem.ts'
import { findVisitor, visitorOf } from '../access.ts'
import type { DashboardContext } from '../context.ts'
import { languageOf } from '../language.ts'
import type { Live } from './eventsLive.ts'
import { sendBadRequest } from './reading.ts'

/** More tabs than any person has. */
const MOST_TABS = 200

/** Ends with the session. */
export function eventsRoute(context: DashboardContext, live: Live): RequestHandler {
  return (request, response) => {
    const lastSeq = seqOf(request.get('Last-Event-ID'))
    if (lastSeq === undefined) return sendBadRequest(response, 'Last-Event-ID: expected the id of an event.')
    if (live.count() >= MOST_TABS || context.leaving.aborted) {
      const detail = 'No further stream can be opened now.'
      return sendProblem(response, { status: 503, name: 'busy', title: 'Busy', detail, retryAfterSec: 2 })
    }
    response.status(200).set({ 'Content-Type': 'text/event-stream; charset=utf-8', 'X-Accel-Buffering': 'no' })
    response.flushHeaders()
    live.join({
      response,
      language: languageOf(request, context),
      lastSeq,
      endsMs: visitorOf(response).session?.endsMs ?? null,
      isStillAllowed: () => findVisitor(request, context) !== undefined,
    })
  }
}

/** `<journal seq>.<counter>`; null where none was sent, undefined for what we never gave. */
function seqOf(id: string | undefined): number | null | undefined {
  if (id === undefined) return null
  const seq = Number(/^(\d{1,15})(?:\.\d{1,15})?$/.exec(id)?.[1] ?? Number.NaN)
  return Number.isSafeInteger(seq) ? seq : undefined
}

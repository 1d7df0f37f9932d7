import type { RequestHandler } from 'express'
import { openEventStream } from '../../shared/http/eventStream.ts'
import { sendProblem } from '../../shared/http/problem.ts'
import type { AppContext } from './app.ts'

const PAGE = 500

/**
 * `GET /api/events`: the tail of the journal as server-sent events; the id of each is its `seq`.
 * With `Last-Event-ID` it begins right after that event, without it with the next one that happens.
 */
export function eventsRoute({ journal, leaving }: Pick<AppContext, 'journal' | 'leaving'>): RequestHandler {
  return (request, response) => {
    const given = request.get('Last-Event-ID')
    const from = given === undefined ? journal.lastSeq() : Number(given)
    if (!Number.isSafeInteger(from) || from < 0) {
      const detail = 'Last-Event-ID: expected the number of an event.'
      return sendProblem(response, { status: 400, name: 'bad-request', title: 'Bad request', detail })
    }
    const stream = openEventStream(response)
    let last = from
    const sendNew = () => {
      for (;;) {
        const events = journal.eventsAfter(last, PAGE)
        for (const { seq, ...event } of events) stream.send(event.type, { seq, ...event }, seq)
        last = events.at(-1)?.seq ?? last
        if (events.length < PAGE) return
      }
    }
    // Listening and reading happen in one turn of the loop, so that nothing falls between them.
    const stops = [journal.onAppend(sendNew), onAbort(leaving, stream.end)]
    stream.onClose(() => {
      for (const stop of stops) stop()
    })
    sendNew()
  }
}

function onAbort(signal: AbortSignal, listener: () => void): () => void {
  signal.addEventListener('abort', listener)
  return () => signal.removeEventListener('abort', listener)
}

import type { RequestHandler } from 'express'
import { z } from 'zod'
import { messageOf } from '../../shared/entry.ts'
import { sendProblem } from '../../shared/http/problem.ts'
import { idField, missing, readBody } from './answering.ts'
import type { AppContext } from './app.ts'
import { MAX_MESSAGE } from './chat.ts'
import { unsettledProblem } from './runProblem.ts'
import { eventView, runView } from './runView.ts'

type Params = { id: string }

const steerBody = z.strictObject({ text: z.string().trim().min(1).max(MAX_MESSAGE), id: idField.exactOptional() })

const NOT_RUNNING = {
  status: 404,
  name: 'not-running',
  title: 'Not running',
  detail: 'No such run is being worked on.',
} as const

/** `GET /api/runs/:id`: a run as far as it has come. */
export function runRoute({ runs }: Pick<AppContext, 'runs'>): RequestHandler<Params> {
  return (request, response) => {
    const run = runs.find(request.params.id)
    if (run) response.json(runView(run))
    else sendProblem(response, missing('run'))
  }
}

/** `GET /api/runs/:id/events`: everything that the run did, in order. */
export function runEventsRoute({ journal }: Pick<AppContext, 'journal'>): RequestHandler<Params> {
  return (request, response) => {
    const events = journal.eventsOfRun(request.params.id)
    if (events.length === 0) return sendProblem(response, missing('run'))
    response.json({ run: request.params.id, session: events[0]?.session, events: events.map(eventView) })
  }
}

/** `GET /api/runs/:id/replay`: every event of the run that the loop of today would not have come to. */
export function replayRoute({ runs }: Pick<AppContext, 'runs'>): RequestHandler<Params> {
  return (request, response) => {
    const diverged = runs.replay(request.params.id)
    if (diverged) response.json({ run: request.params.id, diverged })
    else sendProblem(response, missing('run'))
  }
}

/** `POST /api/runs/:id/cancel`: ends a run that has not ended. Acknowledged when the wish is written down: a kill right after it does not lose it. */
export function cancelRoute({ runs, language }: Pick<AppContext, 'runs' | 'language'>): RequestHandler<Params> {
  return async (request, response) => {
    const { id } = request.params
    try {
      if (await runs.cancel(id)) return void response.status(202).json({ run: id })
      sendProblem(response, NOT_RUNNING)
    } catch (error) {
      sendProblem(response, unsettledProblem('storage', { language, reason: messageOf(error) }))
    }
  }
}

/** `POST /api/runs/:id/steer`: adds a word to a run that is going on; the model hears it with its next call. */
export function steerRoute({ runs }: Pick<AppContext, 'runs'>): RequestHandler<Params> {
  return async (request, response) => {
    const read = readBody(request, steerBody)
    if (!read.ok) return sendProblem(response, read.problem)
    const { text, id } = read.body
    if (await runs.steer(request.params.id, text, id)) return void response.status(202).json({ run: request.params.id })
    sendProblem(response, NOT_RUNNING)
  }
}

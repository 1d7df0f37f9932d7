import type { RequestHandler } from 'express'
import { sendProblem } from '../../shared/http/problem.ts'
import type { AppContext } from './app.ts'
import { runView } from './runView.ts'

/** `GET /api/runs/:id`: a run as far as it has come. */
export function runRoute({ runs }: Pick<AppContext, 'runs'>): RequestHandler<{ id: string }> {
  return (request, response) => {
    const run = runs.find(request.params.id)
    if (run) response.json(runView(run))
    else sendProblem(response, { status: 404, name: 'not-found', title: 'Not found', detail: 'There is no such run.' })
  }
}

/** `POST /api/runs/:id/cancel`: ends a run that is being worked on. */
export function cancelRoute({ runs }: Pick<AppContext, 'runs'>): RequestHandler<{ id: string }> {
  return (request, response) => {
    if (runs.cancel(request.params.id)) return void response.status(202).json({ run: request.params.id })
    const detail = 'No such run is being worked on.'
    sendProblem(response, { status: 404, name: 'not-running', title: 'Not running', detail })
  }
}

import { randomUUID } from 'node:crypto'
import express, { type Request, type RequestHandler, type Response, type Router } from 'express'
import { requireScope } from '../../shared/http/bearer.ts'
import { methodNotAllowed, sendProblem } from '../../shared/http/problem.ts'
import type { Language } from '../../shared/messages/message.ts'
import { type Phrase, phrase } from '../../shared/messages/phrase.ts'
import { textOf } from '../../shared/messages/text.ts'
import { printedCommand } from '../../shared/printedCommand.ts'
import type { Token } from '../../shared/tokens.ts'
import { type ProposeParts, proposeJob } from '../schedule/propose.ts'
import type { Schedule } from '../schedule/schedule.ts'
import { hookRoute } from './hookRoute.ts'

/** What the routes work with. */
export type ScheduleContext = Omit<ProposeParts, 'schedule'> & {
  readonly schedule: Schedule
  readonly language: Language
  readonly home: string
  readonly readTokens: () => readonly Token[]
  readonly eventsPerHour: number
}

const BODY_LIMIT = '1mb'
const MOST_HISTORY = 1_000
const LONGEST_REQUEST = 4_000

/**
 * `/api/schedule…` and `/api/hooks/:job`. Reading needs the scope read; running, pausing and proposing need chat; to add, change or remove a job, which goes
 * on working for nobody in particular, needs admin. A hook has a token of its own.
 */
export function scheduleRoutes(context: ScheduleContext): Router {
  const router = express.Router()
  const [read, chat, admin] = (['read', 'chat', 'admin'] as const).map((scope) =>
    requireScope(scope, context.readTokens),
  )
  if (!read || !chat || !admin) throw new Error('three scopes make three guards')
  const json = express.json({ limit: BODY_LIMIT, strict: true, type: 'application/json' })
  const at = '/api/schedule/:id'
  router
    .route('/api/schedule')
    .get(read, (_request, response) => void response.json({ jobs: context.schedule.jobs() }))
    .post(admin, json, addRoute(context))
    .all(methodNotAllowed('GET', 'HEAD', 'POST'))
  router.route('/api/schedule/propose').post(chat, json, proposeRoute(context)).all(methodNotAllowed('POST'))
  router
    .route(at)
    .get(read, showRoute(context))
    .patch(admin, json, changeRoute(context))
    .delete(admin, removeRoute(context))
    .all(methodNotAllowed('GET', 'HEAD', 'PATCH', 'DELETE'))
  router.route(`${at}/run-now`).post(chat, runRoute(context)).all(methodNotAllowed('POST'))
  router.route(`${at}/pause`).post(chat, pauseRoute(context, true)).all(methodNotAllowed('POST'))
  router.route(`${at}/resume`).post(chat, pauseRoute(context, false)).all(methodNotAllowed('POST'))
  router.route(`${at}/history`).get(read, historyRoute(context)).all(methodNotAllowed('GET', 'HEAD'))
  router
    .route('/api/hooks/:job')
    .post(...hookRoute(context))
    .all(methodNotAllowed('POST'))
  return router
}

type Handler = RequestHandler<{ id: string }>

function addRoute(context: ScheduleContext): RequestHandler {
  return (request, response) => {
    const added = context.schedule.add(request.body)
    if (!added.ok) return refuse(response, context, added.problem)
    const { job, token } = added
    const hook = token === undefined ? {} : { hook: { path: `/api/hooks/${job.id}`, token } }
    response.status(201).json({ job, ...hook })
  }
}

function proposeRoute(context: ScheduleContext): RequestHandler {
  return async (request, response) => {
    const { text, zone = 'UTC' } = (request.body ?? {}) as { text?: unknown; zone?: unknown }
    if (typeof text !== 'string' || text.trim() === '' || text.length > LONGEST_REQUEST || typeof zone !== 'string') {
      return refuse(response, context, phrase('schedule.badBody', { problems: 'text' }))
    }
    const proposed = await proposeJob(text, zone, context)
    if (!proposed.ok) return refuse(response, context, proposed.problem)
    response.json({ job: proposed.job, next: proposed.next })
  }
}

function showRoute(context: ScheduleContext): Handler {
  return (request, response) => {
    const job = context.schedule.job(request.params.id)
    if (job) response.json({ job })
    else unknown(request, response, context)
  }
}

function changeRoute(context: ScheduleContext): Handler {
  return (request, response) => {
    const changed = context.schedule.change(request.params.id, request.body)
    if (!changed) return unknown(request, response, context)
    if (!changed.ok) return refuse(response, context, changed.problem)
    response.json({ job: changed.job })
  }
}

function removeRoute(context: ScheduleContext): Handler {
  return (request, response) => {
    if (context.schedule.remove(request.params.id)) response.json({ removed: request.params.id })
    else unknown(request, response, context)
  }
}

function runRoute(context: ScheduleContext): Handler {
  return (request, response) => {
    const slot = context.schedule.runNow(request.params.id, request.get('Idempotency-Key') ?? randomUUID())
    if (slot) response.status(202).json({ slot })
    else unknown(request, response, context)
  }
}

function pauseRoute(context: ScheduleContext, isPaused: boolean): Handler {
  return (request, response) => {
    if (!context.schedule.pause(request.params.id, isPaused)) return unknown(request, response, context)
    response.json({ job: context.schedule.job(request.params.id) })
  }
}

function historyRoute(context: ScheduleContext): Handler {
  return (request, response) => {
    const { id } = request.params
    if (!context.schedule.job(id)) return unknown(request, response, context)
    const limit = Number(request.query['limit'] ?? 50)
    const count = Number.isInteger(limit) ? Math.min(Math.max(1, limit), MOST_HISTORY) : 50
    response.json({ slots: context.schedule.history(id, count) })
  }
}

function refuse(response: Response, { language }: Pick<ScheduleContext, 'language'>, problem: Phrase): void {
  sendProblem(response, { status: 400, name: 'bad-request', title: 'Bad request', detail: textOf(language, problem) })
}

function unknown(request: Request<{ id: string }>, response: Response, { language, home }: ScheduleContext): void {
  const facts = { id: request.params.id, command: printedCommand('schedule list', home) }
  const detail = textOf(language, phrase('schedule.unknown', facts))
  sendProblem(response, { status: 404, name: 'not-found', title: 'Not found', detail })
}

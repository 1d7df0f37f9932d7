/** The sessions over HTTP: lists, reading, search, export; names, branches, summaries, deletion. */
import express, { type Request, type RequestHandler, type Response, Router } from 'express'
import { z } from 'zod'
import { requireScope } from '../../shared/http/bearer.ts'
import { methodNotAllowed, type Problem, sendProblem } from '../../shared/http/problem.ts'
import { newId } from '../../shared/newId.ts'
import { EXPORT_FORMATS, exportSession } from '../../shared/sessions/exportSession.ts'
import type { Token } from '../../shared/tokens.ts'
import type { Compactor } from '../context/compactor.ts'
import type { Changed, Sessions } from '../sessions/sessions.ts'

/** What the routes work with. */
export type SessionRoutesContext = {
  readonly sessions: Sessions
  readonly compactor: Compactor
  readonly readTokens: () => readonly Token[]
}

type WithId = Request<{ id: string }>
type Handler = (request: WithId, response: Response) => void | Promise<void>

const MOST_LISTED = 1_000
const USUALLY_LISTED = 50

const id = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'expected 1 to 64 letters, digits, _ or -')
const count = z.coerce.number().int().min(1).max(MOST_LISTED).default(USUALLY_LISTED)
const listQuery = z.object({ limit: count })
const searchQuery = z.object({ q: z.string().trim().min(1).max(1_000), limit: count })
const exportQuery = z.object({ format: z.enum(EXPORT_FORMATS).default('json') })
const removeQuery = z.object({ purge: z.enum(['true', 'false']).default('false') })
const nameBody = z.strictObject({ name: z.string().trim().min(1).max(200) })
const branchBody = z.strictObject({ seq: z.int().min(1).optional(), session: id.optional() })

/** All of them, to be mounted at the root of the app. Reading needs the scope `read`, changing `chat`, and removing texts for good `admin`. */
export function sessionRoutes(context: SessionRoutesContext): Router {
  const { readTokens } = context
  const mayRead = requireScope('read', readTokens)
  const mayChat = requireScope('chat', readTokens)
  const json = express.json({ limit: '16kb', strict: true, type: 'application/json' })
  const router = Router()
  const getOnly = methodNotAllowed('GET', 'HEAD')
  const postOnly = methodNotAllowed('POST')
  router.route('/api/sessions').get(mayRead, listRoute(context)).all(getOnly)
  router.route('/api/search').get(mayRead, searchRoute(context)).all(getOnly)
  router
    .route('/api/sessions/:id')
    .get(mayRead, known(context, showRoute(context)))
    .patch(mayChat, json, nameRoute(context))
    .delete(mayChat, removeRoute(context))
    .all(methodNotAllowed('GET', 'HEAD', 'PATCH', 'DELETE'))
  router.route('/api/sessions/:id/branch').post(mayChat, json, branchRoute(context)).all(postOnly)
  router
    .route('/api/sessions/:id/export')
    .get(mayRead, known(context, exportRoute(context)))
    .all(getOnly)
  router
    .route('/api/sessions/:id/compact')
    .post(mayChat, known(context, compactRoute(context)))
    .all(postOnly)
  router
    .route('/api/sessions/:id/undo-compact')
    .post(mayChat, known(context, undoRoute(context)))
    .all(postOnly)
  return router
}

function listRoute({ sessions }: SessionRoutesContext): RequestHandler {
  return (request, response) => {
    const query = read(listQuery, request.query, response)
    if (query) response.json({ sessions: sessions.list(query.limit) })
  }
}

function searchRoute({ sessions }: SessionRoutesContext): RequestHandler {
  return (request, response) => {
    const query = read(searchQuery, request.query, response)
    if (query) response.json({ found: sessions.search(query.q, query.limit) })
  }
}

function showRoute({ sessions }: SessionRoutesContext): Handler {
  return ({ params }, response) =>
    void response.json({ ...sessions.find(params.id), events: sessions.history(params.id) })
}

function nameRoute({ sessions }: SessionRoutesContext): RequestHandler<{ id: string }> {
  return ({ params, body }, response) => {
    const wish = read(nameBody, body, response)
    if (wish) answer(response, params.id, sessions.rename(params.id, wish.name))
  }
}

function branchRoute({ sessions }: SessionRoutesContext): RequestHandler<{ id: string }> {
  return ({ params, body }, response) => {
    const wish = read(branchBody, body ?? {}, response)
    if (!wish) return
    const session = wish.session ?? newId(Date.now())
    const seq = wish.seq === undefined ? {} : { seq: wish.seq }
    answer(response.status(201), session, sessions.branch({ from: params.id, session, ...seq }))
  }
}

function removeRoute({ sessions, readTokens }: SessionRoutesContext): RequestHandler<{ id: string }> {
  const admin = requireScope('admin', readTokens)
  return (request, response, next) => {
    const query = read(removeQuery, request.query, response)
    if (!query) return
    const purge = query.purge === 'true'
    const remove = () => answer(response, request.params.id, sessions.remove(request.params.id, { purge }))
    if (purge) admin(request as unknown as Request, response, (error) => (error ? next(error) : remove()))
    else remove()
  }
}

function exportRoute({ sessions }: SessionRoutesContext): Handler {
  return ({ params, query }, response) => {
    const wish = read(exportQuery, query, response)
    const session = sessions.find(params.id)
    if (!wish || !session) return
    response.type(wish.format === 'json' ? 'application/json' : 'text/markdown; charset=utf-8')
    response.send(exportSession(wish.format, session, sessions.history(params.id) as never))
  }
}

function compactRoute({ compactor }: SessionRoutesContext): Handler {
  return async ({ params }, response) => {
    const compaction = await compactor.compact(params.id)
    if (compaction.ok) response.json({ session: params.id, ...compaction })
    else
      sendProblem(response, {
        status: 409,
        name: `compact-${compaction.why}`,
        title: 'Not compacted',
        detail: compaction.reason,
      })
  }
}

function undoRoute({ compactor }: SessionRoutesContext): Handler {
  return ({ params }, response) => {
    if (compactor.undo(params.id)) response.json({ session: params.id })
    else
      sendProblem(response, {
        status: 409,
        name: 'nothing-to-undo',
        title: 'Nothing to undo',
        detail: 'No summary is in force here.',
      })
  }
}

function known({ sessions }: SessionRoutesContext, handler: Handler): RequestHandler<{ id: string }> {
  return (request, response) =>
    sessions.find(request.params.id) ? handler(request, response) : sendProblem(response, PROBLEMS.unknown)
}

const PROBLEMS: Readonly<Record<Extract<Changed, { ok: false }>['why'], Problem>> = {
  unknown: { status: 404, name: 'not-found', title: 'Not found', detail: 'There is no such session.' },
  busy: { status: 409, name: 'busy', title: 'Busy', detail: 'A run of this session has not ended. Cancel it first.' },
  taken: { status: 409, name: 'id-taken', title: 'Id taken', detail: 'There is a session with this id.' },
  'bad-seq': {
    status: 400,
    name: 'bad-request',
    title: 'Bad request',
    detail: 'seq: expected the number of an event of this session.',
  },
}

function answer(response: Response, session: string, changed: Changed): void {
  if (changed.ok) response.json({ session })
  else sendProblem(response, PROBLEMS[changed.why])
}

/** What a client sent, checked; undefined when it was answered with a problem. */
function read<Schema extends z.ZodType>(
  schema: Schema,
  given: unknown,
  response: Response,
): z.output<Schema> | undefined {
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  const detail = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`).join('; ')
  sendProblem(response, { status: 400, name: 'bad-request', title: 'Bad request', detail })
  return undefined
}

/** What the page asks of the agent itself, each passed on with the scope that it needs: chat, sessions, runs, schedule, models, search. */
import { randomUUID } from 'node:crypto'
import { pipeline } from 'node:stream/promises'
import express, { type Request, type RequestHandler, type Response, Router } from 'express'
import { z } from 'zod'
import { methodNotAllowed, sendProblem } from '../../src/shared/http/problem.ts'
import type { Scope } from '../../src/shared/tokens.ts'
import { allow } from '../access.ts'
import { languageOf } from '../language.ts'
import { type ActionContext, badRequest, bodyOf, whoIs } from './actionContext.ts'
import { chatRoute, idField, modelField, passHead, passStream } from './chat.ts'
import { modelsRoute } from './chatModels.ts'
import { callUpstream, sendUnreachable, type UpstreamCall, untilGone } from './chatUpstream.ts'

/** One route that is passed on under its own path. */
type Passed = {
  readonly method: 'get' | 'post' | 'patch' | 'delete'
  readonly path: string
  readonly needs: Scope
  /** Query parameters that go along. */
  readonly query?: readonly string[]
  readonly body?: z.ZodType
  /** An `Idempotency-Key` goes along. */
  readonly takesKey?: true
}

const nameBody = z.strictObject({ name: z.string().trim().min(1).max(200) })
const branchBody = z.strictObject({ seq: z.int().min(1).exactOptional(), session: idField.exactOptional() })
const steerBody = z.strictObject({ text: z.string().trim().min(1).max(200_000), id: idField.exactOptional() })
const rerunBody = z.strictObject({
  id: idField.exactOptional(),
  fromSeq: z.int().positive().exactOptional(),
  model: modelField.exactOptional(),
  dryRun: z.boolean().exactOptional(),
})

const PASSED: readonly Passed[] = [
  { method: 'patch', path: '/api/sessions/:id', needs: 'chat', body: nameBody },
  { method: 'delete', path: '/api/sessions/:id', needs: 'chat' },
  { method: 'post', path: '/api/sessions/:id/branch', needs: 'chat', body: branchBody },
  { method: 'post', path: '/api/sessions/:id/compact', needs: 'chat' },
  { method: 'post', path: '/api/sessions/:id/undo-compact', needs: 'chat' },
  { method: 'get', path: '/api/sessions/:id/export', needs: 'read', query: ['format'] },
  { method: 'get', path: '/api/search', needs: 'read', query: ['q', 'limit'] },
  { method: 'post', path: '/api/runs/:id/steer', needs: 'chat', body: steerBody },
  { method: 'get', path: '/api/schedule', needs: 'read' },
  { method: 'get', path: '/api/schedule/:id/history', needs: 'read', query: ['limit'] },
  { method: 'post', path: '/api/schedule/:id/run-now', needs: 'chat', takesKey: true },
  { method: 'post', path: '/api/schedule/:id/pause', needs: 'chat' },
  { method: 'post', path: '/api/schedule/:id/resume', needs: 'chat' },
]

const BODY_LIMIT = '1mb'

/** All of them. */
export function agentRoutes(context: ActionContext): Router {
  const json = express.json({ limit: BODY_LIMIT, strict: true, type: 'application/json' })
  const router = Router()
  const postOnly = methodNotAllowed('POST')
  router.route('/api/chat').post(allow('chat'), json, chatRoute(context)).all(postOnly)
  router.route('/api/runs/:id/rerun').post(allow('chat'), json, rerunRoute(context)).all(postOnly)
  router.route('/api/models').get(allow('read'), modelsRoute(context)).all(methodNotAllowed('GET', 'HEAD'))
  // To remove texts for good is another thing than to hide a session.
  router.delete('/api/sessions/:id', purgeGuard)
  for (const passed of PASSED) router[passed.method](passed.path, allow(passed.needs), json, passRoute(passed, context))
  return router
}

const purgeGuard: RequestHandler = (request, response, next) => {
  if (request.query['purge'] === 'true') return allow('admin')(request, response, next)
  next()
}

function rerunRoute(context: ActionContext): RequestHandler {
  return async (request, response) => {
    const run = idOf(request, response)
    const body = run === undefined ? undefined : bodyOf(rerunBody, request, response)
    if (run === undefined || !body) return
    const { id = randomUUID() } = body
    const path = `/api/runs/${encodeURIComponent(run)}/rerun`
    const call = { method: 'POST', path, body: { ...body, id }, scope: 'chat', accept: 'text/event-stream' } as const
    await passStream(context, { call, id, language: languageOf(request, context) }, response)
  }
}

function passRoute(passed: Passed, context: ActionContext): RequestHandler {
  return async (request, response) => {
    const target = targetOf(passed, request, response)
    if (!target) return
    const upstream = await callUpstream(context.paths, target.call, untilGone(response, context.leaving))
    const isDone = upstream.ok && (upstream.message.statusCode ?? 500) < 300
    if (passed.method !== 'get') audit(context, response, { passed, id: target.id, isDone })
    if (response.closed) return
    if (!upstream.ok) return sendUnreachable(response, upstream.why, languageOf(request, context))
    passHead(upstream.message, response)
    if (isDone && passed.path.endsWith('/export')) response.attachment(`${target.id}.${extensionOf(request)}`)
    await pipeline(upstream.message, response).catch(() => response.destroy())
  }
}

type Target = { readonly id: string; readonly call: UpstreamCall }

/** What is asked of the agent; undefined when the request was answered with a problem. */
function targetOf(
  { method, path, needs, query = [], body, takesKey }: Passed,
  request: Request,
  response: Response,
): Target | undefined {
  const id = path.includes(':id') ? idOf(request, response) : ''
  if (id === undefined) return undefined
  const given = body && bodyOf(body, request, response)
  if (body && given === undefined) return undefined
  const key = takesKey && request.get('Idempotency-Key')
  if (key !== undefined && !isKey(key, response)) return undefined
  const isPurge = method === 'delete' && request.query['purge'] === 'true'
  const call: UpstreamCall = {
    method: VERBS[method],
    path: `${path.replace(':id', encodeURIComponent(id))}${queryOf(request, isPurge ? ['purge'] : query)}`,
    scope: isPurge ? 'admin' : needs,
    body: given,
    ...(key === undefined ? {} : { key }),
  }
  return { id, call }
}

function isKey(key: string, response: Response): boolean {
  const isRight = idField.safeParse(key).success
  if (!isRight) sendProblem(response, badRequest('Idempotency-Key: expected an id.'))
  return isRight
}

const VERBS = { get: 'GET', post: 'POST', patch: 'PATCH', delete: 'DELETE' } as const

function idOf(request: Request, response: Response): string | undefined {
  const parsed = idField.safeParse(request.params['id'])
  if (parsed.success) return parsed.data
  sendProblem(response, badRequest(`id: ${parsed.error.issues[0]?.message}`))
  return undefined
}

function queryOf(request: Request, names: readonly string[]): string {
  const pairs = names.flatMap((name): [string, string][] => {
    const value = request.query[name]
    return typeof value === 'string' ? [[name, value]] : []
  })
  return pairs.length > 0 ? `?${new URLSearchParams(pairs)}` : ''
}

function extensionOf(request: Request): string {
  return request.query['format'] === 'markdown' ? 'md' : 'json'
}

type Done = { readonly passed: Passed; readonly id: string; readonly isDone: boolean }

function audit(context: ActionContext, response: Response, { passed, id, isDone }: Done): void {
  const { method, path } = passed
  const action = `${VERBS[method]} ${path}`
  const result = isDone ? 'passed on' : 'not done'
  context.writeAudit({ by: whoIs(response), action, args: id ? { id } : {}, done: isDone, result })
}

import express, { type Express, type RequestHandler } from 'express'
import { requireScope } from '../../shared/http/bearer.ts'
import { hostGuard } from '../../shared/http/hostGuard.ts'
import { originGuard } from '../../shared/http/originGuard.ts'
import { methodNotAllowed, notFound, problemHandler } from '../../shared/http/problem.ts'
import { securityHeaders } from '../../shared/http/securityHeaders.ts'
import type { Token } from '../../shared/tokens.ts'
import type { Checks } from '../health/report.ts'
import type { Journal } from '../journal/journal.ts'
import type { ModelFacts } from '../modelWords.ts'
import type { Runs } from '../runs/runs.ts'
import { type ApprovalContext, answerRoute, approvalsRoute } from './approvalRoutes.ts'
import { chatRoute } from './chat.ts'
import { eventsRoute } from './events.ts'
import { healthRoute, readyRoute } from './healthRoutes.ts'
import { metricsRoute } from './metrics.ts'
import { cancelRoute, replayRoute, runEventsRoute, runRoute, steerRoute } from './runRoutes.ts'
import { rerunRoute, sessionMessagesRoute } from './sessionMessages.ts'

/** What the routes work with. */
export type AppContext = ModelFacts & {
  readonly host: string
  readonly checks: Checks
  readonly journal: Journal
  readonly runs: Runs
  readonly readTokens: () => readonly Token[]
  /** Aborted when this process begins to leave: streams without an end are closed then. */
  readonly leaving: AbortSignal
  /** Set in safe mode: no question is answered. */
  readonly safeMode: { readonly reason: string; readonly since: string } | null
  /** The questions to a person; without them their routes are not there. */
  readonly approvals?: ApprovalContext
  /** Routes that are loaded later; a request for one of them waits. */
  readonly furtherRoutes?: () => Promise<RequestHandler>
  /** Told of what a route threw by mistake. */
  readonly onBug: (error: unknown) => void
}

const BODY_LIMIT = '1mb'
/** A message may have pictures in it. */
const MESSAGE_LIMIT = '16mb'

/** The agent's HTTP interface. Every route is behind the host guard; all but the three bare ones need a token. */
export function createApp(context: AppContext): Express {
  const { host, readTokens, onBug } = context
  const read = requireScope('read', readTokens)
  const chat = requireScope('chat', readTokens)
  const getOnly = methodNotAllowed('GET', 'HEAD')
  const postOnly = methodNotAllowed('POST')
  const json = jsonBody(BODY_LIMIT)
  const app = express()
  app.disable('x-powered-by').disable('etag').set('query parser', 'simple')
  app.use(securityHeaders(), hostGuard(host), originGuard)

  app
    .route('/livez')
    .get((_request, response) => void response.json({ status: 'pass' }))
    .all(getOnly)
  app.route('/readyz').get(readyRoute(context)).all(getOnly)
  app.route('/health').get(healthRoute(context)).all(getOnly)
  app.route('/metrics').get(read, metricsRoute(context)).all(getOnly)
  app.route('/api/events').get(read, eventsRoute(context)).all(getOnly)
  app.route('/api/runs/:id').get(read, runRoute(context)).all(getOnly)
  app.route('/api/runs/:id/events').get(read, runEventsRoute(context)).all(getOnly)
  app.route('/api/runs/:id/replay').get(read, replayRoute(context)).all(getOnly)
  app.route('/api/runs/:id/cancel').post(chat, cancelRoute(context)).all(postOnly)
  app.route('/api/runs/:id/steer').post(chat, json, steerRoute(context)).all(postOnly)
  app.route('/api/runs/:id/rerun').post(chat, json, rerunRoute(context)).all(postOnly)
  app.route('/api/chat').post(chat, json, chatRoute(context)).all(postOnly)
  const withPictures = jsonBody(MESSAGE_LIMIT)
  app.route('/api/sessions/:id/messages').post(chat, withPictures, sessionMessagesRoute(context)).all(postOnly)
  if (context.approvals) {
    const approve = requireScope('approve', readTokens)
    app.route('/api/approvals').get(read, approvalsRoute(context.approvals)).all(getOnly)
    app.route('/api/approvals/:id').post(approve, json, answerRoute(context.approvals)).all(postOnly)
  }

  if (context.furtherRoutes) app.use('/', waitingFor(context.furtherRoutes))
  app.use(notFound, problemHandler(onBug))
  return app
}

function waitingFor(load: () => Promise<RequestHandler>): RequestHandler {
  return async (request, response, next) => (await load())(request, response, next)
}

function jsonBody(limit: string) {
  return express.json({ limit, strict: true, type: 'application/json' })
}

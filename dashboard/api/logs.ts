/** The logs over HTTP, and what was changed through the dashboard. */
import { type RequestHandler, Router } from 'express'
import { z } from 'zod'
import { methodNotAllowed, sendProblem } from '../../src/shared/http/problem.ts'
import { homeRedactor } from '../../src/shared/redact/homeRedactor.ts'
import { allow } from '../access.ts'
import type { Logs } from '../contractViews.ts'
import { type ActionContext, badRequest } from './actionContext.ts'
import { AUDIT_WORD } from './actionsAudit.ts'
import { LEVELS } from './logsLine.ts'
import { LOG_APPS, type LogQuery, readLogPage, readMark } from './logsPage.ts'

const MOST_LINES = 1_000
const USUAL_LINES = 200

const limitField = z.coerce.number().int().min(1).max(MOST_LINES).default(USUAL_LINES)
const beforeField = z.string().max(2_000).optional()
const logsQuery = z.object({
  app: z.enum(LOG_APPS).optional(),
  level: z.enum(LEVELS).default('trace'),
  q: z.string().max(500).default(''),
  before: beforeField,
  limit: limitField,
})
const auditQuery = z.object({ before: beforeField, limit: limitField })

/** `GET /api/logs` and `GET /api/audit`. */
export function logRoutes(context: ActionContext): Router {
  const redactor = homeRedactor(context.paths.env, context.environment)
  const router = Router()
  const page = (wanted: Wanted) => pageRoute(context, () => redactor().redact, wanted)
  router.route('/api/logs').get(allow('read'), page(wantedLogs)).all(methodNotAllowed('GET', 'HEAD'))
  router.route('/api/audit').get(allow('read'), page(wantedAudit)).all(methodNotAllowed('GET', 'HEAD'))
  return router
}

/** What a query string asks for; a sentence where it cannot be read. */
type Wanted = (query: unknown) => (Omit<LogQuery, 'before'> & { readonly before: string | undefined }) | string

const wantedLogs: Wanted = (query) => {
  const parsed = logsQuery.safeParse(query)
  if (!parsed.success) return sentenceOf(parsed.error)
  const { app, level, q, before, limit } = parsed.data
  return { apps: app ? [app] : LOG_APPS, level, text: q, limit, before }
}

const wantedAudit: Wanted = (query) => {
  const parsed = auditQuery.safeParse(query)
  if (!parsed.success) return sentenceOf(parsed.error)
  return {
    apps: ['dashboard'],
    level: 'trace',
    text: '',
    holds: `"${AUDIT_WORD}":{`,
    limit: parsed.data.limit,
    before: parsed.data.before,
  }
}

function pageRoute({ paths }: ActionContext, redact: () => (text: string) => string, wanted: Wanted): RequestHandler {
  return async (request, response) => {
    const query = wanted(request.query)
    if (typeof query === 'string') return sendProblem(response, badRequest(query))
    const before = query.before === undefined ? undefined : readMark(query.before)
    if (query.before !== undefined && !before) {
      return sendProblem(response, badRequest('before: expected the mark of an earlier page.'))
    }
    const page = await readLogPage(paths.logs, { ...query, before }, redact())
    const logs: Logs = { asOf: new Date().toISOString(), ...page }
    response.json(logs)
  }
}

function sentenceOf({ issues }: z.ZodError): string {
  return issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
}

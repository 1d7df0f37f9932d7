/** Everything that can be done through the dashboard, behind the access control: actions, answers, settings, chat; and the logs. */
import { randomUUID } from 'node:crypto'
import express, { type RequestHandler, Router } from 'express'
import { z } from 'zod'
import { methodNotAllowed, sendProblem } from '../../src/shared/http/problem.ts'
import { text, textOf } from '../../src/shared/messages/text.ts'
import { allow } from '../access.ts'
import { ACTIONS, type ActionName, type ActionResult } from '../contractViews.ts'
import { languageOf } from '../language.ts'
import { type ActionContext, badRequest, bodyOf, whoIs } from './actionContext.ts'
import { answerApprovalRoute } from './actionsApprovals.ts'
import { createOnce, type Once } from './actionsOnce.ts'
import { PAGE_ACTIONS, type Performed } from './actionsPerform.ts'
import { agentRoutes } from './chatRoutes.ts'
import { logRoutes } from './logs.ts'
import { settingsRoutes } from './settings.ts'

const BODY_LIMIT = '64kb'
const keyField = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'expected 1 to 64 letters, digits, _ or -')

/**
 * All routes of this kind, to be mounted at the root after `requireVisitor`, and before routes that answer other methods of the same paths with 405
 * (`/api/sessions/:id`, `/api/approvals/:id`).
 */
export function actionRoutes(context: ActionContext): Router {
  const json = express.json({ limit: BODY_LIMIT, strict: true, type: 'application/json' })
  const once = createOnce<Performed>(({ isOver }) => isOver)
  const router = Router()
  for (const name of ACTIONS) {
    router
      .route(`/api/actions/${name}`)
      .post(allow(PAGE_ACTIONS[name].needs), json, performRoute(name, context, once))
      .all(methodNotAllowed('POST'))
  }
  router.route('/api/approvals/:id').post(allow('approve'), json, answerApprovalRoute(context))
  router.use(settingsRoutes(context), logRoutes(context), agentRoutes(context))
  return router
}

function performRoute(name: ActionName, context: ActionContext, once: Once<Performed>): RequestHandler {
  const { body, perform, undo } = PAGE_ACTIONS[name]
  return async (request, response) => {
    const { id = request.get('Idempotency-Key') ?? randomUUID(), ...rest } = (request.body ?? {}) as { id?: unknown }
    const key = keyField.safeParse(id)
    if (!key.success) return sendProblem(response, badRequest(`id: ${key.error.issues[0]?.message}`))
    request.body = rest
    const args = bodyOf(body, request, response)
    if (!args) return
    const language = languageOf(request, context)
    const asker = { key: key.data, by: whoIs(response) }
    const what = JSON.stringify([name, args])
    const did = await once(key.data, what, async () => {
      const performed = await perform(context, args, asker)
      const { done, words } = performed
      context.writeAudit({ by: asker.by, action: name, args, done, result: textOf('en', words) })
      return performed
    })
    if (did.isOther) {
      const detail = text(language, 'actions.keyTaken')
      return sendProblem(response, { status: 409, name: 'id-taken', title: 'Id taken', detail })
    }
    const { done, words } = did.result
    const result: ActionResult = { done, text: textOf(language, words), undo: done ? undo : null }
    response.json(result)
  }
}

/** The settings over HTTP: shown to whoever may read, changed by whoever may do everything, and never those of the owner alone. */
import express, { type RequestHandler, Router } from 'express'
import { z } from 'zod'
import { methodNotAllowed } from '../../src/shared/http/problem.ts'
import { homeRedactor } from '../../src/shared/redact/homeRedactor.ts'
import { allow } from '../access.ts'
import type { SettingsCheck } from '../contractViews.ts'
import { languageOf } from '../language.ts'
import { type ActionContext, bodyOf, whoIs } from './actionContext.ts'
import { type ConsideredChange, considerChange, saveChange } from './settingsChange.ts'
import { settingsView } from './settingsView.ts'

const BODY_LIMIT = '256kb'
const MOST_CHANGES = 200

const changesField = z
  .record(z.string().max(200), z.json())
  .refine((changes) => Object.keys(changes).length <= MOST_CHANGES, `expected at most ${MOST_CHANGES} changes`)
const checkBody = z.strictObject({ changes: changesField })
const saveBody = z.strictObject({ changes: changesField, base: z.string().max(64).optional() })

type Redact = () => { readonly redact: (text: string) => string }

/** `GET /api/settings`, `POST /api/settings/check`, `POST /api/settings`. */
export function settingsRoutes(context: ActionContext): Router {
  const json = express.json({ limit: BODY_LIMIT, strict: true, type: 'application/json' })
  const redactor = homeRedactor(context.paths.env, context.environment)
  const router = Router()
  router
    .route('/api/settings')
    .get(allow('read'), (request, response) => {
      response.json(settingsView(context, redactor().redact, languageOf(request, context)))
    })
    .post(allow('admin'), json, saveRoute(context, redactor))
    .all(methodNotAllowed('GET', 'HEAD', 'POST'))
  router
    .route('/api/settings/check')
    .post(allow('admin'), json, checkRoute(context, redactor))
    .all(methodNotAllowed('POST'))
  return router
}

function checkRoute(context: ActionContext, redactor: Redact): RequestHandler {
  return (request, response) => {
    const body = bodyOf(checkBody, request, response)
    if (!body) return
    const considered = considerChange(context, body.changes, languageOf(request, context))
    response.json(viewOf({ ...considered, saved: false }, redactor().redact))
  }
}

function saveRoute(context: ActionContext, redactor: Redact): RequestHandler {
  return (request, response) => {
    const body = bodyOf(saveBody, request, response)
    if (!body) return
    const language = languageOf(request, context)
    const result = saveChange(context, body.changes, { base: body.base, language })
    const keys = Object.keys(body.changes)
    const told = result.saved ? 'saved' : result.problems.length > 0 ? 'refused' : 'nothing changed'
    context.writeAudit({ by: whoIs(response), action: 'settings', args: { keys }, done: result.saved, result: told })
    response.json(viewOf(result, redactor().redact))
  }
}

function viewOf(
  { diff, problems, notes, base, saved }: ConsideredChange & { readonly saved: boolean },
  redact: (text: string) => string,
): SettingsCheck {
  return { diff: redact(diff), problems: problems.map(redact), saved, notes, base }
}

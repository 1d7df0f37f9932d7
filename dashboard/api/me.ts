import type { RequestHandler } from 'express'
import { appVersion } from '../../src/shared/paths.ts'
import { mayDo } from '../../src/shared/tokens.ts'
import { visitorOf } from '../access.ts'
import { basePathOf } from '../basePath.ts'
import type { DashboardContext } from '../context.ts'
import type { Me } from '../contract.ts'
import { languageOf } from '../language.ts'

/** `GET /api/me`: who is signed in, and what they may do. */
export function meRoute(context: Pick<DashboardContext, 'language' | 'notes' | 'settings'>): RequestHandler {
  return (request, response) => {
    const { scope } = visitorOf(response)
    const can = { approve: mayDo(scope, 'approve'), admin: mayDo(scope, 'admin'), chat: mayDo(scope, 'chat') }
    response.json({
      language: languageOf(request, context),
      version: appVersion(),
      basePath: basePathOf(request, context),
      can,
      notes: context.notes,
    } satisfies Me)
  }
}

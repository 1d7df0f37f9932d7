/** Everything of the contract that only reads: out of both databases and the small files, whoever is down. */
import { Router } from 'express'
import { methodNotAllowed } from '../../src/shared/http/problem.ts'
import type { DashboardContext } from '../context.ts'
import { languageOf } from '../language.ts'
import { approvalsRoute } from './approvals.ts'
import { costsRoute } from './costs.ts'
import { eventsRoute } from './events.ts'
import { createLive } from './eventsLive.ts'
import { heartbeatRoute } from './heartbeat.ts'
import { incidentRoute, incidentsRoute } from './incidents.ts'
import { meRoute } from './me.ts'
import type { OverviewReader } from './overview.ts'
import { runRoute, sessionRoute, sessionsRoute } from './sessions.ts'
import { toolsRoute } from './tools.ts'

/** To be mounted at the root, behind the access control. */
export function readingRoutes(context: DashboardContext, readOverview: OverviewReader): Router {
  const router = Router()
  const getOnly = methodNotAllowed('GET', 'HEAD')
  const live = createLive({ ...context, readOverview })
  router.route('/api/me').get(meRoute(context)).all(getOnly)
  router
    .route('/api/status')
    .get((request, response) => {
      const { status } = readOverview(languageOf(request, context), Date.now())
      response.json({ ...status, notes: context.notes })
    })
    .all(getOnly)
  router
    .route('/api/overview')
    .get((request, response) => void response.json(readOverview(languageOf(request, context), Date.now())))
    .all(getOnly)
  router.route('/api/events').get(eventsRoute(context, live)).all(methodNotAllowed('GET'))
  router.route('/api/heartbeat').get(heartbeatRoute(context)).all(getOnly)
  router.route('/api/incidents').get(incidentsRoute(context)).all(getOnly)
  router.route('/api/incidents/:id').get(incidentRoute(context)).all(getOnly)
  router.route('/api/sessions').get(sessionsRoute(context)).all(getOnly)
  router.route('/api/sessions/:id').get(sessionRoute(context)).all(getOnly)
  router.route('/api/runs/:id').get(runRoute(context)).all(getOnly)
  router.route('/api/approvals').get(approvalsRoute(context)).all(getOnly)
  router.route('/api/costs').get(costsRoute(context)).all(getOnly)
  router.route('/api/tools').get(toolsRoute(context)).all(getOnly)
  return router
}

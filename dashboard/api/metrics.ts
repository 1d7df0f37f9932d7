/** The routes about measurements: series, the machine, and all of it for Prometheus. */
import { Router } from 'express'
import { requireScope } from '../../src/shared/http/bearer.ts'
import { methodNotAllowed } from '../../src/shared/http/problem.ts'
import { EXPOSITION_TYPE, exposition } from '../../src/shared/metrics/exposition.ts'
import type { DashboardContext } from '../context.ts'
import { hostRoute } from './host.ts'
import { createMachineReader } from './hostMachine.ts'
import type { ReadHost } from './hostNow.ts'
import { gatherMetrics } from './metricsGather.ts'
import { seriesRoute } from './series.ts'

/** Of the dashboard's context, and the one reader of the machine that the first screen uses too. */
export type MetricContext = Pick<
  DashboardContext,
  'paths' | 'environment' | 'language' | 'agentDb' | 'watchdogDb' | 'readTokens'
> & { readonly readHost: ReadHost }

/** All of them, to be mounted at the root behind the access control; `/metrics` asks for a token by itself as well. */
export function metricRoutes(context: MetricContext): Router {
  const getOnly = methodNotAllowed('GET', 'HEAD')
  const router = Router()
  router.route('/api/series').get(seriesRoute(context)).all(getOnly)
  router
    .route('/api/host')
    .get(hostRoute({ ...context, readMachine: createMachineReader() }))
    .all(getOnly)
  router
    .route('/metrics')
    .get(requireScope('read', context.readTokens), (_request, response) => {
      response.type(EXPOSITION_TYPE).send(exposition(gatherMetrics(context, Date.now())))
    })
    .all(getOnly)
  return router
}

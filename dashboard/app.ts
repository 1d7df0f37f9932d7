import express, { type Express, type RequestHandler, Router } from 'express'
import { hostGuard } from '../src/shared/http/hostGuard.ts'
import { createOriginGuard } from '../src/shared/http/originGuard.ts'
import { methodNotAllowed, notFound, problemHandler } from '../src/shared/http/problem.ts'
import { securityHeaders } from '../src/shared/http/securityHeaders.ts'
import { findVisitor, requireVisitor } from './access.ts'
import { actionRoutes } from './api/actions.ts'
import { createHostReader } from './api/hostNow.ts'
import { metricRoutes } from './api/metrics.ts'
import { createOverview, type OverviewReader } from './api/overview.ts'
import { readingRoutes } from './api/readingRoutes.ts'
import { withoutBasePath } from './basePath.ts'
import { type DashboardContext, publicUrlOf } from './context.ts'
import { languageOf } from './language.ts'
import { loginRoutes } from './login.ts'
import { sendPage, signInPage, smallPage } from './page.ts'
import { builtPage, PAGE_POLICY, staticFiles } from './staticFiles.ts'

/** The dashboard's HTTP interface. But for the empty page itself nothing is shown without a session or, for programs, a token. */
export function createDashboardApp(context: DashboardContext): Express {
  const { settings, onBug } = context
  const publicUrl = publicUrlOf(context)
  const readHost = createHostReader(context)
  const readOverview = createOverview({ ...context, readHost })
  const app = express()
  app.disable('x-powered-by').disable('etag').set('query parser', 'simple')
  app.set('trust proxy', settings.dashboard.trustedProxies)
  app.use(securityHeaders(PAGE_POLICY), hostGuard(settings.dashboard.host, publicUrl), createOriginGuard(publicUrl))
  app.use(withoutBasePath(settings.dashboard.basePath))
  app.use(probeRoutes(context), loginRoutes(context), staticFiles(context))
  app.use(['/api', '/metrics'], requireVisitor(context))
  // Before the reading routes, which answer other methods of the same addresses with 405.
  app.use(actionRoutes(context))
  app.use(metricRoutes({ ...context, readHost }))
  app.use(readingRoutes(context, readOverview))
  app.use('/api', notFound)
  app.use(builtPage(context))
  app.route('/').get(smallPageRoute(context, readOverview)).all(methodNotAllowed('GET', 'HEAD'))
  app.use(notFound, problemHandler(onBug))
  return app
}

/** What is asked by those who watch this process. */
function probeRoutes({ leaving }: DashboardContext): Router {
  const getOnly = methodNotAllowed('GET', 'HEAD')
  const router = Router()
  router
    .route('/livez')
    .get((_request, response) => void response.json({ status: 'pass' }))
    .all(getOnly)
  router
    .route('/readyz')
    .get((_request, response) => {
      response.status(leaving.aborted ? 503 : 200).json({ status: leaving.aborted ? 'fail' : 'pass' })
    })
    .all(getOnly)
  return router
}

function smallPageRoute(context: DashboardContext, readOverview: OverviewReader): RequestHandler {
  return (request, response) => {
    const language = languageOf(request, context)
    if (!findVisitor(request, context)) {
      return sendPage(response, 401, signInPage(language, context.howToSignIn))
    }
    const overview = readOverview(language, Date.now())
    sendPage(response, 200, smallPage({ language, overview, notes: context.notes }))
  }
}

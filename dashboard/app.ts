import express, { type Express, type Request, type RequestHandler, type Response } from 'express'
import { bearerScope } from '../src/shared/http/bearer.ts'
import { hostGuard } from '../src/shared/http/hostGuard.ts'
import { originGuard } from '../src/shared/http/originGuard.ts'
import { methodNotAllowed, notFound, problemHandler, sendProblem } from '../src/shared/http/problem.ts'
import { securityHeaders } from '../src/shared/http/securityHeaders.ts'
import type { Incident } from '../src/shared/incident.ts'
import type { Language } from '../src/shared/messages/message.ts'
import type { Status } from '../src/shared/status.ts'
import type { Token } from '../src/shared/tokens.ts'
import { overviewPage, PAGE_POLICY, signInPage } from './page.ts'
import { isSession, readCookie, SESSION_COOKIE, SESSION_MS, signSession } from './session.ts'

/** What the routes work with; everything that can change is asked anew. */
export type DashboardContext = {
  readonly host: string
  readonly language: Language
  readonly notes: readonly string[]
  /** How to get a login link, in a sentence. */
  readonly howToSignIn: string
  readonly readStatus: () => Status
  readonly readIncidents: () => readonly Incident[]
  readonly readTokens: () => readonly Token[]
  /** Undefined where there is none: then nobody can sign in. */
  readonly readSessionSecret: () => string | undefined
  /** Uses a login code up; true for one caller only. */
  readonly redeem: (code: string) => boolean
  readonly isReady: () => boolean
  readonly onBug: (error: unknown) => void
}

const LOGIN_TRIES = 10
const LOGIN_WINDOW_MS = 60_000

/** The dashboard's HTTP interface. Nothing is shown without a session (or, for the API, a token). */
export function createDashboardApp(context: DashboardContext): Express {
  const { host, isReady, onBug } = context
  const getOnly = methodNotAllowed('GET', 'HEAD')
  const app = express()
  app.disable('x-powered-by').disable('etag').set('query parser', 'simple')
  app.use(securityHeaders(PAGE_POLICY), hostGuard(host), originGuard)
  app
    .route('/livez')
    .get((_request, response) => void response.json({ status: 'pass' }))
    .all(getOnly)
  app
    .route('/readyz')
    .get(
      (_request, response) => void response.status(isReady() ? 200 : 503).json({ status: isReady() ? 'pass' : 'fail' }),
    )
    .all(getOnly)
  // A HEAD of the link (a preview) must not use the code up.
  app.route('/login').head(methodNotAllowed('GET')).get(loginRoute(context)).all(methodNotAllowed('GET'))
  app.route('/').get(overviewRoute(context)).all(getOnly)
  app.route('/api/status').get(statusRoute(context)).all(getOnly)
  app.use(notFound, problemHandler(onBug))
  return app
}

function loginRoute({ language, howToSignIn, readSessionSecret, redeem }: DashboardContext): RequestHandler {
  let tries: number[] = []
  return (request, response) => {
    const nowMs = Date.now()
    tries = [...tries.filter((at) => nowMs - at < LOGIN_WINDOW_MS), nowMs].slice(-LOGIN_TRIES - 1)
    if (tries.length > LOGIN_TRIES) return sendPage(response, 429, signInPage(language, howToSignIn, 'tooMany'))
    const { code } = request.query
    const secret = readSessionSecret()
    if (!secret || typeof code !== 'string' || !redeem(code)) {
      return sendPage(response, 401, signInPage(language, howToSignIn, 'codeUsed'))
    }
    response.cookie(SESSION_COOKIE, signSession(secret, nowMs), {
      httpOnly: true,
      sameSite: 'strict',
      secure: request.secure,
      maxAge: SESSION_MS,
      path: '/',
      encode: String,
    })
    response.redirect(303, '/')
  }
}

function overviewRoute(context: DashboardContext): RequestHandler {
  const { language, notes, howToSignIn, readStatus, readIncidents } = context
  return (request, response) => {
    if (!hasSession(request, context)) return sendPage(response, 401, signInPage(language, howToSignIn))
    const overview = { language, notes, status: readStatus(), incidents: readIncidents(), nowMs: Date.now() }
    sendPage(response, 200, overviewPage(overview))
  }
}

function statusRoute(context: DashboardContext): RequestHandler {
  return (request, response) => {
    if (hasSession(request, context) || bearerScope(request, context.readTokens())) {
      return void response.json({ ...context.readStatus(), notes: context.notes })
    }
    sendProblem(response, { status: 401, name: 'no-session', title: 'Sign in', detail: context.howToSignIn })
  }
}

function hasSession(request: Request, { readSessionSecret }: DashboardContext): boolean {
  const secret = readSessionSecret()
  const cookie = readCookie(request.headers.cookie, SESSION_COOKIE)
  return secret !== undefined && cookie !== undefined && isSession(cookie, secret, Date.now())
}

function sendPage(response: Response, status: number, page: string): void {
  response.status(status).type('html').send(page)
}

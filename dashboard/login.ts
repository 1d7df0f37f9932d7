/** Signing in (by the link of `ottugi dashboard`, or with a token typed by hand) and out. After the first exchange no secret stands in an address. */
import express, { type Request, type RequestHandler, type Response, Router } from 'express'
import { monotonicMs } from '../src/shared/clock.ts'
import { isPublicHost } from '../src/shared/http/hostGuard.ts'
import { methodNotAllowed, sendProblem } from '../src/shared/http/problem.ts'
import { text } from '../src/shared/messages/text.ts'
import { type Scope, scopeOf } from '../src/shared/tokens.ts'
import { findVisitor } from './access.ts'
import { basePathOf } from './basePath.ts'
import { type DashboardContext, publicUrlOf } from './context.ts'
import { languageOf } from './language.ts'
import { createLoginLimit, type LoginLimit } from './loginLimit.ts'
import { sendPage, signInPage } from './page.ts'
import { SESSION_COOKIE, SESSION_MS, signSession } from './session.ts'

/** Nobody types more. */
const BODY_LIMIT = '4kb'

/** `GET /login?code=`, `POST /login` with `{ "token": … }`, `POST /logout`. */
export function loginRoutes(context: DashboardContext): Router {
  const limit = createLoginLimit()
  const json = express.json({ limit: BODY_LIMIT, strict: true, type: 'application/json' })
  const router = Router()
  router
    .route('/login')
    // A HEAD of the link (a preview) must not use the code up.
    .head(methodNotAllowed('GET', 'POST'))
    .get(byLink(context, limit))
    .post(json, byToken(context, limit))
    .all(methodNotAllowed('GET', 'POST'))
  router.route('/logout').post(signOut(context)).all(methodNotAllowed('POST'))
  return router
}

function byLink(context: DashboardContext, limit: LoginLimit): RequestHandler {
  return (request, response) => {
    const home = `${basePathOf(request, context)}/`
    // The link was opened once more: who is in already needs no other code.
    if (findVisitor(request, context)?.session) return response.redirect(303, home)
    const refuse = (status: number, why: 'tooMany' | 'codeUsed') =>
      sendPage(response, status, signInPage(languageOf(request, context), context.howToSignIn, why))
    if (!limit(request.ip ?? '', monotonicMs())) return refuse(429, 'tooMany')
    const { code } = request.query
    if (typeof code !== 'string' || !context.readSessionSecret() || !context.redeem(code))
      return refuse(401, 'codeUsed')
    begin({ request, response, context, scope: 'admin' })
    response.redirect(303, home)
  }
}

function byToken(context: DashboardContext, limit: LoginLimit): RequestHandler {
  return (request, response) => {
    const language = languageOf(request, context)
    if (!limit(request.ip ?? '', monotonicMs())) {
      const detail = text(language, 'dashboard.tooMany')
      return sendProblem(response, { status: 429, name: 'too-many', title: 'Too many', detail, retryAfterSec: 60 })
    }
    const { token } = (request.body ?? {}) as { token?: unknown }
    const scope = typeof token === 'string' ? scopeOf(token.trim(), context.readTokens()) : undefined
    if (!scope || !context.readSessionSecret()) {
      const detail = text(language, 'dashboardServer.wrongToken')
      return sendProblem(response, { status: 401, name: 'wrong-token', title: 'Wrong token', detail })
    }
    begin({ request, response, context, scope })
    response.status(204).end()
  }
}

function signOut(context: DashboardContext): RequestHandler {
  return (request, response) => {
    const session = findVisitor(request, context)?.session
    if (session) context.signedOut.add(session, Date.now())
    response.clearCookie(SESSION_COOKIE, cookieOptions(request, context))
    response.status(204).end()
  }
}

type Begin = {
  readonly request: Request
  readonly response: Response
  readonly context: DashboardContext
  readonly scope: Scope
}

function begin({ request, response, context, scope }: Begin): void {
  const key = { secret: context.readSessionSecret() ?? '', tokens: context.readTokens() }
  const value = signSession(key, scope, Date.now())
  response.cookie(SESSION_COOKIE, value, { ...cookieOptions(request, context), maxAge: SESSION_MS })
}

function cookieOptions(request: Request, context: DashboardContext) {
  const publicUrl = publicUrlOf(context)
  const isPublicHttps = publicUrl?.protocol === 'https:' && isPublicHost(request.headers.host, publicUrl)
  return {
    httpOnly: true,
    sameSite: 'strict',
    secure: request.secure || isPublicHttps,
    path: `${basePathOf(request, context)}/`,
    encode: String,
  } as const
}

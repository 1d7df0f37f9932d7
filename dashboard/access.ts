/** Who asks, and what they may do: a signed-in browser by its cookie, a program by a token in the Authorization header. */
import type { Request, RequestHandler, Response } from 'express'
import { bearerScope } from '../src/shared/http/bearer.ts'
import { sendProblem } from '../src/shared/http/problem.ts'
import { mayDo, type Scope } from '../src/shared/tokens.ts'
import type { DashboardContext } from './context.ts'
import { readCookie, readSession, SESSION_COOKIE, type Session } from './session.ts'

/** Somebody who may be here. `session` is null for a program with a token. */
export type Visitor = { readonly scope: Scope; readonly session: Session | null }

type Access = Pick<DashboardContext, 'readTokens' | 'readSessionSecret' | 'signedOut'>

/** Who asks; undefined for a stranger. A token that is wrong is not made good by a cookie. */
export function findVisitor(request: Request, access: Access): Visitor | undefined {
  const tokens = access.readTokens()
  if (request.headers.authorization !== undefined) {
    const scope = bearerScope(request, tokens)
    return scope && { scope, session: null }
  }
  const cookie = readCookie(request.headers.cookie, SESSION_COOKIE)
  const secret = access.readSessionSecret()
  if (cookie === undefined || secret === undefined) return undefined
  const session = readSession(cookie, { secret, tokens }, Date.now())
  return session && !access.signedOut.has(session.id) ? { scope: session.scope, session } : undefined
}

/** Lets nobody pass who is a stranger. */
export function requireVisitor(context: Access & Pick<DashboardContext, 'howToSignIn'>): RequestHandler {
  return (request, response, next) => {
    const visitor = findVisitor(request, context)
    if (!visitor) {
      return sendProblem(response, { status: 401, name: 'no-session', title: 'Sign in', detail: context.howToSignIn })
    }
    response.locals['visitor'] = visitor
    next()
  }
}

/** Who asks, behind {@link requireVisitor}. */
export function visitorOf(response: Response): Visitor {
  return response.locals['visitor'] as Visitor
}

/** Lets a visitor pass who may do what needs `needed`; behind {@link requireVisitor}. */
export function allow(needed: Scope): RequestHandler {
  return (_request, response, next) => {
    const { scope } = visitorOf(response)
    if (mayDo(scope, needed)) return next()
    sendProblem(response, {
      status: 403,
      name: 'wrong-scope',
      title: 'Not allowed',
      detail: `This needs the scope ${needed}; you are here with the scope ${scope}.`,
    })
  }
}

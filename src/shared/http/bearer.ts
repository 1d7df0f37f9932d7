import type { Request, RequestHandler } from 'express'
import { mayDo, type Scope, scopeOf, type Token } from '../tokens.ts'
import { sendProblem } from './problem.ts'

/** The scope that a request has by its `Authorization: Bearer` header; undefined without a valid token. */
export function bearerScope(request: Request, tokens: readonly Token[]): Scope | undefined {
  const match = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')
  return match?.[1] ? scopeOf(match[1], tokens) : undefined
}

/** Lets a request pass that has a token of this scope (or a wider one). `readTokens` is asked each time: tokens can be rotated. */
export function requireScope(needed: Scope, readTokens: () => readonly Token[]): RequestHandler {
  return (request, response, next) => {
    const scope = bearerScope(request, readTokens())
    if (scope && mayDo(scope, needed)) return next()
    if (scope) {
      return sendProblem(response, {
        status: 403,
        name: 'wrong-scope',
        title: 'Not allowed',
        detail: `This needs a token of the scope ${needed}; the one that came has the scope ${scope}.`,
      })
    }
    response.set('WWW-Authenticate', 'Bearer realm="ottugi"')
    sendProblem(response, {
      status: 401,
      name: 'no-token',
      title: 'Token needed',
      detail: `This needs a token of the scope ${needed} in the Authorization header. The tokens stand in .env of the home.`,
    })
  }
}

/** How the reading routes answer: parameters out of the address, and problems for what is not there. */
import type { Request, Response } from 'express'
import { sendProblem } from '../../src/shared/http/problem.ts'
import type { Language } from '../../src/shared/messages/message.ts'
import { whyUnread } from './unknown.ts'

/** A whole number of the address within limits; `initial` where there is none, undefined where it is something else. */
export function countIn(request: Request, name: string, limits: { initial: number; most: number }): number | undefined {
  const given = request.query[name]
  if (given === undefined) return limits.initial
  const count = typeof given === 'string' && /^\d{1,6}$/.test(given) ? Number(given) : 0
  return count >= 1 ? Math.min(count, limits.most) : undefined
}

/** A text of the address; empty where there is none. */
export function textParameter(request: Request, name: string): string {
  const given = request.query[name]
  return typeof given === 'string' ? given : ''
}

/** The address asks for something that cannot be. */
export function sendBadRequest(response: Response, detail: string): void {
  sendProblem(response, { status: 400, name: 'bad-request', title: 'Bad request', detail })
}

/** There is no such thing. */
export function sendMissing(response: Response, what: string): void {
  const detail = `There is no ${what} of this name.`
  sendProblem(response, { status: 404, name: 'not-found', title: 'Not found', detail })
}

/** A source cannot be read now: nothing can be said, and nothing old is. */
export function sendUnread(response: Response, language: Language, what: string, reason: string): void {
  const detail = `${what}: ${whyUnread(language, reason)}`
  sendProblem(response, { status: 503, name: 'unreadable', title: 'Cannot be read', detail, retryAfterSec: 2 })
}

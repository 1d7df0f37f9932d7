/** What the routes that change something work with, and how they read what was sent and say who asked. */
import type { Request, Response } from 'express'
import type { z } from 'zod'
import { type Problem, sendProblem } from '../../src/shared/http/problem.ts'
import { visitorOf } from '../access.ts'
import type { DashboardContext } from '../context.ts'
import type { WriteAudit } from './actionsAudit.ts'

/** Of the dashboard's context, and where every change is written down. */
export type ActionContext = Pick<DashboardContext, 'paths' | 'environment' | 'language' | 'leaving'> & {
  readonly writeAudit: WriteAudit
  /** How long the watchdog's word is waited for, in milliseconds. */
  readonly waitMs?: number
}

/** Letters of a session's id that tell two apart in an audit, and let nobody in. */
const SHOWN_OF_SESSION = 6

/** The visitor in words for a record: `dashboard session 3fA9…` or `token approve`. */
export function whoIs(response: Response): string {
  const { session, scope } = visitorOf(response)
  return session ? `dashboard session ${session.id.slice(0, SHOWN_OF_SESSION)}` : `token ${scope}`
}

/** The body by its schema; undefined when it was answered with a problem. */
export function bodyOf<Schema extends z.ZodType>(
  schema: Schema,
  request: Request,
  response: Response,
): z.output<Schema> | undefined {
  const parsed = schema.safeParse(request.body ?? {})
  if (parsed.success) return parsed.data
  const detail = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`).join('; ')
  sendProblem(response, badRequest(detail))
  return undefined
}

/** What came cannot be read. */
export function badRequest(detail: string): Problem {
  return { status: 400, name: 'bad-request', title: 'Bad request', detail }
}

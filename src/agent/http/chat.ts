import type { RequestHandler } from 'express'
import { z } from 'zod'
import { sendProblem } from '../../shared/http/problem.ts'
import { newId } from '../../shared/newId.ts'
import { acceptAndAnswer, idField, readBody } from './answering.ts'
import type { AppContext } from './app.ts'
import { safeModeProblem } from './runProblem.ts'

/** Longest message, in characters. */
export const MAX_MESSAGE = 200_000

const chatBody = z.strictObject({
  message: z.string().trim().min(1).max(MAX_MESSAGE),
  session: idField.optional(),
  id: idField.optional(),
})

/**
 * `POST /api/chat`: one question, one run. With `Accept: text/event-stream` the events `run`, `text` …, then `done` or `problem`; else one JSON object.
 * The same `id` (or `Idempotency-Key`) leads to the same run, also after a restart; a client that goes away does not end it.
 */
export function chatRoute(context: AppContext): RequestHandler {
  return async (request, response) => {
    const read = readBody(request, chatBody)
    if (context.safeMode) return sendProblem(response, safeModeProblem(context.language, context.safeMode))
    if (!read.ok) return sendProblem(response, read.problem)
    const { message: text, session = newId(Date.now()), id: run = newId(Date.now()) } = read.body
    const accept = () => context.runs.accept({ run, session, text })
    return acceptAndAnswer({ request, response, withEvents: false }, accept, context)
  }
}

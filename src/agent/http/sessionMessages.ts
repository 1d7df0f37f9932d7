import type { Request, RequestHandler } from 'express'
import { z } from 'zod'
import { bearerScope } from '../../shared/http/bearer.ts'
import { type Problem, sendProblem } from '../../shared/http/problem.ts'
import { newId } from '../../shared/newId.ts'
import { mayDo } from '../../shared/tokens.ts'
import { acceptAndAnswer, idField, missing, readBody } from './answering.ts'
import type { AppContext } from './app.ts'
import { MAX_MESSAGE } from './chat.ts'
import { safeModeProblem } from './runProblem.ts'

/** Most pictures in a message. */
const MAX_IMAGES = 10
/** Longest name of a model. */
const MAX_MODEL = 200

const modelField = z.string().trim().min(1).max(MAX_MODEL)
const imageField = z.strictObject({
  mediaType: z.enum(['image/png', 'image/jpeg', 'image/gif', 'image/webp']),
  base64: z.base64().min(1),
})
const limitsField = z.strictObject({
  usd: z.number().positive().exactOptional(),
  tokens: z.int().positive().exactOptional(),
  rounds: z.int().positive().exactOptional(),
})
const messageBody = z.strictObject({
  message: z.string().trim().min(1).max(MAX_MESSAGE),
  id: idField.exactOptional(),
  images: z.array(imageField).min(1).max(MAX_IMAGES).exactOptional(),
  model: modelField.exactOptional(),
  task: z.enum(['quick', 'default', 'deep']).exactOptional(),
  by: z.enum(['person', 'program']).exactOptional(),
  attended: z.boolean().exactOptional(),
  limits: limitsField.exactOptional(),
  dryRun: z.boolean().exactOptional(),
  approve: z.enum(['none', 'safe', 'all']).exactOptional(),
})
const rerunBody = z.strictObject({
  id: idField.exactOptional(),
  fromSeq: z.int().positive().exactOptional(),
  model: modelField.exactOptional(),
  dryRun: z.boolean().exactOptional(),
})

/**
 * `POST /api/sessions/:id/messages`: one message, one run, in a session that begins with its first message. Answers like `/api/chat`;
 * a stream tells every event of the run as well, as `event`. Messages to one session are worked on one after another.
 */
export function sessionMessagesRoute(context: AppContext): RequestHandler<{ id: string }> {
  return async (request, response) => {
    const read = readBody(request, messageBody)
    if (context.safeMode) return sendProblem(response, safeModeProblem(context.language, context.safeMode))
    if (!read.ok) return sendProblem(response, read.problem)
    const session = request.params.id
    if (!idField.safeParse(session).success) return sendProblem(response, missing('session'))
    const { message: text, id: run = newId(Date.now()), ...wishes } = read.body
    if (wishes.approve && wishes.approve !== 'none' && !mayApprove(request, context))
      return sendProblem(response, MAY_NOT_APPROVE)
    const accept = () => context.runs.accept({ run, session, text, ...wishes })
    return acceptAndAnswer({ request, response, withEvents: true }, accept, context)
  }
}

/** Who lets a run do things without asking answers beforehand what a person would be asked: it needs the same scope. */
function mayApprove(request: Request, { readTokens }: AppContext): boolean {
  const scope = bearerScope(request, readTokens())
  return scope !== undefined && mayDo(scope, 'approve')
}

const MAY_NOT_APPROVE: Problem = {
  status: 403,
  name: 'forbidden',
  title: 'Forbidden',
  detail: 'approve "safe" and "all" need a token with the scope approve.',
}

/** `POST /api/runs/:id/rerun`: the same question again as a run of its own, from an event on, on another model, or without effects. */
export function rerunRoute(context: AppContext): RequestHandler<{ id: string }> {
  return async (request, response) => {
    const read = readBody(request, rerunBody)
    if (context.safeMode) return sendProblem(response, safeModeProblem(context.language, context.safeMode))
    if (!read.ok) return sendProblem(response, read.problem)
    const { id: run = newId(Date.now()), ...wish } = read.body
    // What was allowed beforehand is allowed again by whoever repeats it.
    const { approve = 'none' } = context.runs.find(request.params.id)?.message ?? {}
    if (approve !== 'none' && !wish.dryRun && !mayApprove(request, context))
      return sendProblem(response, MAY_NOT_APPROVE)
    const accept = () => context.runs.rerun(request.params.id, { run, ...wish })
    return acceptAndAnswer({ request, response, withEvents: true }, accept, context)
  }
}

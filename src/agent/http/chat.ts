import { randomUUID } from 'node:crypto'
import type { Request, RequestHandler, Response } from 'express'
import { z } from 'zod'
import { openEventStream } from '../../shared/http/eventStream.ts'
import { type Problem, problemBody, sendProblem } from '../../shared/http/problem.ts'
import type { Run } from '../runs/fold.ts'
import type { LiveRun, Settled } from '../runs/liveRun.ts'
import type { Accepted, Question } from '../runs/runs.ts'
import type { AppContext } from './app.ts'
import { failureProblem, parkedProblem, safeModeProblem, unsettledProblem } from './runProblem.ts'
import { runView } from './runView.ts'

const id = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'expected 1 to 64 letters, digits, _ or -')
const chatBody = z.strictObject({
  message: z.string().trim().min(1).max(200_000),
  session: id.optional(),
  id: id.optional(),
})

/**
 * `POST /api/chat`: one question, one run. With `Accept: text/event-stream` the events `run`, `text` …, then `done` or `problem`; else one JSON object.
 * The same `id` (or `Idempotency-Key`) leads to the same run, also after a restart; a client that goes away does not end it.
 */
export function chatRoute(context: AppContext): RequestHandler {
  return async (request, response) => {
    if (!request.is('application/json')) return sendProblem(response, UNSUPPORTED)
    if (context.safeMode) return sendProblem(response, safeModeProblem(context.language, context.safeMode))
    const question = readQuestion(request)
    if (!question.ok) return sendProblem(response, question.problem)
    const accepted = acceptSafely(context, question.question)
    if (!accepted.ok) return sendProblem(response, accepted.problem)
    const wantsStream = request.accepts(['application/json', 'text/event-stream']) === 'text/event-stream'
    await (wantsStream ? answerAsStream : answerAsJson)(response, accepted.accepted, context)
  }
}

const UNSUPPORTED: Problem = {
  status: 415,
  name: 'unsupported',
  title: 'Unsupported media type',
  detail: 'Expected Content-Type: application/json.',
}

type ReadQuestion = { ok: true; question: Question } | { ok: false; problem: Problem }

function readQuestion(request: Request): ReadQuestion {
  const key = request.get('Idempotency-Key')
  const parsed = chatBody.safeParse({ ...(key === undefined ? {} : { id: key }), ...request.body })
  if (!parsed.success) {
    const detail = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`).join('; ')
    return { ok: false, problem: { status: 400, name: 'bad-request', title: 'Bad request', detail } }
  }
  const { message, session = randomUUID(), id: run = randomUUID() } = parsed.data
  return { ok: true, question: { run, session, text: message } }
}

type AcceptedRun = Extract<Accepted, { ok: true }>

/** A journal that cannot be written is the disk's fault: said so, and nothing was accepted. */
function acceptSafely(
  context: AppContext,
  question: Question,
): { ok: true; accepted: AcceptedRun } | { ok: false; problem: Problem } {
  let accepted: Accepted
  try {
    accepted = context.runs.accept(question)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { ok: false, problem: unsettledProblem('storage', { ...context, reason }) }
  }
  return accepted.ok ? { ok: true, accepted } : { ok: false, problem: refusal(accepted, context) }
}

function refusal(accepted: Extract<Accepted, { ok: false }>, context: AppContext): Problem {
  if (accepted.why === 'obstacle') {
    return failureProblem(accepted.obstacle.kind, { ...context, reason: accepted.obstacle.reason })
  }
  if (accepted.why === 'parked') return parkedProblem(context, accepted.parked)
  if (accepted.why === 'leaving') return unsettledProblem('leaving', { ...context, reason: '' })
  return { status: 409, name: 'id-taken', title: 'Id taken', detail: 'This id belongs to another message.' }
}

async function answerAsJson(response: Response, accepted: AcceptedRun, context: AppContext): Promise<void> {
  const outcome = outcomeOf('ended' in accepted ? endedAs(accepted.ended) : await accepted.live.settled, context)
  if (outcome.ok) response.json(runView(outcome.run))
  else sendProblem(response, outcome.problem)
}

async function answerAsStream(response: Response, accepted: AcceptedRun, context: AppContext): Promise<void> {
  const stream = openEventStream(response)
  const { run, session } = 'ended' in accepted ? accepted.ended : accepted.live
  stream.send('run', { run, session })
  const sendText = (delta: string) => stream.send('text', { delta })
  const settled = 'ended' in accepted ? replay(accepted.ended, sendText) : await follow(accepted.live, sendText, stream)
  const outcome = outcomeOf(settled, context)
  if (outcome.ok) stream.send('done', runView(outcome.run))
  else stream.send('problem', { run, session, ...problemBody(outcome.problem) })
  stream.end()
}

function replay(run: Run, sendText: (delta: string) => void): Settled {
  if (run.answer) sendText(run.answer.text)
  return endedAs(run)
}

async function follow(
  live: LiveRun,
  sendText: (delta: string) => void,
  stream: { onClose: (listener: () => void) => void },
): Promise<Settled> {
  const unfollow = live.follow(sendText)
  stream.onClose(unfollow)
  const settled = await live.settled
  unfollow()
  return settled
}

function endedAs(run: Run): Settled {
  return { ok: true, run }
}

function outcomeOf(settled: Settled, context: AppContext): { ok: true; run: Run } | { ok: false; problem: Problem } {
  if (!settled.ok) return { ok: false, problem: unsettledProblem(settled.why, { ...context, reason: settled.reason }) }
  const { end } = settled.run
  if (end?.finish !== 'failed') return { ok: true, run: settled.run }
  return { ok: false, problem: failureProblem(end.kind, { ...context, reason: end.reason }) }
}

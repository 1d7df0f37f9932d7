/** How a question is taken and its run answered: as one JSON object, or as a stream of events. */
import type { Request, Response } from 'express'
import { z } from 'zod'
import { type EventStream, openEventStream } from '../../shared/http/eventStream.ts'
import { type Problem, problemBody, sendProblem } from '../../shared/http/problem.ts'
import type { RunEvent } from '../journal/event.ts'
import type { Run } from '../runs/fold.ts'
import type { Accepted } from '../runs/intake.ts'
import type { Settled } from '../runs/liveRun.ts'
import type { AppContext } from './app.ts'
import { failureProblem, parkedProblem, unsettledProblem } from './runProblem.ts'
import { eventView, runView } from './runView.ts'

/** What ids of runs and sessions look like. */
export const idField = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'expected 1 to 64 letters, digits, _ or -')

/** A body that is no JSON. */
export const UNSUPPORTED: Problem = {
  status: 415,
  name: 'unsupported',
  title: 'Unsupported media type',
  detail: 'Expected Content-Type: application/json.',
}

/** There is no such thing. */
export function missing(what: 'run' | 'session' | 'question'): Problem {
  return { status: 404, name: 'not-found', title: 'Not found', detail: `There is no such ${what}.` }
}

/** A body by its schema; an `Idempotency-Key` stands for the field `id`. */
export function readBody<Body>(
  request: Request,
  schema: z.ZodType<Body>,
): { ok: true; body: Body } | { ok: false; problem: Problem } {
  if (!request.is('application/json')) return { ok: false, problem: UNSUPPORTED }
  const key = request.get('Idempotency-Key')
  const parsed = schema.safeParse({ ...(key === undefined ? {} : { id: key }), ...request.body })
  if (parsed.success) return { ok: true, body: parsed.data }
  const detail = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`).join('; ')
  return { ok: false, problem: { status: 400, name: 'bad-request', title: 'Bad request', detail } }
}

/** When whoever asks is told that the question was taken: `now`, before its answer; `deferred`, by the answer. */
export type Told = 'now' | 'deferred'

/** Has a question accepted and answers with its run. `withEvents`: a stream tells every event of the run as well. */
export async function acceptAndAnswer(
  { request, response, withEvents }: { request: Request; response: Response; withEvents: boolean },
  accept: (told: Told) => Promise<Accepted | undefined>,
  context: AppContext,
): Promise<void> {
  const wantsStream = request.accepts(['application/json', 'text/event-stream']) === 'text/event-stream'
  const accepted = await acceptSafely(() => accept(wantsStream ? 'now' : 'deferred'), context)
  if (!accepted.ok) return sendProblem(response, accepted.problem)
  if (!wantsStream) return answerAsJson(response, accepted.accepted, context)
  // Another client may have brought this question, and been told nothing yet.
  const problem = await unsettled(context)
  if (problem) return sendProblem(response, problem)
  return answerAsStream(openEventStream(response), { accepted: accepted.accepted, withEvents }, context)
}

type AcceptedRun = Extract<Accepted, { ok: true }>

/** A journal that cannot be written is the disk's fault: said so, and nothing was accepted. */
async function acceptSafely(
  accept: () => Promise<Accepted | undefined>,
  context: AppContext,
): Promise<{ ok: true; accepted: AcceptedRun } | { ok: false; problem: Problem }> {
  try {
    const accepted = await accept()
    if (!accepted) return { ok: false, problem: missing('run') }
    return accepted.ok ? { ok: true, accepted } : { ok: false, problem: refusal(accepted, context) }
  } catch (error) {
    return { ok: false, problem: storageProblem(error, context) }
  }
}

function storageProblem(error: unknown, context: AppContext): Problem {
  const reason = error instanceof Error ? error.message : String(error)
  return unsettledProblem('storage', { ...context, reason })
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
  const outcome = outcomeOf(await settledOf(accepted), context)
  if (outcome.ok) return void response.json(runView(outcome.run))
  sendProblem(response, (await unsettled(context)) ?? outcome.problem)
}

/** A run that did not end says that the message is kept: then it is. The problem when it cannot be. */
async function unsettled(context: AppContext): Promise<Problem | undefined> {
  try {
    await context.journal.settle()
    return undefined
  } catch (error) {
    return storageProblem(error, context)
  }
}

function settledOf(accepted: AcceptedRun): Settled | Promise<Settled> {
  return 'ended' in accepted ? { ok: true, run: accepted.ended } : accepted.live.settled
}

async function answerAsStream(
  stream: EventStream,
  { accepted, withEvents }: { accepted: AcceptedRun; withEvents: boolean },
  context: AppContext,
): Promise<void> {
  const { run, session } = 'ended' in accepted ? accepted.ended : accepted.live
  stream.send('run', { run, session })
  const stopEvents = withEvents ? sendEvents(stream, run, context) : () => {}
  const sendText = (delta: string) => stream.send('text', { delta })
  if ('ended' in accepted) {
    if (accepted.ended.text) sendText(accepted.ended.text)
  } else {
    stream.onClose(accepted.live.follow(sendText))
  }
  const outcome = outcomeOf(await settledOf(accepted), context)
  stopEvents()
  if (outcome.ok) stream.send('done', runView(outcome.run))
  else stream.send('problem', { run, session, ...problemBody(outcome.problem) })
  stream.end()
}

/** What is written down already, then what is written down from now on. Both begin in one turn of the loop, so that nothing falls between them. */
function sendEvents(stream: EventStream, run: string, { journal }: AppContext): () => void {
  const send = (event: RunEvent) => stream.send('event', eventView(event))
  for (const event of journal.eventsOfRun(run)) send(event)
  const stop = journal.onAppend((event) => {
    if (event.run === run) send(event)
  })
  stream.onClose(stop)
  return stop
}

function outcomeOf(settled: Settled, context: AppContext): { ok: true; run: Run } | { ok: false; problem: Problem } {
  if (!settled.ok) return { ok: false, problem: unsettledProblem(settled.why, { ...context, reason: settled.reason }) }
  const { end } = settled.run
  if (end?.finish === 'failed')
    return { ok: false, problem: failureProblem(end.kind, { ...context, reason: end.reason }) }
  if (end?.finish === 'budget')
    return { ok: false, problem: failureProblem('budget', { ...context, reason: end.reason }) }
  if (end?.finish === 'cancelled')
    return { ok: false, problem: failureProblem('cancelled', { ...context, reason: '' }) }
  return { ok: true, run: settled.run }
}

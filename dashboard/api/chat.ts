/** Chat: a question goes through to the agent, and its stream of events comes back. A tab that goes ends the stream, never the run. */
import type { IncomingMessage } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { RequestHandler, Response } from 'express'
import { z } from 'zod'
import { languageOf } from '../language.ts'
import { type ActionContext, bodyOf } from './actionContext.ts'
import { wholeEvents } from './chatStream.ts'
import { callUpstream, sendUnreachable, type UpstreamCall, untilGone } from './chatUpstream.ts'

/** What ids of runs and sessions look like. */
export const idField = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'expected 1 to 64 letters, digits, _ or -')
/** The name of a model, as a person writes it. */
export const modelField = z.string().trim().min(1).max(200)

/** Longest message, in characters, as the agent takes it. */
const MAX_MESSAGE = 200_000
const chatBody = z.strictObject({
  session: idField,
  message: z.string().trim().min(1).max(MAX_MESSAGE),
  id: idField,
  model: modelField.exactOptional(),
})

const EVENTS = 'text/event-stream'

/**
 * `POST /api/chat`: the agent's own events (`run`, `event`, `text`, then `done` or `problem`). Where the agent goes away in the middle the stream ends
 * with `again`: the same question with the same id then leads to the same run and its one answer.
 */
export function chatRoute(context: ActionContext): RequestHandler {
  return async (request, response) => {
    const body = bodyOf(chatBody, request, response)
    if (!body) return
    const { session, ...message } = body
    const path = `/api/sessions/${encodeURIComponent(session)}/messages`
    const call: UpstreamCall = { method: 'POST', path, body: message, scope: 'chat', accept: EVENTS }
    await passStream(context, { call, id: body.id, language: languageOf(request, context) }, response)
  }
}

type Passing = {
  readonly call: UpstreamCall
  /** What the run is asked for by. */
  readonly id: string
  readonly language: ActionContext['language']
}

/** Calls, and passes what comes. */
export async function passStream(
  { paths, leaving }: Pick<ActionContext, 'paths' | 'leaving'>,
  { call, id, language }: Passing,
  response: Response,
): Promise<void> {
  const gone = untilGone(response, leaving)
  const upstream = await callUpstream(paths, call, gone)
  if (response.closed) return
  if (!upstream.ok) return sendUnreachable(response, upstream.why, language)
  const { message } = upstream
  passHead(message, response)
  if (!isStream(message)) return void (await pipeline(message, response).catch(() => response.destroy()))
  response.set('X-Accel-Buffering', 'no').flushHeaders()
  const isWhole = await pipeline(message, wholeEvents(), response, { end: false }).then(
    () => true,
    () => false,
  )
  if (response.destroyed) return
  if (!isWhole) response.write(`event: again\ndata: ${JSON.stringify({ id })}\n\n`)
  response.end()
}

/** Status and kind of the answer. That our own token was refused says nothing about whoever asked us. */
export function passHead({ statusCode = 502, headers }: IncomingMessage, response: Response): void {
  response.status(statusCode === 401 || statusCode === 403 ? 502 : statusCode)
  for (const name of ['content-type', 'retry-after'] as const) {
    const value = headers[name]
    if (value !== undefined) response.set(name, value)
  }
}

function isStream({ headers }: IncomingMessage): boolean {
  return headers['content-type']?.startsWith(EVENTS) === true
}

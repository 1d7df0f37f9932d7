/** One call of the agent that is passed through to the page as it comes: at the pace of the page, and without an end of our own. */
import { request as callHttp, type IncomingMessage } from 'node:http'
import type { Response } from 'express'
import { tokenWith } from '../../src/shared/http/agentApi.ts'
import { type Problem, sendProblem } from '../../src/shared/http/problem.ts'
import type { Language } from '../../src/shared/messages/message.ts'
import { text } from '../../src/shared/messages/text.ts'
import type { HomePaths } from '../../src/shared/paths.ts'
import { readLiving } from '../../src/shared/runtimeFile.ts'
import type { Scope } from '../../src/shared/tokens.ts'

/** What is asked of the agent. `path` begins with `/api/`; every part of it that varies is encoded by the caller. */
export type UpstreamCall = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly body?: unknown
  readonly scope: Scope
  readonly accept?: string
  /** Makes the same wish the same deed, however often it is sent. */
  readonly key?: string
}

/** The agent's answer as it begins, or why there is none. */
export type Upstream =
  | { readonly ok: true; readonly message: IncomingMessage }
  | { readonly ok: false; readonly why: 'unreachable' | 'no-token' }

/** Calls the running agent. `signal` ends the call, never the run. */
export function callUpstream(paths: HomePaths, call: UpstreamCall, signal: AbortSignal): Promise<Upstream> {
  const url = readLiving(paths, 'agent')?.url
  if (!url) return Promise.resolve({ ok: false, why: 'unreachable' })
  const token = tokenWith(paths, call.scope)
  if (!token) return Promise.resolve({ ok: false, why: 'no-token' })
  const body = call.body === undefined ? undefined : Buffer.from(JSON.stringify(call.body))
  const headers = {
    authorization: `Bearer ${token}`,
    accept: call.accept ?? 'application/json',
    ...(call.key === undefined ? {} : { 'idempotency-key': call.key }),
    ...(body ? { 'content-type': 'application/json', 'content-length': body.length } : {}),
  }
  return new Promise((resolve) => {
    const request = callHttp(`${url}${call.path}`, { method: call.method, headers, agent: false, signal })
    request.on('response', (message) => resolve({ ok: true, message }))
    request.on('error', () => resolve({ ok: false, why: 'unreachable' }))
    request.end(body)
  })
}

/** Says that the agent cannot be asked now. Another try makes sense soon: it comes back by itself. */
export function sendUnreachable(response: Response, why: 'unreachable' | 'no-token', language: Language): void {
  const isDown = why === 'unreachable'
  const problem: Problem = {
    status: isDown ? 503 : 500,
    name: isDown ? 'agent-down' : 'no-agent-token',
    title: isDown ? 'Agent down' : 'No token',
    detail: text(language, isDown ? 'actions.agentDown' : 'actions.noToken'),
    ...(isDown ? { retryAfterSec: 2 } : {}),
  }
  sendProblem(response, problem)
}

/** Aborts when the page is gone. */
export function untilGone(response: Response, leaving: AbortSignal): AbortSignal {
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  return AbortSignal.any([gone.signal, leaving])
}

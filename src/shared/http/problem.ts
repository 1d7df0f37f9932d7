import type { ErrorRequestHandler, RequestHandler, Response } from 'express'

/** An error as HTTP tells it (RFC 9457). `name` ends the type: `urn:ottugi:problem:<name>`; clients decide by it, never by the sentence. */
export type Problem = {
  readonly status: number
  readonly name: string
  readonly title: string
  readonly detail: string
  /** Seconds after which another try makes sense. */
  readonly retryAfterSec?: number
}

/** The body of a problem. */
export function problemBody({ status, name, title, detail }: Problem) {
  return { type: `urn:ottugi:problem:${name}`, title, status, detail }
}

/** Answers with a problem, unless an answer has begun. */
export function sendProblem(response: Response, problem: Problem): void {
  if (response.headersSent) return
  if (problem.retryAfterSec !== undefined) response.set('Retry-After', String(problem.retryAfterSec))
  response
    .status(problem.status)
    .type('application/problem+json')
    .send(JSON.stringify(problemBody(problem)))
}

/** Last route of an app: there is nothing at this address. */
export const notFound: RequestHandler = (request, response) => {
  sendProblem(response, {
    status: 404,
    name: 'not-found',
    title: 'Not found',
    detail: `There is nothing at ${request.path}.`,
  })
}

/** Ends every route that exists for other methods only. */
export function methodNotAllowed(...allowed: readonly string[]): RequestHandler {
  return (request, response) => {
    response.set('Allow', allowed.join(', '))
    sendProblem(response, {
      status: 405,
      name: 'method-not-allowed',
      title: 'Method not allowed',
      detail: `${request.method} does not work here; expected ${allowed.join(' or ')}.`,
    })
  }
}

/** Turns whatever a route threw into a problem. What a client cannot mend is told to `onBug` and to nobody else. */
export function problemHandler(onBug: (error: unknown) => void): ErrorRequestHandler {
  return (error, _request, response, next) => {
    if (response.headersSent) return next(error)
    const problem = fromBodyParser(error)
    if (!problem) onBug(error)
    sendProblem(response, problem ?? INTERNAL)
  }
}

const INTERNAL: Problem = {
  status: 500,
  name: 'internal',
  title: 'Internal error',
  detail: 'Something failed here. The log of this process says what.',
}

const BODY_PROBLEMS: Readonly<Record<string, Omit<Problem, 'status'>>> = {
  'entity.parse.failed': { name: 'malformed', title: 'Malformed JSON', detail: 'The body is not valid JSON.' },
  'encoding.unsupported': { name: 'unsupported', title: 'Unsupported encoding', detail: 'Send the body uncompressed.' },
  'charset.unsupported': { name: 'unsupported', title: 'Unsupported charset', detail: 'Send the body as UTF-8.' },
  'request.aborted': { name: 'aborted', title: 'Request aborted', detail: 'The body ended too early.' },
  'request.size.invalid': { name: 'malformed', title: 'Wrong length', detail: 'Content-Length does not fit the body.' },
}

function fromBodyParser(error: unknown): Problem | undefined {
  const { status, type, limit } = (error ?? {}) as { status?: unknown; type?: unknown; limit?: unknown }
  if (typeof status !== 'number' || status < 400 || status > 499) return undefined
  if (type === 'entity.too.large') return { status, ...tooLarge(limit) }
  const known = BODY_PROBLEMS[String(type)]
  return { status, ...(known ?? { name: 'bad-request', title: 'Bad request', detail: 'The request cannot be read.' }) }
}

/** The limit is that of the route: whoever read the body says which one. */
function tooLarge(limit: unknown): Omit<Problem, 'status'> {
  const bytes = Number(limit ?? MIB)
  const most = bytes >= MIB ? `${bytes / MIB} MiB` : `${bytes / KIB} KiB`
  return { name: 'too-large', title: 'Body too large', detail: `The body is larger than ${most}.` }
}

const KIB = 1_024
const MIB = KIB * KIB

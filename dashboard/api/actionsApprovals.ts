/** A person's yes or no to what waits, given in the browser: to exactly the deed that they saw. */
import type { RequestHandler } from 'express'
import { z } from 'zod'
import type { Approval } from '../../src/shared/approvals/approval.ts'
import { answer, find } from '../../src/shared/approvals/approvals.ts'
import { now } from '../../src/shared/clock.ts'
import { callAgent } from '../../src/shared/http/agentApi.ts'
import { sendProblem } from '../../src/shared/http/problem.ts'
import type { Language } from '../../src/shared/messages/message.ts'
import { type Phrase, phrase } from '../../src/shared/messages/phrase.ts'
import { text, textOf } from '../../src/shared/messages/text.ts'
import type { ActionResult } from '../contractViews.ts'
import { languageOf } from '../language.ts'
import { type ActionContext, bodyOf, whoIs } from './actionContext.ts'

const answerBody = z.strictObject({
  answer: z.enum(['approve', 'deny']),
  /** Of the question as it was shown. */
  digest: z.string().regex(/^[0-9a-f]{64}$/, 'expected the digest of the question'),
  /** With a yes: whether calls like this one are allowed from now on. */
  always: z.enum(['session', 'everywhere']).optional(),
})

type Said = z.output<typeof answerBody>
type Outcome = { readonly done: boolean; readonly words: Phrase }
type Problem = { readonly status: number; readonly name: string; readonly words: Phrase }

const AGENT_LIMIT_MS = 10_000

/** `POST /api/approvals/:id`. The first answer counts; the same answer again is told as what it was. */
export function answerApprovalRoute(context: ActionContext): RequestHandler<{ id: string }> {
  return async (request, response) => {
    const said = bodyOf(answerBody, request as never, response)
    if (!said) return
    const language = languageOf(request as never, context)
    const { id } = request.params
    const by = whoIs(response)
    const found = find(context.paths.approvals, id, now())
    const problem = problemWith(found, id, said, language)
    const outcome = problem || !found ? undefined : await say(context, found, { said, by, language })
    const { words } = problem ?? outcome ?? unknown(id)
    const done = outcome?.done ?? false
    context.writeAudit({ by, action: said.answer, args: { id }, done, result: textOf('en', words) })
    if (problem) return sendProblem(response, { ...problem, title: 'Not open', detail: textOf(language, words) })
    const result: ActionResult = { done, text: textOf(language, words), undo: null }
    response.json(result)
  }
}

function unknown(id: string): Problem {
  return { status: 404, name: 'not-found', words: phrase('actions.approvalUnknown', { id }) }
}

/** A question never changes; an id that was given out anew, after its question was forgotten, is another question. */
function problemWith(found: Approval | undefined, id: string, said: Said, language: Language): Problem | undefined {
  if (!found) return unknown(id)
  if (found.question.digest !== said.digest) {
    return { status: 409, name: 'changed', words: phrase('actions.approvalChanged', { id: found.question.id }) }
  }
  if (found.state === 'waiting' || isSameAnswer(found, said)) return undefined
  return { status: 409, name: found.state, words: overWords(found, language) }
}

function isSameAnswer({ answer: given }: Approval, said: Said): boolean {
  return given?.verdict === verdictOf(said)
}

type Saying = { readonly said: Said; readonly by: string; readonly language: Language }

async function say(context: ActionContext, found: Approval, saying: Saying): Promise<Outcome> {
  const { said, by, language } = saying
  const { id } = found.question
  const done: Outcome = {
    done: true,
    words: phrase(said.answer === 'approve' ? 'actions.approved' : 'actions.denied', { id }),
  }
  if (found.state !== 'waiting') return done
  // A lasting permission is the agent's own: it answers the question as well.
  if (said.always && said.answer === 'approve') return sayAlways(context, id, said, done)
  const verdict = verdictOf(said)
  const result = answer(context.paths.approvals, { id, verdict, by: { channel: 'dashboard', who: by } }, now())
  if (result.ok) return done
  return { done: false, words: overWords(find(context.paths.approvals, id, now()) ?? found, language) }
}

async function sayAlways({ paths }: ActionContext, id: string, { always }: Said, done: Outcome): Promise<Outcome> {
  const body = { verdict: 'approved', always }
  const signal = AbortSignal.timeout(AGENT_LIMIT_MS)
  const result = await callAgent(paths, {
    method: 'POST',
    path: `/api/approvals/${id}`,
    body,
    scope: 'approve',
    signal,
  })
  if (result.ok) return done
  if (result.why === 'problem') return { done: false, words: phrase('actions.failed', { reason: result.detail }) }
  return { done: false, words: phrase(result.why === 'no-token' ? 'actions.noToken' : 'actions.agentDown') }
}

function overWords({ question, state }: Approval, language: Language): Phrase {
  return phrase('actions.approvalOver', { id: question.id, state: text(language, `approvals.${state}`) })
}

function verdictOf({ answer: given }: Said): 'approved' | 'denied' {
  return given === 'approve' ? 'approved' : 'denied'
}

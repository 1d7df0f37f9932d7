/** `GET /api/approvals`: what waits for a person, and what was answered. */
import type { RequestHandler } from 'express'
import { renderApproval } from '../../src/shared/approvals/render.ts'
import { shortVisible } from '../../src/shared/visibleText.ts'
import type { DashboardContext } from '../context.ts'
import type { Approvals } from '../contractViews.ts'
import { languageOf } from '../language.ts'
import { sendUnread } from './reading.ts'
import { createQuestions } from './waiting.ts'

const SHOWN = 100
const LONGEST_NAME = 80

/** Waiting ones first, then the newest. */
export function approvalsRoute(context: Pick<DashboardContext, 'language' | 'paths'>): RequestHandler {
  const questions = createQuestions(context.paths.approvals)
  return (request, response) => {
    const language = languageOf(request, context)
    const reading = questions(Date.now())
    if (!reading.ok) return sendUnread(response, language, 'data/approvals', reading.reason)
    const newest = reading.value.toReversed()
    const ordered = [
      ...newest.filter(({ state }) => state === 'waiting'),
      ...newest.filter(({ state }) => state !== 'waiting'),
    ].slice(0, SHOWN)
    const approvals = ordered.map((approval) => {
      const { question, answer, state } = approval
      const { id, kind, askedAt, expiresAt, digest } = question
      const answeredBy = answer?.by ? shortVisible(`${answer.by.who} (${answer.by.channel})`, LONGEST_NAME) : null
      return { id, state, kind, askedAt, expiresAt, lines: renderApproval(approval, language), digest, answeredBy }
    })
    response.json({ asOf: new Date().toISOString(), approvals } satisfies Approvals)
  }
}

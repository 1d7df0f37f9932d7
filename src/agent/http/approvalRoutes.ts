/** The questions to a person over HTTP: what waits, and the answer to one. */
import type { RequestHandler } from 'express'
import { z } from 'zod'
import type { AnsweredBy, Approval } from '../../shared/approvals/approval.ts'
import { answer, find, list } from '../../shared/approvals/approvals.ts'
import { now } from '../../shared/clock.ts'
import { sendProblem } from '../../shared/http/problem.ts'
import type { Gates } from '../gates/verdict.ts'
import type { LoopTool } from '../runs/ports.ts'
import type { Runs } from '../runs/runs.ts'
import { missing, readBody } from './answering.ts'

/** What the routes work with. */
export type ApprovalContext = {
  /** Where questions are kept. */
  readonly folder: string
  readonly runs: Pick<Runs, 'find'>
  readonly tools: () => ReadonlyMap<string, LoopTool>
  readonly gates: Pick<Gates, 'allowAlways'>
  /** Where those sit who hold a token of the scope `approve`. */
  readonly channel: AnsweredBy['channel']
}

const answerBody = z.strictObject({
  verdict: z.enum(['approved', 'denied']),
  always: z.enum(['session', 'everywhere']).optional(),
})

/** `GET /api/approvals`: every question that is known, oldest first. `?state=waiting` gives those that can be answered. */
export function approvalsRoute({ folder }: Pick<ApprovalContext, 'folder'>): RequestHandler {
  return (request, response) => {
    const state = request.query['state']
    const approvals = list(folder, now()).filter((approval) => state === undefined || approval.state === state)
    response.json({ approvals: approvals.map(approvalView) })
  }
}

/** `POST /api/approvals/:id`: a yes or a no, and with a yes, where it is wished, a lasting permission for calls like this one. */
export function answerRoute(context: ApprovalContext): RequestHandler<{ id: string }> {
  return (request, response) => {
    const read = readBody(request, answerBody)
    if (!read.ok) return sendProblem(response, read.problem)
    const { verdict, always } = read.body
    const { folder, channel } = context
    const found = find(folder, request.params.id, now())
    if (!found) return sendProblem(response, missing('question'))
    const { id } = found.question
    const said = answer(folder, { id, verdict, by: { channel, who: 'the agent over HTTP' } }, now())
    if (!said.ok) return sendProblem(response, { status: 409, name: said.why, title: 'Not open', detail: said.reason })
    if (verdict === 'approved' && always) allowAlways(found, always, context)
    response.json({ id, verdict })
  }
}

/** The lasting permission is for the call as it stands in the journal, not for what the question shows of it. */
function allowAlways(
  { question }: Approval,
  scope: 'session' | 'everywhere',
  { runs, tools, gates }: ApprovalContext,
): void {
  const { run, call: id } = bindingOf(question.binding)
  const known = runs.find(run)
  const call = known?.calls.find((state) => state.call.id === id)?.call
  const tool = call && tools().get(call.name)
  const parsed = tool?.schema.safeParse(call?.input)
  if (!known || !tool || !parsed?.success) return
  const { session, message } = known
  gates.allowAlways({ tool: tool.name, input: parsed.data, session, job: message.job, attended: true }, scope)
}

function bindingOf(binding: string): { readonly run: string; readonly call: string } {
  const colon = binding.indexOf(':')
  return colon === -1 ? { run: '', call: '' } : { run: binding.slice(0, colon), call: binding.slice(colon + 1) }
}

function approvalView({ question, answer: said, state }: Approval) {
  const { id, kind, action, args, plan, reason, by, askedAt, expiresAt, binding } = question
  const owner = kind === 'agent' ? bindingOf(binding) : { incident: binding }
  return { id, state, kind, action, args, plan, reason, by, askedAt, expiresAt, ...owner, answer: said }
}

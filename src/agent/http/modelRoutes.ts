import type { RequestHandler } from 'express'
import { sendProblem } from '../../shared/http/problem.ts'
import type { AgentGate } from '../modelGate.ts'

/** What the route works with. */
export type ModelTestParts = { readonly ask: AgentGate['askAside'] }

/** Enough for a model that thinks before it says one word, in tokens. */
const MAX_TOKENS = 512
const LONGEST_NAME = 200
const QUESTION = 'Answer with the one word: ready'

/** `POST /api/models/test {model?}`: one tiny call, through the gate like every other. What the provider does is told, not thrown. */
export function modelTestRoute({ ask }: ModelTestParts): RequestHandler {
  return async (request, response) => {
    const model = modelIn(request.body)
    if (model === null) {
      const detail = `Expected {"model": "<provider/model>"} of at most ${LONGEST_NAME} characters, or no model at all.`
      return sendProblem(response, { status: 400, name: 'bad-request', title: 'Bad request', detail })
    }
    const left = new AbortController()
    response.on('close', () => left.abort())
    const question = { system: '', turns: [{ role: 'user' as const, text: QUESTION }], maxTokens: MAX_TOKENS }
    const result = await ask({ ...(model ? { model } : {}), ...question }, left.signal)
    const { ok, provider, model: asked, latencyMs, costUsd } = result
    response.json({ ok, provider, model: asked, latencyMs, costUsd, ...(result.ok ? {} : { reason: result.reason }) })
  }
}

/** Null where something else than a name was sent. */
function modelIn(body: unknown): string | undefined | null {
  const model = typeof body === 'object' && body !== null && 'model' in body ? body.model : undefined
  if (model === undefined || model === '') return undefined
  return typeof model === 'string' && model.length <= LONGEST_NAME ? model : null
}

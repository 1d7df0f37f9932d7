/** A model without memory: the question says what it shall do in each round, so that it goes on wherever a kill has cut it off. */
import type { SeenRequest } from '../../fakes/anthropic.ts'
import type { Script } from '../../fakes/modelServer.ts'

/** One call that the model makes. */
export type PlannedCall = {
  readonly name: string
  readonly input?: unknown
  readonly json?: string
  readonly id?: string
}

/** What the model does, round by round; then it says `final`. */
export type Plan = { readonly rounds: readonly (readonly PlannedCall[])[]; readonly final: string }

/** The question that makes the model follow a plan. */
export function questionOf(plan: Plan): string {
  return JSON.stringify(plan)
}

/** Plays the round that the conversation has come to. */
export function playPlan({ body }: Pick<SeenRequest, 'body'>): Script {
  const at = body.messages.findLastIndex(({ role, content }) => role === 'user' && planIn(content) !== undefined)
  const plan = planIn(body.messages[at]?.content)
  if (!plan) return { do: 'echo' }
  const round = body.messages.slice(at).filter(({ role }) => role === 'assistant').length
  const calls = plan.rounds[round]
  if (!calls) return { do: 'say', text: plan.final }
  return { do: 'call', calls: calls.map((call, index) => ({ id: `toolu_${round}_${index}`, ...call })) }
}

function planIn(content: unknown): Plan | undefined {
  const text = typeof content === 'string' ? content : firstText(content)
  if (!text?.startsWith('{"rounds"')) return undefined
  return JSON.parse(text.split('\n')[0] ?? '')
}

function firstText(content: unknown): string | undefined {
  if (!Array.isArray(content)) return undefined
  return content.find(({ type }) => type === 'text')?.text
}

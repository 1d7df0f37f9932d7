/** Histories of sessions for tests: events as the loop writes them, out of short words. */
import fc from 'fast-check'
import { expect } from 'vitest'
import type { RunEnd, RunEvent, RunEventBody } from '../../../src/agent/journal/event.ts'
import { NO_USAGE, type ToolCall, type Turn } from '../../../src/model/modelCall.ts'

export const asked = (text: string, more = {}): RunEventBody => ({ type: 'message_in', data: { text, ...more } })
export const asking: RunEventBody = { type: 'model_asked', data: { model: 'm', turns: 1 } }
export const told = (text: string | null, calls: readonly ToolCall[] = []): RunEventBody => ({
  type: 'model_answered',
  data: {
    ...{ text, model: 'm', usage: { ...NO_USAGE, inputTokens: 10, outputTokens: 5 }, costUsd: 0.25, latencyMs: 7 },
    ...{ stopReason: 'end_turn', ...(calls.length > 0 ? { calls } : {}) },
  },
})
export const toolCall = (id: string, input: unknown = {}): ToolCall => ({ id, name: 'grep', input })
export const result = (
  call: string,
  text: string,
  how: 'done' | 'cancelled' | 'unknown' | 'refused' = 'done',
): RunEventBody => ({
  type: 'tool_ended',
  data: { call, tool: 'grep', ok: how === 'done', text, tookMs: 3, how },
})
export const ended = (end: RunEnd = { finish: 'answered' }): RunEventBody => ({ type: 'run_ended', data: end })
export const changed = (data: Extract<RunEventBody, { type: 'session_changed' }>['data']): RunEventBody => ({
  type: 'session_changed',
  data,
})

/** Numbers events. */
export function events(run: string, bodies: readonly RunEventBody[], from = 1, session = 's'): RunEvent[] {
  return bodies.map((body, index): RunEvent => {
    const ofRun = body.type === 'session_changed' ? '' : run
    return { ...body, seq: from + index, run: ofRun, session, at: `2026-11-20T21:0${run.length % 10}:00.000Z` }
  })
}

const words = fc.string({ minLength: 1, maxLength: 60 })

/** A round of tools: an answer with calls, their results in the order in which they happened to end, words in between. */
const round = fc.record({
  text: fc.string({ maxLength: 40 }),
  results: fc.array(fc.record({ text: words, how: fc.constantFrom('done', 'cancelled', 'unknown', 'refused') }), {
    minLength: 1,
    maxLength: 3,
  }),
  isBackwards: fc.boolean(),
  steered: fc.option(words, { nil: undefined }),
  steeredWhileAsking: fc.option(words, { nil: undefined }),
})
const runPlan = fc.record({
  question: words,
  rounds: fc.array(round, { maxLength: 4 }),
  answer: words,
  isCancelled: fc.boolean(),
})
type RunPlan = typeof runPlan extends fc.Arbitrary<infer Plan> ? Plan : never

/** Several runs of a session, each ended; some were cancelled in the middle of their tools. */
export const randomSession: fc.Arbitrary<RunEvent[]> = fc
  .array(runPlan, { minLength: 1, maxLength: 6 })
  .map((plans) => {
    const all: RunEvent[] = []
    for (const [index, plan] of plans.entries()) all.push(...events(`r${index}`, bodiesOf(plan), all.length + 1))
    return all
  })

function bodiesOf({ question, rounds, answer, isCancelled }: RunPlan): RunEventBody[] {
  const work = rounds.flatMap(({ text, results, isBackwards, steered, steeredWhileAsking }, number): RunEventBody[] => {
    const calls = results.map((_, index) => toolCall(`c${number}-${index}`))
    const all = results.map(({ text: output, how }, index) => result(`c${number}-${index}`, output, how))
    const word = (said: string | undefined): RunEventBody[] =>
      said === undefined ? [] : [{ type: 'steered', data: { text: said } }]
    return [
      asking,
      ...word(steeredWhileAsking),
      told(text, calls),
      ...(isBackwards ? all.toReversed() : all),
      ...word(steered),
    ]
  })
  if (isCancelled) return [asked(question), ...work.slice(0, -1), ended({ finish: 'cancelled' })]
  return [asked(question), ...work, asking, told(answer), ended()]
}

/** Roles alternate, the person begins, and the results of each answer are those of its calls, in their order. */
export function expectWellFormed(turns: readonly Turn[]): void {
  turns.forEach((turn, index) => {
    expect(turn.role).toBe(index % 2 === 0 ? 'user' : 'assistant')
    if (turn.role === 'user') return
    const next = turns[index + 1]
    const answers = next?.role === 'user' ? (next.answers ?? []) : []
    expect(answers.map(({ id }) => id)).toEqual((turn.calls ?? []).map(({ id }) => id))
  })
  expect(turns[0]?.role === 'user' && turns[0].answers).toBeFalsy()
}

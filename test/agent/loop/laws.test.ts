/** Laws of the fold, the decision and the turns, over random histories. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RunEvent, RunEventBody } from '../../../src/agent/journal/event.ts'
import { foldEvent, foldRun, type Run } from '../../../src/agent/runs/fold.ts'
import { type LoopRules, next, nextOfCall } from '../../../src/agent/runs/next.ts'
import { pastOf } from '../../../src/agent/runs/rerun.ts'
import { turnsOf } from '../../../src/agent/runs/turns.ts'
import { NO_USAGE } from '../../../src/model/modelCall.ts'

const SAFETIES = { look: 'pure', put: 'keyed', send: 'unsafe' } as const
const RULES: LoopRules = { rounds: 5, repeats: 4, safetyOf: (tool) => SAFETIES[tool as keyof typeof SAFETIES] }

const toolName = fc.constantFrom('look', 'put', 'send', 'nothing')
const callId = fc.constantFrom('a', 'b', 'c', 'd')
const calls = fc.uniqueArray(fc.record({ id: callId, name: toolName, input: fc.record({ n: fc.nat(2) }) }), {
  selector: ({ id }) => id,
  maxLength: 3,
})
const body: fc.Arbitrary<RunEventBody> = fc.oneof(
  fc.constant<RunEventBody>({ type: 'model_asked', data: { model: 'm', turns: 1 } }),
  fc.record({ text: fc.option(fc.string()), calls, stop: fc.constantFrom('end' as const, 'max-tokens' as const) }).map(
    (answer): RunEventBody => ({
      type: 'model_answered',
      data: { ...answer, model: 'm', usage: NO_USAGE, costUsd: 1, latencyMs: 1, stopReason: answer.stop },
    }),
  ),
  fc
    .record({ call: callId, verdict: fc.constantFrom('allow' as const, 'ask' as const, 'deny' as const) })
    .map(
      (decision): RunEventBody => ({ type: 'gate_decided', data: { ...decision, tool: 't', rule: '', reason: '' } }),
    ),
  fc
    .record({ call: callId, safety: fc.constantFrom('pure' as const, 'keyed' as const, 'unsafe' as const) })
    .map((start): RunEventBody => ({ type: 'tool_started', data: { ...start, tool: 't', key: 'k' } })),
  fc
    .record({ call: callId, ok: fc.boolean() })
    .map(
      (end): RunEventBody => ({ type: 'tool_ended', data: { ...end, tool: 't', text: '', tookMs: 1, how: 'done' } }),
    ),
  fc.constant<RunEventBody>({ type: 'steered', data: { text: 'more' } }),
  fc
    .constantFrom('nudge' as const, 'reflection' as const)
    .map((kind): RunEventBody => ({ type: 'hinted', data: { kind, text: 'think' } })),
)
const history = fc.array(body, { maxLength: 25 }).map((bodies): RunEvent[] =>
  [{ type: 'message_in', data: { text: 'q' } } as const, ...bodies].map((one, index) => ({
    ...one,
    seq: index + 1,
    run: 'r',
    session: 's',
    at: '',
  })),
)

describe('over any history', () => {
  it('folding event by event is folding all at once, and an end is for good', () => {
    fc.assert(
      fc.property(history, (events) => {
        const stepwise = events.reduce<Run | undefined>((run, event) => foldEvent(run, event), undefined)
        expect(stepwise).toEqual(foldRun(events))
        const end: RunEvent = {
          type: 'run_ended',
          data: { finish: 'cancelled' },
          seq: 99,
          run: 'r',
          session: 's',
          at: '',
        }
        const over = foldRun([...events, end, ...events.slice(1)])
        expect(over).toEqual(foldRun([...events, end]))
        expect(over && next(over, RULES)).toEqual({ do: 'nothing' })
      }),
    )
  })

  it('the model is asked only when every call has ended; no ended call is worked on; nobody judges twice', () => {
    fc.assert(
      fc.property(history, (events) => {
        const run = foldRun(events) as Run
        const step = next(run, RULES)
        const open = run.calls.filter(({ ended }) => !ended)
        if (step.do === 'ask' || step.do === 'hint') expect(open).toEqual([])
        if (step.do === 'end' && step.end.finish === 'answered') expect([open, run.isUnheard]).toEqual([[], false])
        if (step.do !== 'decide' && step.do !== 'work') return
        expect(step.calls.length).toBeGreaterThan(0)
        expect(step.calls.every((state) => open.includes(state))).toBe(true)
        if (step.do === 'decide') {
          expect(step.calls.every(({ decision, started }) => !decision && !started)).toBe(true)
          return
        }
        // What changes something is alone.
        const changing = step.calls.filter(
          ({ call, decision }) => decision?.verdict !== 'deny' && RULES.safetyOf(call.name) !== 'pure',
        )
        expect(changing.length === 0 || step.calls.length === 1).toBe(true)
        for (const state of step.calls) {
          if (state.started?.safety === 'unsafe') expect(nextOfCall(state)).toBe('unknown')
          if (!state.started && state.decision?.verdict !== 'allow') expect(nextOfCall(state)).not.toBe('run')
        }
      }),
    )
  })

  it('every call in the turns has its answer right after it, in order; user and model take turns', () => {
    fc.assert(
      fc.property(history, (events) => {
        const turns = turnsOf(events)
        expect(turns[0]?.role).toBe('user')
        for (const [index, turn] of turns.entries()) {
          if (turn.role === 'user') {
            expect(turns[index + 1]?.role).not.toBe('user')
            continue
          }
          const after = turns[index + 1]
          const ids = after?.role === 'user' ? (after.answers ?? []).map(({ id }) => id) : []
          expect(ids).toEqual((turn.calls ?? []).map(({ id }) => id))
        }
      }),
    )
  })

  it('a past that is repeated ends where the model is to be asked, and costs nothing', () => {
    fc.assert(
      fc.property(history, fc.nat(30), (events, fromSeq) => {
        const { bodies, seq } = pastOf(events, fromSeq)
        expect(seq < Math.max(fromSeq, 2)).toBe(true)
        const [message] = events
        const again = foldRun([
          message as RunEvent,
          ...bodies.map((one, index) => ({ ...one, seq: index + 2, run: 'r', session: 's', at: '' })),
        ])
        expect(again?.costUsd).toBe(0)
        expect(again?.calls.every(({ ended }) => ended)).toBe(true)
      }),
    )
  })
})

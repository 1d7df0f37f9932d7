/** Of a purged event no text is left, and every figure is. */
import { expect, it } from 'vitest'
import type { RunEventBody } from '../../../src/agent/journal/event.ts'
import { withoutTexts } from '../../../src/agent/sessions/withoutTexts.ts'
import { NO_USAGE } from '../../../src/model/modelCall.ts'

const X = 'XTEXT'
const native = { wire: 'anthropic', model: 'm', content: [X] } as const
const answer = { model: 'm', usage: NO_USAGE, costUsd: 1, latencyMs: 2, stopReason: 'end_turn' }
const EVENTS: readonly RunEventBody[] = [
  { type: 'message_in', data: { text: X, by: 'job', job: 'j', images: [{ mediaType: 'image/png', base64: X }] } },
  { type: 'steered', data: { text: X } },
  { type: 'hinted', data: { kind: 'nudge', text: X } },
  { type: 'model_asked', data: { model: 'm', turns: 3 } },
  {
    type: 'model_answered',
    data: { ...answer, text: X, native, calls: [{ id: 'c', name: 't', input: { a: X }, broken: X }] },
  },
  { type: 'model_answered', data: { ...answer, text: null } },
  { type: 'gate_decided', data: { call: 'c', tool: 't', verdict: 'deny', rule: X, reason: X } },
  { type: 'tool_started', data: { call: 'c', tool: 't', safety: 'pure', key: 'k' } },
  { type: 'tool_ended', data: { call: 'c', tool: 't', ok: true, text: X, rest: X, tookMs: 9, how: 'done' } },
  { type: 'run_ended', data: { finish: 'failed', kind: 'network', reason: X } },
  { type: 'run_ended', data: { finish: 'answered' } },
  { type: 'session_changed', data: { do: 'name', name: X } },
  { type: 'session_changed', data: { do: 'compact', upToSeq: 4, summary: X, tokensBefore: 9, tokensAfter: 1 } },
  { type: 'session_changed', data: { do: 'branch', from: 'a', seq: 3 } },
]

it.each(EVENTS)('$type', (event) => {
  const left = withoutTexts(event)
  expect(JSON.stringify(left)).not.toContain(X)
  expect(left).toMatchObject(
    JSON.parse(
      JSON.stringify(event, (key, value) => (DROPPED.has(key) ? undefined : value === X ? '(removed)' : value)),
    ),
  )
  expect(withoutTexts(left)).toEqual(left)
})

/** Fields that go as a whole. */
const DROPPED = new Set(['images', 'native', 'rest', 'input', 'broken'])

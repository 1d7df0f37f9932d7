/** PURE. An event without anything that a person, a model or a tool wrote. Figures, times and kinds stay: costs and counts must not change. */
import type { RunEventBody } from '../journal/event.ts'

/** What stands where a text was. */
export const REMOVED = '(removed)'

/** The same event, its texts overwritten. */
export function withoutTexts(body: RunEventBody): RunEventBody {
  switch (body.type) {
    case 'message_in': {
      const { images, text: _text, ...rest } = body.data
      return { type: body.type, data: { ...rest, text: REMOVED } }
    }
    case 'steered':
      return { type: body.type, data: { text: REMOVED } }
    case 'hinted':
      return { type: body.type, data: { kind: body.data.kind, text: REMOVED } }
    case 'model_answered': {
      const { native: _native, calls, text, ...rest } = body.data
      const named = calls?.map(({ id, name }) => ({ id, name, input: null }))
      return {
        type: body.type,
        data: { ...rest, text: text === null ? null : REMOVED, ...(named ? { calls: named } : {}) },
      }
    }
    case 'gate_decided':
      return { type: body.type, data: { ...body.data, rule: REMOVED, reason: REMOVED } }
    case 'tool_ended': {
      const { rest: _rest, ...data } = body.data
      return { type: body.type, data: { ...data, text: REMOVED } }
    }
    case 'run_ended':
      return { type: body.type, data: 'reason' in body.data ? { ...body.data, reason: REMOVED } : body.data }
    case 'session_changed': {
      const { data } = body
      if (data.do === 'name') return { type: body.type, data: { ...data, name: REMOVED } }
      return { type: body.type, data: data.do === 'compact' ? { ...data, summary: REMOVED } : data }
    }
    default:
      return body
  }
}

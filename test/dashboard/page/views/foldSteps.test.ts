import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foldSteps, mergeEvents } from '../../../../dashboard/web/src/views/sessions/foldSteps.ts'
import { runsIn } from '../../../../dashboard/web/src/views/sessions/runStory.ts'
import { fixtureEvent, fixtureTime, OPEN_EVENTS, RUN_EVENTS } from '../../viewFixtures.ts'

describe('the steps of a run', () => {
  it('are what was asked, said, decided and done, each call one step', () => {
    const steps = foldSteps(RUN_EVENTS)
    expect(steps.map(({ kind, seq, lastSeq }) => [kind, seq, lastSeq])).toEqual([
      ['asked', 1, 1],
      ['model', 2, 3],
      ['tool', 3, 12],
      ['tool', 3, 6],
      ['model', 13, 15],
      ['ended', 16, 16],
    ])
  })

  it('tell a model call with its cost, tokens and latency', () => {
    expect(foldSteps(RUN_EVENTS)[1]).toEqual({
      ...{ kind: 'model', seq: 2, lastSeq: 3, at: fixtureTime(2_000), state: 'answered' },
      ...{ model: 'anthropic/claude-sonnet-5-5', why: 'the default', text: 'I will **run the tests** first.' },
      ...{ warning: '', stopReason: 'tool_use', inputTokens: 2_000, cachedTokens: 800, outputTokens: 90 },
      ...{ costUsd: 0.0123, latencyMs: 2_340 },
    })
  })

  it('tell a tool call with every verdict and its output', () => {
    const step = foldSteps(RUN_EVENTS)[2]
    expect(step).toMatchObject({ kind: 'tool', tool: 'shell', state: 'ended', ok: true, how: 'done', tookMs: 3_900 })
    expect(step?.kind === 'tool' && step.verdicts.map(({ verdict, approval }) => [verdict, approval])).toEqual([
      ['ask', 'A7'],
      ['allow', 'A7'],
    ])
  })

  it('say that a call waits, and that a price is not known', () => {
    const steps = foldSteps(OPEN_EVENTS)
    expect(steps.at(-1)).toMatchObject({ kind: 'tool', state: 'waiting', tool: 'write_file' })
    expect(steps[1]).toMatchObject({ kind: 'model', state: 'answered', costUsd: null })
  })

  it('keep calls of two runs with the same id apart', () => {
    const started = (seq: number, run: string) =>
      fixtureEvent(seq, 'tool_started', { call: 'c1', tool: 'shell', safety: 'pure', key: 'k' }, run)
    expect(foldSteps([started(1, 'r1'), started(2, 'r2')])).toHaveLength(2)
  })

  it('leave nothing out: an unknown event is a step of its own', () => {
    const steps = foldSteps([
      fixtureEvent(1, 'something_new', { a: 1 }),
      fixtureEvent(2, 'session_changed', { do: 'name', name: 'mine' }),
    ])
    expect(steps.map((step) => step.kind === 'other' && [step.type, step.text])).toEqual([
      ['something_new', '{\n  "a": 1\n}'],
      ['session_changed', 'mine'],
    ])
  })

  it('never throw, whatever stands in an event, and never lose one', () => {
    const types = [...new Set(RUN_EVENTS.map(({ type }) => type)), 'odd']
    const event = fc.record({ type: fc.constantFrom(...types), data: fc.dictionary(fc.string(), fc.jsonValue()) })
    fc.assert(
      fc.property(fc.array(event, { maxLength: 20 }), (made) => {
        const events = made.map(({ type, data }, at) => fixtureEvent(at + 1, type, data))
        const steps = foldSteps(events)
        const covered = (seq: number) => steps.some((step) => step.seq <= seq && seq <= step.lastSeq)
        expect(events.every(({ seq }) => covered(seq))).toBe(true)
      }),
    )
  })

  it('grow only: a later event changes no earlier order', () => {
    for (let count = 1; count <= RUN_EVENTS.length; count++) {
      const before = foldSteps(RUN_EVENTS.slice(0, count - 1)).map(({ kind, seq }) => [kind, seq])
      const after = foldSteps(RUN_EVENTS.slice(0, count)).map(({ kind, seq }) => [kind, seq])
      expect(after.slice(0, before.length)).toEqual(before)
    }
  })
})

describe('events that come twice, or late', () => {
  it('are there once, in the order of the journal, however they come', () => {
    fc.assert(
      fc.property(fc.array(fc.subarray([...RUN_EVENTS]), { maxLength: 6 }), (parts) => {
        const merged = parts.reduce(mergeEvents, [])
        const seqs = [...new Set(parts.flat().map(({ seq }) => seq))].toSorted((a, b) => a - b)
        expect(merged.map(({ seq }) => seq)).toEqual(seqs)
      }),
    )
  })
})

describe('the runs of a session', () => {
  it('have their question, cost, calls, length and end', () => {
    const [first, second] = runsIn([...RUN_EVENTS, ...OPEN_EVENTS])
    expect(first).toMatchObject({
      run: 'r1',
      modelCalls: 2,
      toolCalls: 2,
      tookMs: 15_000,
      finish: 'answered',
      hasUnpriced: false,
    })
    expect(first?.costUsd).toBeCloseTo(0.0334, 6)
    expect(second).toMatchObject({ run: 'r2', costUsd: null, hasUnpriced: true, finish: null })
  })

  it('know no cost before the first answer', () => {
    expect(runsIn(OPEN_EVENTS.slice(0, 2))[0]?.costUsd).toBeNull()
  })
})

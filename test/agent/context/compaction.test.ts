/** Compaction: pairs stay together, the newest stay word for word, it is smaller or nothing, and undoing restores every turn. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assemble } from '../../../src/agent/context/assemble.ts'
import { isCompactionDue, planCompaction, undoneSince } from '../../../src/agent/context/compaction.ts'
import { createCompactor, type Summarise } from '../../../src/agent/context/compactor.ts'
import { compactedIn, conversationOf } from '../../../src/agent/context/conversation.ts'
import { createRunContext } from '../../../src/agent/context/runContext.ts'
import type { RunEvent, RunEventBody } from '../../../src/agent/journal/event.ts'
import { NO_USAGE } from '../../../src/model/modelCall.ts'
import {
  asked,
  asking,
  changed,
  ended,
  events,
  expectWellFormed,
  randomSession,
  result,
  told,
  toolCall,
} from '../sessions/sessionHistory.ts'

const WIDE = { system: '', tools: [], contextTokens: 1_000_000, reserveTokens: 0 }
const turnsOf = (history: readonly RunEvent[], current: readonly RunEvent[] = []) =>
  assemble({ conversation: conversationOf(history, current), ...WIDE }).turns

/** A session in memory with a compactor over it. */
function sessionWith(history: readonly RunEvent[], summarise: Summarise, keepAnswers = 2) {
  const journal = [...history]
  const append = (session: string, body: RunEventBody) => {
    const event: RunEvent = { ...body, seq: (journal.at(-1)?.seq ?? 0) + 1, run: '', session, at: '' }
    journal.push(event)
    return event
  }
  return {
    journal,
    append,
    compactor: createCompactor({ recall: () => [...journal], append, summarise, keepAnswers }),
  }
}
const short: Summarise = async () => ({ ok: true, text: 'S' })

describe('laws over random sessions', () => {
  it('never splits a pair, keeps the order and the last answers, gets smaller; undo restores the same turns', async () => {
    await fc.assert(
      fc.asyncProperty(randomSession, fc.integer({ min: 1, max: 5 }), async (history, keep) => {
        const { journal, compactor } = sessionWith(history, short, keep)
        const before = turnsOf(journal)
        const compaction = await compactor.compact('s')
        if (!compaction.ok) {
          expect(journal).toEqual(history)
          return
        }
        const after = turnsOf(journal)
        expectWellFormed(after)
        expect(compaction.tokensAfter).toBeLessThan(compaction.tokensBefore)
        const kept = before.slice(before.length - after.length + 1)
        expect(after.slice(1)).toEqual(kept)
        expect(after.filter(({ role }) => role === 'assistant').length).toBeGreaterThanOrEqual(
          Math.min(keep, before.filter(({ role }) => role === 'assistant').length),
        )
        expect(after[0]).toMatchObject({ text: expect.stringContaining('Summary of this conversation') })
        expect(compactor.undo('s')).toBe(true)
        expect(turnsOf(journal)).toEqual(before)
        expect(compactor.undo('s')).toBe(false)
      }),
    )
  })

  it('a second one stands on the first, and each undo takes one back', async () => {
    await fc.assert(
      fc.asyncProperty(randomSession, randomSession, async (one, two) => {
        const { journal, compactor } = sessionWith(one, short, 1)
        const states = [turnsOf(journal)]
        const first = await compactor.compact('s')
        if (first.ok) states.push(turnsOf(journal))
        const from = journal.at(-1)?.seq ?? 0
        const later = two.map((event): RunEvent => ({ ...event, run: `x${event.run}`, seq: event.seq + from }))
        journal.push(...later)
        const grown = turnsOf(journal)
        const second = await compactor.compact('s')
        if (!second.ok) return
        expectWellFormed(turnsOf(journal))
        expect(compactor.undo('s')).toBe(true)
        expect(turnsOf(journal)).toEqual(grown)
        expect(compactor.undo('s')).toBe(first.ok)
      }),
    )
  })
})

const LONG = events('r', [
  asked('question '.repeat(50)),
  ...Array.from({ length: 8 }, (_, index) => [
    asking,
    told(`step ${index}`, [toolCall(`c${index}`)]),
    result(`c${index}`, 'out '.repeat(300)),
  ]).flat(),
  asking,
])

describe('what may go wrong', () => {
  const past = [...LONG, ...events('r', [told('Done.'), ended()], 100)]

  it('leaves everything where the model fails, and writes down what that cost', async () => {
    const spent = { model: 'q', usage: NO_USAGE, costUsd: 0.1, latencyMs: 1, stopReason: 'timeout' }
    const { journal, compactor } = sessionWith(past, async () => ({ ok: false, reason: 'timeout', spent }))
    const before = turnsOf(journal)
    expect(await compactor.compact('s')).toEqual({ ok: false, why: 'failed', reason: 'timeout' })
    expect(turnsOf(journal)).toEqual(before)
    expect(journal.slice(past.length)).toMatchObject([
      { type: 'model_answered', run: '', data: { text: null, costUsd: 0.1 } },
    ])
  })

  it.each(['', '  ', 'long '.repeat(5_000)])('leaves everything where the summary is no gain', async (text) => {
    const { journal, compactor } = sessionWith(past, async () => ({ ok: true, text }))
    expect(await compactor.compact('s')).toMatchObject({ ok: false, why: 'no-gain' })
    expect(journal).toEqual(past)
  })

  it('leaves everything where the session was deleted, compacted or restored meanwhile', async () => {
    const rivals: ((journal: RunEvent[]) => void)[] = [
      (journal) => void journal.splice(0),
      (journal) =>
        void journal.push(
          ...events('', [changed({ do: 'compact', upToSeq: 3, summary: '', tokensBefore: 1, tokensAfter: 0 })], 200),
        ),
    ]
    for (const rival of rivals) {
      const own = sessionWith(past, async () => {
        rival(own.journal)
        return { ok: true, text: 'S' }
      })
      expect(await own.compactor.compact('s')).toMatchObject({ ok: false, why: 'changed' })
    }
  })

  it('makes one summary where two ask at once', async () => {
    let calls = 0
    const { compactor, journal } = sessionWith(past, async () => ({ ok: true, text: `S${++calls}` }))
    const both = await Promise.all([compactor.compact('s'), compactor.compact('s')])
    expect([both[0], calls, journal.length]).toEqual([both[1], 1, past.length + 1])
  })
})

it('gives the model the last summary, the calls and shortened results, and never the whole of a long one', () => {
  const compacted = changed({ do: 'compact', upToSeq: 7, summary: 'THE PAST', tokensBefore: 9, tokensAfter: 1 })
  const plan = planCompaction(conversationOf([...LONG, ...events('', [compacted], 90)], LONG), 3)
  expect(plan?.text).toContain('SUMMARY OF WHAT CAME BEFORE:\nTHE PAST')
  expect(plan?.text).toContain('AGENT CALLED grep: {}')
  const huge = events('r', [
    asked('q'),
    asking,
    told('', [toolCall('a')]),
    result('a', 'z'.repeat(1_000_000)),
    asking,
    told('b'),
    ended(),
  ])
  expect((planCompaction(conversationOf(huge), 1)?.text ?? '').length).toBeLessThan(3_000)
})

it('tries at the size of the settings, then later, and then no more; an undo counts as a try', () => {
  const at = (estimate: number, failures: number) => isCompactionDue({ estimate, room: 1_000 }, 0.6, failures)
  expect([at(599, 0), at(600, 0), at(700, 1), at(800, 1), at(900, 2), at(1_000, 3)]).toEqual([
    false,
    true,
    false,
    true,
    true,
    false,
  ])
  const compact = changed({ do: 'compact', upToSeq: 3, summary: 'a', tokensBefore: 9, tokensAfter: 1 })
  const undo = changed({ do: 'undo-compact', upToSeq: 3 })
  const undone = (bodies: RunEventBody[]) => undoneSince(events('', bodies))
  expect([
    undone([]),
    undone([compact]),
    undone([compact, undo]),
    undone([compact, undo, compact]),
    undone([compact, undo, compact, undo]),
  ]).toEqual([0, 0, 1, 0, 2])
  expect(compactedIn(events('', [compact, undo]))).toBeUndefined()
})

describe('before each call', () => {
  const contextFor = (summarise: Summarise, contextTokens: number) => {
    const own = sessionWith(LONG, summarise)
    const assembled = createRunContext({
      ...{
        recall: () => own.journal,
        compactor: own.compactor,
        prompt: () => 'P',
        notes: () => [],
      },
      ...{ tools: () => [], window: () => ({ contextTokens, reserveTokens: 100 }), compactAtShare: 0.7 },
    })
    return { ...own, assembled }
  }

  it('makes room in the middle of a run, and says again what is worked on', async () => {
    const { assembled, journal } = contextFor(short, 3_000)
    const { turns, dropped, estimate } = await assembled(LONG)
    expect(dropped.pieces).toBe(0)
    expect(estimate).toBeLessThan(2_900)
    expectWellFormed(turns)
    expect(turns[0]).toMatchObject({
      text: expect.stringMatching(/reports, not orders\):\n\nS\n\nThe message that is being worked on:\nquestion/),
    })
    expect(journal.length).toBe(LONG.length + 1)
  })

  it('asks for no summary where there is room, nor again and again where it fails', async () => {
    let calls = 0
    const failing: Summarise = async () => ({ ok: false, reason: `down ${++calls}` })
    expect((await contextFor(failing, 100_000).assembled(LONG)).dropped.pieces).toBe(0)
    expect(calls).toBe(0)
    const { assembled } = contextFor(failing, 3_000)
    for (let again = 0; again < 6; again++) expect((await assembled(LONG)).dropped.pieces).toBeGreaterThan(0)
    expect(calls).toBe(3)
  })
})

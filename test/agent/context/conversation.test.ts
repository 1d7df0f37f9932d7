/** What a model is shown: pairs stay together, the order is that of the conversation, and what was shown once stays as it was. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assemble } from '../../../src/agent/context/assemble.ts'
import { conversationOf } from '../../../src/agent/context/conversation.ts'
import { estimateTurns } from '../../../src/agent/context/tokenEstimate.ts'
import type { RunEvent } from '../../../src/agent/journal/event.ts'
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

const WIDE = { system: 'You are kind.', tools: [], contextTokens: 1_000_000, reserveTokens: 1_000 }
const shown = (past: readonly RunEvent[], current: readonly RunEvent[] = [], window = WIDE) =>
  assemble({ conversation: conversationOf(past, current), ...window })

describe('a run', () => {
  const calls = [toolCall('a', { pattern: 'x' }), toolCall('b')]
  const run = events('r', [
    asked('look'),
    asking,
    told('I look.', calls),
    result('b', 'two', 'unknown'),
    result('a', 'one'),
    { type: 'steered', data: { text: 'faster' } },
    asking,
    { type: 'steered', data: { text: 'late' } },
    told('Done.'),
  ])

  it('has results in the order of the calls, and words behind what the model had heard', () => {
    expect(shown([], run).turns).toEqual([
      { role: 'user', text: 'look\n\n[sent 2026-11-20T21:01Z]' },
      { role: 'assistant', text: 'I look.', calls },
      {
        ...{ role: 'user', text: 'faster' },
        answers: [
          { id: 'a', text: 'one', isError: false },
          { id: 'b', text: 'two', isError: true },
        ],
      },
      { role: 'assistant', text: 'Done.' },
      { role: 'user', text: 'late' },
    ])
  })

  it('that was cancelled answers its open calls, and says so once', () => {
    const cut = [...run.slice(0, 4), ...events('r', [ended({ finish: 'cancelled' })], 5)]
    const next = events('q', [asked('and now?')], 6)
    expect(shown(cut, next).turns.slice(1)).toEqual([
      { role: 'assistant', text: 'I look.', calls },
      {
        ...{ role: 'user', text: '[The person cancelled this here.]\n\nand now?\n\n[sent 2026-11-20T21:01Z]' },
        answers: [
          { id: 'a', text: 'This call was not carried out: the run ended before.', isError: true },
          { id: 'b', text: 'two', isError: true },
        ],
      },
    ])
  })

  it('hears nothing of a message that waits behind it, nor of a run that is set aside', () => {
    const queued = events('q2', [asked('later')], 2)
    const parked = events('p', [asked('parked'), asking], 90)
    expect(shown([...queued, ...parked], run).turns).toEqual(shown([], run).turns)
  })

  it('that repeats another, in a branch before it, sees what it kept of its past', () => {
    const before = events('r0', [asked('hi'), asking, told('Hello.'), ended()])
    const branch: RunEvent[] = events('', [changed({ do: 'branch', from: 's', seq: 4 })], 30, 'again')
    const kept = events('again', [asked('look', { rerunOf: { run: 'r', seq: 5 } }), ...run.slice(1, 5)], 31, 'again')
    const { turns } = shown([...before, ...branch, ...kept], kept)
    expectWellFormed(turns)
    expect(turns.map(({ role, text }) => [role, text.split('\n')[0]])).toEqual([
      ['user', 'hi'],
      ['assistant', 'Hello.'],
      ['user', 'look'],
      ['assistant', 'I look.'],
      ['user', ''],
    ])
  })
})

it('a branch shows what it shares, cut in the middle of a run, and its own', () => {
  const shared = events('r', [asked('one'), asking, told('I.', [toolCall('a')])])
  const own = [changed({ do: 'branch', from: 's', seq: 3 })].flatMap((body) => events('', [body], 9, 'b'))
  const run = events('q', [asked('two')], 10, 'b')
  const { turns } = shown([...shared, ...own], run)
  expectWellFormed(turns)
  expect(turns.at(-1)).toMatchObject({ text: expect.stringContaining('two'), answers: [{ id: 'a', isError: true }] })
})

describe('laws over random sessions', () => {
  it('pairs are never split and roles take turns, whatever happened', () => {
    fc.assert(
      fc.property(randomSession, fc.nat(), (history, at) => {
        expectWellFormed(shown(history, events('now', [asked('?')], 999)).turns)
        // Cut anywhere, as a branch is.
        const cut = history.slice(0, at % history.length)
        expectWellFormed(
          shown(
            cut.map((event) => ({ ...event, session: 'p' })),
            events('now', [asked('?')], 999),
          ).turns,
        )
      }),
    )
  })

  it('what was shown once is the beginning of what is shown next', () => {
    fc.assert(
      fc.property(randomSession, (history) => {
        const asks = history.flatMap((event, index) => (event.type === 'model_asked' ? [index] : []))
        const views = asks.map((index) => {
          const known = history.slice(0, index + 1)
          const { run } = history[index] as RunEvent
          return shown(
            known,
            known.filter((event) => event.run === run),
          ).turns
        })
        views.slice(1).forEach((view, index) => {
          const before = views[index] ?? []
          expect(view.slice(0, before.length - 1)).toEqual(before.slice(0, -1))
          const [old, now] = [before.at(-1), view[before.length - 1]]
          const isCut = history
            .slice(asks[index], asks[index + 1])
            .some(({ type, data }) => type === 'run_ended' && 'finish' in data && data.finish !== 'answered')
          if (!isCut) expect(now).toEqual(old)
        })
      }),
    )
  })

  it('fits the window where more than one piece is there, and keeps the newest word for word', () => {
    fc.assert(
      fc.property(randomSession, fc.integer({ min: 60, max: 400 }), (history, contextTokens) => {
        const now = events('now', [asked('the question')], 999)
        const whole = shown(history, now)
        const cut = shown(history, now, { ...WIDE, contextTokens, reserveTokens: 20 })
        expectWellFormed(cut.turns)
        expect(cut.estimate).toBeLessThanOrEqual(Math.max(whole.estimate, contextTokens))
        expect(cut.turns.at(-1)).toMatchObject({ text: expect.stringContaining('the question') })
        // Turns that are joined are counted apart when it is decided: at most one frame for each run too much.
        if (whole.estimate <= contextTokens - 100) expect(cut).toEqual(whole)
        if (whole.estimate > contextTokens - 20) expect(cut.dropped.pieces).toBeGreaterThan(0)
      }),
    )
  })
})

it('drops old turns in steps, so that the beginning stays the same for a while', () => {
  const text = 'word '.repeat(40)
  const runs = Array.from({ length: 60 }, (_, index) =>
    events(`r${index}`, [asked(text), asking, told(`${index}`), ended()], index * 4 + 1),
  ).flat()
  const window = { ...WIDE, contextTokens: 2_000, reserveTokens: 100 }
  const firstTurns = Array.from(
    { length: 60 },
    (_, index) => shown(runs.slice(0, (index + 1) * 4), [], window).turns[1],
  )
  const changes = firstTurns.filter(
    (turn, index) => index > 0 && JSON.stringify(turn) !== JSON.stringify(firstTurns[index - 1]),
  )
  expect(changes.length).toBeGreaterThan(1)
  expect(changes.length).toBeLessThan(15)
})

it('says again what is being worked on when its beginning had to go', () => {
  const rounds = Array.from({ length: 20 }, (_, index) => [
    asking,
    told('', [toolCall(`c${index}`)]),
    result(`c${index}`, 'x '.repeat(100)),
  ]).flat()
  const run = events('r', [asked('find the needle'), ...rounds])
  const { turns, dropped } = shown([], run, { ...WIDE, contextTokens: 1_000, reserveTokens: 100 })
  expect(dropped.pieces).toBeGreaterThan(5)
  expectWellFormed(turns)
  expect(turns[0]).toEqual({
    role: 'user',
    text: '[Earlier turns of this conversation were left out to make room.]\n\nThe message that is being worked on:\nfind the needle',
  })
})

it('counts pictures, and drops the oldest, a few at once, with a note', () => {
  const image = { mediaType: 'image/png' as const, base64: 'AAAA' }
  const runs = Array.from({ length: 9 }, (_, index) =>
    events(`r${index}`, [asked(`see ${index}`, { images: [image] }), asking, told('ok'), ended()], index * 4 + 1),
  ).flat()
  const now = events('now', [asked('and this', { images: [image] })], 99)
  expect(estimateTurns([{ role: 'user', text: '', images: [image] }])).toBeGreaterThan(3_000)
  const { turns, dropped } = shown(runs, now)
  expect(dropped).toEqual({ pieces: 0, images: 4 })
  expect(turns[0]).toEqual({
    role: 'user',
    text: '[pictures that are not shown again: 1]\n\nsee 0\n\n[sent 2026-11-20T21:02Z]',
  })
  expect(turns.filter((turn) => turn.role === 'user' && turn.images).length).toBe(6)
})

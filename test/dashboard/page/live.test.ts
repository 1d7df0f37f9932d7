import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { retryDelayMs } from '../../../dashboard/web/src/live/backoff.ts'
import { createEventParser } from '../../../dashboard/web/src/live/eventParser.ts'
import { ageMs, isFreshAt, liveWord, STALE_AFTER_MS } from '../../../dashboard/web/src/live/staleness.ts'

const HEARD = { wallMs: 1_000_000, monotonicMs: 5_000 }
const later = (ms: number, wallMs = ms) => ({ wallMs: HEARD.wallMs + wallMs, monotonicMs: HEARD.monotonicMs + ms })

describe('what was heard', () => {
  it('is fresh for 15 s and not longer', () => {
    expect([isFreshAt(HEARD, later(STALE_AFTER_MS)), isFreshAt(HEARD, later(STALE_AFTER_MS + 1))]).toEqual([
      true,
      false,
    ])
    expect(isFreshAt(null, later(0))).toBe(false)
  })

  it('gets old although the clock was set back, and at once when the machine slept', () => {
    expect(isFreshAt(HEARD, later(20_000, -3_600_000))).toBe(false)
    expect(isFreshAt(HEARD, later(10, 3_600_000))).toBe(false)
  })

  it('never has a negative age', () => {
    fc.assert(fc.property(fc.integer(), fc.integer(), (mono, wall) => ageMs(HEARD, later(mono, wall)) >= 0))
  })

  it('is told by a word', () => {
    expect([
      liveWord(HEARD, later(1), false),
      liveWord(HEARD, later(60_000), false),
      liveWord(null, later(0), false),
      liveWord(HEARD, later(1), true),
    ]).toEqual(['live', 'reconnecting', 'reconnecting', 'paused'])
  })
})

describe('the next try', () => {
  it('comes later each time, never later than 15 s, never at once', () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.double({ min: 0, max: 1, noNaN: true }), (tries, chance) => {
        const delay = retryDelayMs(tries, chance)
        expect(delay).toBeGreaterThanOrEqual(250)
        expect(delay).toBeLessThanOrEqual(15_000)
      }),
    )
    expect([0, 1, 2, 3, 9].map((tries) => retryDelayMs(tries, 1))).toEqual([500, 1_000, 2_000, 4_000, 15_000])
  })
})

describe('the stream', () => {
  const text =
    'id: 7.1\nevent: journal\ndata: {"a":\ndata: 1}\n\n: comment\n\nevent:beat\r\ndata:x\r\n\r\ndata: 오뚝이\n\n'
  const events = [
    { id: '7.1', event: 'journal', data: '{"a":\n1}' },
    { id: null, event: 'beat', data: 'x' },
    { id: null, event: 'message', data: '오뚝이' },
  ]

  it('reads the same events whatever the pieces are', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 20 }), (cuts) => {
        const parse = createEventParser()
        const places = [0, ...cuts.toSorted((one, other) => one - other), text.length]
        const pieces = places.slice(1).map((end, at) => text.slice(places[at], end))
        expect(pieces.flatMap(parse)).toEqual(events)
      }),
    )
  })

  it('keeps back what is not whole yet', () => {
    const parse = createEventParser()
    expect(parse('data: 1\n')).toEqual([])
    expect(parse('\n')).toEqual([{ id: null, event: 'message', data: '1' }])
  })
})

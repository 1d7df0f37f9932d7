import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  beginReplay,
  moveOfKey,
  moveReplay,
  pauseBetween,
  REPLAY_PAUSE,
  type ReplayMove,
} from '../../../../dashboard/web/src/views/sessions/replayCursor.ts'
import { fixtureTime } from '../../viewFixtures.ts'

describe('a replay', () => {
  it('plays to its end and stops there; from there it begins anew', () => {
    const begun = moveReplay(beginReplay(3), { do: 'toggle' })
    const played = [1, 2].reduce((cursor) => moveReplay(cursor, { do: 'tick' }), begun)
    expect(played).toEqual({ shown: 3, total: 3, isPlaying: false })
    expect(moveReplay(played, { do: 'toggle' })).toEqual({ shown: 1, total: 3, isPlaying: true })
  })

  it('is ended by a move by hand, and goes on while the run grows', () => {
    const playing = moveReplay(beginReplay(3), { do: 'toggle' })
    expect(moveReplay(playing, { do: 'next' })).toEqual({ shown: 2, total: 3, isPlaying: false })
    expect(moveReplay(playing, { do: 'grow', total: 9 })).toEqual({ shown: 1, total: 9, isPlaying: true })
  })

  it('never leaves its events, whatever is done with it', () => {
    const move: fc.Arbitrary<ReplayMove> = fc.oneof(
      fc
        .constantFrom('next', 'previous', 'first', 'last', 'toggle', 'tick')
        .map((word) => ({ do: word }) as ReplayMove),
      fc.record({ do: fc.constant('go' as const), to: fc.double() }),
      fc.record({ do: fc.constant('grow' as const), total: fc.nat(20) }),
    )
    fc.assert(
      fc.property(fc.nat(20), fc.array(move), (total, moves) => {
        const { shown, total: end } = moves.reduce(moveReplay, beginReplay(total))
        expect(shown >= Math.min(1, end) && shown <= end).toBe(true)
      }),
    )
  })

  it('shortens long waits and stretches bursts', () => {
    expect(pauseBetween(fixtureTime(0), fixtureTime(3_600_000))).toBe(REPLAY_PAUSE.mostMs)
    expect(pauseBetween(fixtureTime(0), fixtureTime(1))).toBe(REPLAY_PAUSE.leastMs)
    expect(pauseBetween(fixtureTime(0), fixtureTime(700))).toBe(700)
    expect(pauseBetween('', 'x')).toBe(REPLAY_PAUSE.leastMs)
  })

  it('knows its keys and no others', () => {
    const keys = ['ArrowRight', 'ArrowLeft', 'Home', 'End', ' ', 'a', 'constructor']
    expect(keys.map((key) => moveOfKey(key)?.do)).toEqual([
      'next',
      'previous',
      'first',
      'last',
      'toggle',
      undefined,
      undefined,
    ])
  })
})

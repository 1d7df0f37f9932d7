import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { HeartbeatCell, HeartbeatWord } from '../../../dashboard/contract.ts'
import { joinCells, joinedBy, nextPlace, WORD_TONES } from '../../../dashboard/web/src/charts/heartbeat.ts'

const words = fc.constantFrom(...(Object.keys(WORD_TONES) as HeartbeatWord[]))
const cells = fc.array(
  fc.record({ at: fc.constant('2026-11-21T00:00:00Z'), word: words, downMs: fc.nat(9_000), incidents: fc.nat(3) }),
  { maxLength: 96 },
)
const sum = (some: readonly HeartbeatCell[], of: 'downMs' | 'incidents') =>
  some.reduce((all, cell) => all + cell[of], 0)

describe('the heartbeat bar', () => {
  it('loses no incident and no time without service when cells are joined, and never looks better than it was', () => {
    fc.assert(
      fc.property(cells, fc.integer({ min: 1, max: 9 }), (all, many) => {
        const joined = joinCells(all, many)
        expect(joined).toHaveLength(Math.ceil(all.length / many))
        expect([sum(joined, 'downMs'), sum(joined, 'incidents')]).toEqual([sum(all, 'downMs'), sum(all, 'incidents')])
        expect(joined.some(({ word }) => word === 'down')).toBe(all.some(({ word }) => word === 'down'))
        if (joined.some(({ word }) => word === 'up')) expect(all.some(({ word }) => word === 'up')).toBe(true)
      }),
    )
  })

  it('keeps the newest cells together and the oldest ones short', () => {
    const three = ['1', '2', '3'].map((at) => ({ at, word: 'up' as const, downMs: 0, incidents: 0 }))
    expect(joinCells(three, 2).map(({ at }) => at)).toEqual(['1', '2'])
  })

  it('has cells of at least the width that a person can see', () => {
    expect([joinedBy(96, 304, 6), joinedBy(96, 1_100, 6), joinedBy(96, 0, 6), joinedBy(0, 300, 6)]).toEqual([
      2, 1, 1, 1,
    ])
  })

  it('is walked with the arrow keys, and the walk stops at its ends', () => {
    expect(['ArrowRight', 'ArrowLeft', 'Home', 'End', 'PageUp', 'a'].map((key) => nextPlace(key, 3, 10))).toEqual([
      4,
      2,
      0,
      9,
      0,
      null,
    ])
    expect([nextPlace('ArrowRight', 9, 10), nextPlace('ArrowLeft', 0, 10)]).toEqual([9, 0])
  })

  it('tells its words apart by shape: no two have the same tone', () => {
    expect(new Set(Object.values(WORD_TONES)).size).toBe(Object.keys(WORD_TONES).length)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isWorthAnAlert, recentFailures, waitAfter, waitBeforeStart, withEnd } from '../../src/rescue/pace.ts'

const end = (monoMs: number, result = 'exit-code', bootId = 'b') => ({ bootId, monoMs, result })

describe('the pace of the rescue', () => {
  it('counts failures of this boot and the last ten minutes alone', () => {
    const ends = [end(0), end(500_000), end(700_000, 'success'), end(800_000, 'watchdog'), end(900_000, 'timeout', 'a')]
    expect(recentFailures(ends, 'b', 900_000)).toBe(2)
  })

  it('starts at once twice, then ever later, never later than a minute', () => {
    expect([0, 1, 2, 3, 4, 5, 6, 7, 100].map(waitBeforeStart)).toEqual([
      0, 0, 0, 5_000, 10_000, 20_000, 40_000, 60_000, 60_000,
    ])
    expect([2, 3].map(isWorthAnAlert)).toEqual([false, true])
    fc.assert(fc.property(fc.nat(1_000), (tries) => waitAfter(tries) <= 60_000 && waitAfter(tries) >= 5_000))
  })

  it('keeps the newest ends', () => {
    const many = Array.from({ length: 50 }, (_, index) => end(index)).reduce<readonly ReturnType<typeof end>[]>(
      withEnd,
      [],
    )
    expect(many.map(({ monoMs }) => monoMs)).toEqual(Array.from({ length: 20 }, (_, index) => 30 + index))
  })
})

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { backoffDelayMs, exponentialBackoff } from '../../src/shared/backoff.ts'

it('doubles up to its limit: 3, 6, 12, 24, 48, 60, 60 s', () => {
  const delays = Array.from({ length: 7 }, (_, attempt) => backoffDelayMs(attempt, 3_000, 60_000))
  expect(delays).toEqual([3_000, 6_000, 12_000, 24_000, 48_000, 60_000, 60_000])
})

it('walks to where the formula jumps, never falls, never passes its limit, and is finite for any attempt', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10_000 }),
      fc.integer({ min: 1, max: 1_000_000 }),
      fc.nat(60),
      (first, max, n) => {
        let walk = exponentialBackoff(first, max)
        const walked = Array.from({ length: n + 1 }, () => {
          const { delayMs } = walk
          walk = walk.next()
          return delayMs
        })
        expect(walked).toEqual(walked.map((_, attempt) => backoffDelayMs(attempt, first, max)))
        expect(walked).toEqual(walked.toSorted((a, b) => a - b))
        expect(Math.max(...walked)).toBeLessThanOrEqual(max)
        expect(backoffDelayMs(1e9, first, max)).toBeLessThanOrEqual(max)
      },
    ),
  )
})

it('is a value: asking for the next one changes nothing', () => {
  const first = exponentialBackoff(10, 100)
  first.next().next()
  expect([first.delayMs, first.next().delayMs]).toEqual([10, 20])
})

import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  addAt,
  blockFrom,
  bucketAt,
  bucketOf,
  bytesOf,
  emptyBlock,
  merged,
} from '../../../src/shared/metrics/bucket.ts'

const measured = fc.double({ noNaN: true, min: -1e15, max: 1e15 })

it('keeps count, minimum, maximum and the weighted mean, however measurements are put together', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(measured, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 8 }),
      (groups) => {
        const ofGroup = (values: readonly number[]) => values.map(bucketOf).reduce((a, b) => merged(a, b))
        const whole = groups.map(ofGroup).reduce((a, b) => merged(a, b))
        const values = groups.flat()
        expect(whole.count).toBe(values.length)
        expect([whole.min, whole.max]).toEqual([Math.min(...values), Math.max(...values)])
        expect(whole.mean).toBeGreaterThanOrEqual(whole.min)
        expect(whole.mean).toBeLessThanOrEqual(whole.max)
        const size = Math.max(...values.map(Math.abs), 1)
        expect(Math.abs(whole.mean - values.reduce((a, b) => a + b, 0) / values.length) / size).toBeLessThan(1e-9)
      },
    ),
  )
})

it('comes back from its bytes with single precision, a mean never outside of what was measured', () => {
  fc.assert(
    fc.property(fc.array(measured, { minLength: 1, maxLength: 20 }), fc.nat(11), (values, index) => {
      const block = emptyBlock(12)
      for (const value of values) addAt(block, index, bucketOf(value))
      // Not at the begin of its buffer, as it may come out of a database.
      const padded = Buffer.concat([Buffer.from('x'), bytesOf(block)]).subarray(1)
      const bucket = bucketAt(blockFrom(padded, 12) ?? emptyBlock(12), index)
      expect(bucket).toMatchObject({
        count: values.length,
        min: Math.min(...values.map(Math.fround)),
        max: Math.max(...values.map(Math.fround)),
      })
      expect(
        (bucket?.mean ?? Number.NaN) >= (bucket?.min ?? 0) && (bucket?.mean ?? Number.NaN) <= (bucket?.max ?? 0),
      ).toBe(true)
      expect(Array.from({ length: 12 }, (_, at) => bucketAt(block, at) !== undefined).filter(Boolean)).toHaveLength(1)
    }),
  )
})

it('is nothing when it is not of this length', () => {
  expect([blockFrom(Buffer.alloc(0), 12), blockFrom(Buffer.alloc(191), 12)]).toEqual([undefined, undefined])
})

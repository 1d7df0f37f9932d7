/** Ids that nobody gave: of version 7, distinct, and in the order of their time. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { newId } from '../../src/shared/newId.ts'

const LATEST_MS = 2 ** 48 - 1
const momentMs = fc.integer({ min: 0, max: LATEST_MS })

it('is an id of version 7 that tells its time', () => {
  fc.assert(
    fc.property(momentMs, (nowMs) => {
      const id = newId(nowMs)
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
      expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(nowMs)
    }),
  )
})

it('differs from every other one of the same moment, and sorts by time', () => {
  fc.assert(
    fc.property(momentMs, momentMs, (a, b) => {
      expect(newId(a)).not.toBe(newId(a))
      if (a !== b) expect(newId(a) < newId(b)).toBe(a < b)
    }),
  )
})

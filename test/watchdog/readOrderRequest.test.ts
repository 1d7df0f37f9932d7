/** What lay among the orders is carried out in its boot and time only. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ORDER_LASTS_MS, ORDERS, type Order } from '../../src/shared/orderFiles.ts'
import { readOrderRequest } from '../../src/watchdog/readOrderRequest.ts'

const NOW = { bootId: 'this boot', monoMs: 1_000_000 }
const good: Order = {
  ...{ order: 'restart', key: 'k-1', minutes: null, reason: 'why', by: 'kim', at: '2026-03-02T12:00:00.000Z' },
  ...{ bootId: NOW.bootId, expiresMonoMs: NOW.monoMs + 1 },
}

it('takes an order of now', () => {
  expect(readOrderRequest(good, NOW)).toEqual({ ok: true, order: good })
})

it.each([
  ['another boot', { bootId: 'the boot before' }],
  ['over by its time', { expiresMonoMs: NOW.monoMs }],
  ['a time that nobody gives', { expiresMonoMs: NOW.monoMs + ORDER_LASTS_MS + 1 }],
  ['no time at all', { expiresMonoMs: Number.POSITIVE_INFINITY }],
])('does nothing for %s', (_, change) => {
  expect(readOrderRequest({ ...good, ...change }, NOW)).toMatchObject({ ok: false, why: 'expired' })
})

it.each([
  [undefined],
  [null],
  ['restart'],
  [{ ...good, order: 'reboot' }],
  [{ ...good, order: 'constructor' }],
  [{ ...good, key: '../x' }],
  [{ ...good, by: 7 }],
  [{ ...good, expiresMonoMs: '9' }],
  [{ ...good, order: 'maintenance-on', minutes: -1 }],
  [{ ...good, order: 'maintenance-on', minutes: null }],
])('does not know %j', (value) => {
  expect(readOrderRequest(value, NOW)).toEqual({ ok: false, why: 'unreadable' })
})

it('never throws, and never takes what is not of this boot and time', () => {
  const anyOrder = fc.record(
    {
      order: fc.oneof(fc.constantFrom(...ORDERS), fc.string()),
      key: fc.string(),
      minutes: fc.oneof(fc.constant(null), fc.double()),
      reason: fc.string(),
      by: fc.string(),
      at: fc.string(),
      bootId: fc.constantFrom(NOW.bootId, 'other'),
      expiresMonoMs: fc.double(),
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(fc.oneof(anyOrder, fc.anything()), (value) => {
      const judged = readOrderRequest(value, NOW)
      if (!judged.ok) return
      const { bootId, expiresMonoMs } = judged.order
      const leftMs = expiresMonoMs - NOW.monoMs
      expect([bootId, leftMs > 0, leftMs <= ORDER_LASTS_MS]).toEqual([NOW.bootId, true, true])
    }),
  )
})

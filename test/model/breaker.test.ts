/** The breaker of a provider: opens after failures in a row, lets one call try, and closes with a success. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Breaker, blockedMs, CLOSED, ended, entered, signOf } from '../../src/model/breaker.ts'
import { FAILURE_KINDS } from '../../src/model/modelCall.ts'

const LIMITS = { breakAfter: 3, breakMs: 1_000 }
const down = (breaker: Breaker, nowMs = 0) => ended(breaker, 'down', nowMs, LIMITS)

it('opens after failures in a row, and one success between them begins anew', () => {
  const twice = down(down(CLOSED))
  expect([twice, ended(twice, 'up', 0, LIMITS), down(twice, 500)]).toEqual([
    { name: 'closed', failures: 2 },
    CLOSED,
    { name: 'open', untilMonoMs: 1_500 },
  ])
})

it('lets one call try after the pause; its failure opens it again, its success closes it, its cancellation leaves it to the next', () => {
  const open: Breaker = { name: 'open', untilMonoMs: 1_000 }
  expect([blockedMs(open, 400), blockedMs(open, 1_000)]).toEqual([600, 0])
  const probing = entered(open)
  expect(blockedMs(probing, 1_000)).toBeGreaterThan(0)
  expect([
    ended(probing, 'down', 1_200, LIMITS),
    ended(probing, 'up', 1_200, LIMITS),
    blockedMs(ended(probing, 'unknown', 1_200, LIMITS), 1_200),
  ]).toEqual([{ name: 'open', untilMonoMs: 2_200 }, CLOSED, 0])
})

it('calls that began before it opened neither lengthen the pause nor keep it when the provider answers', () => {
  const open: Breaker = { name: 'open', untilMonoMs: 1_000 }
  expect([down(open, 900), ended(open, 'up', 900, LIMITS), ended(open, 'unknown', 900, LIMITS)]).toEqual([
    open,
    CLOSED,
    open,
  ])
})

it('only silence, overload and a lost connection speak against a provider', () => {
  expect(FAILURE_KINDS.filter((kind) => signOf(kind) === 'down')).toEqual(['overloaded', 'timeout', 'network'])
  expect([signOf('ok'), signOf('rate-limited'), signOf('cancelled')]).toEqual(['up', 'up', 'unknown'])
})

it('law: never blocks longer than the pause, and always lets somebody through in the end', () => {
  const step = fc.record({
    sign: fc.constantFrom('up' as const, 'down' as const, 'unknown' as const),
    waitMs: fc.nat(700),
  })
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      let breaker: Breaker = CLOSED
      let nowMs = 0
      for (const { sign, waitMs } of steps) {
        nowMs += waitMs
        if (blockedMs(breaker, nowMs) > 0) {
          expect(blockedMs(breaker, nowMs)).toBeLessThanOrEqual(LIMITS.breakMs)
          continue
        }
        breaker = ended(entered(breaker), sign, nowMs, LIMITS)
        // One call at a time: nobody stays behind who tries.
        expect(breaker.name).not.toBe('probing')
      }
      expect(blockedMs(breaker, nowMs + LIMITS.breakMs)).toBe(0)
    }),
  )
})

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createAwakeClock } from '../../src/watchdog/lateness.ts'

const PERIOD_MS = 250
const JITTER_MS = 250

/** How late each beat is, at most a suspend of a day; gaps older than two minutes of being awake are forgotten, so there are few. */
const lateness = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.nat(JITTER_MS) },
    { weight: 1, arbitrary: fc.integer({ min: JITTER_MS + 1, max: 20_000 }) },
  ),
  { minLength: 1, maxLength: 20 },
)

it('an event is as old as the time that the clock was awake since: never more than was seen, never less than nothing', () => {
  fc.assert(
    fc.property(lateness, fc.nat(19), (lates, after) => {
      const awake = createAwakeClock(PERIOD_MS, 0)
      let now = 0
      let eventAt: number | undefined
      let awakeMs = 0
      for (const [index, lateMs] of lates.entries()) {
        if (index === Math.min(after, lates.length - 1)) eventAt = now
        now += PERIOD_MS + lateMs
        expect(awake.beat(now)).toBe(lateMs)
        if (eventAt !== undefined) awakeMs += PERIOD_MS + (lateMs > JITTER_MS ? 0 : lateMs)
        if (now - (eventAt ?? now) >= 110_000) break
      }
      expect(awake.ageOf(eventAt ?? now, now)).toBeCloseTo(awakeMs, 6)
    }),
    { numRuns: 500 },
  )
})

it('for any event at any time: 0 ≤ age ≤ what the clock on the wall says', () => {
  fc.assert(
    fc.property(
      lateness,
      fc.double({ min: -5_000, max: 200_000, noNaN: true }),
      fc.nat(5_000),
      (lates, at, laterMs) => {
        const awake = createAwakeClock(PERIOD_MS, 0)
        let now = 0
        for (const lateMs of lates) {
          now += PERIOD_MS + lateMs
          awake.beat(now)
        }
        const age = awake.ageOf(at, now + laterMs)
        expect(age).toBeGreaterThanOrEqual(0)
        expect(age).toBeLessThanOrEqual(Math.max(0, now + laterMs - at))
      },
    ),
  )
})

it('a suspend in the middle is taken off as far as it lies after the event', () => {
  const awake = createAwakeClock(PERIOD_MS, 0)
  awake.beat(250)
  awake.beat(3_600_500)
  expect(awake.ageOf(250, 3_600_500)).toBe(250)
  expect(awake.ageOf(3_600_400, 3_600_500)).toBe(0)
  expect(awake.ageOf(3_600_500, 3_601_500)).toBe(1_000)
})

it('an ordinary jitter is no sleep, and a clock that went back is none either', () => {
  const awake = createAwakeClock(PERIOD_MS, 0)
  expect([awake.beat(500), awake.beat(400), awake.beat(650)]).toEqual([250, 0, 0])
  expect(awake.ageOf(0, 650)).toBe(650)
})

/** A clock that is set back gives nobody a fresh budget. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createPurse } from '../../src/model/budgetPurse.ts'
import { NO_LIMITS } from './gateRig.ts'

const HOUR_MS = 3_600_000
const NOON_MS = new Date(2026, 10, 21, 12).getTime()
const WHO = { run: 'new', session: 'new', job: 'j' }

/** A purse of a day whose whole budget was spent at noon. */
function spentPurse(wallMs: () => number, limits: object) {
  const rows = [{ at: new Date(NOON_MS).toISOString(), usd: 5, tokens: 100 }]
  return createPurse({
    settings: { ...NO_LIMITS, ...limits },
    spent: ({ run, session, sinceAt = '' }) => {
      const counted = rows.filter(({ at }) => run === undefined && session === undefined && at >= sinceAt)
      return { usd: counted.length * 5, tokens: counted.length * 100 }
    },
    wallMs,
    monoMs: () => 0,
  })
}

it.each([
  ['day', { dayUsd: 5 }],
  ['month', { monthUsd: 5 }],
  ['job', { jobUsd: 5 }],
  ['day', { dayTokens: 100 }],
])('the %s that is used up stays so (%j)', (name, limits) => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 70 * 24 }), (hours) => {
      let nowMs = NOON_MS + 1
      const purse = spentPurse(() => nowMs, limits)
      expect(purse.check(WHO, { usd: 0.01, tokens: 1 })?.limit.name).toBe(name)
      nowMs -= hours * HOUR_MS
      expect(purse.check(WHO, { usd: 0.01, tokens: 1 })?.limit.name).toBe(name)
      expect(purse.open(WHO).hold({ usd: 0.01, tokens: 1 })?.limit.name).toBe(name)
    }),
  )
})

/** Limits: which hold for a call, and whose calls they count. */
import { expect, it } from 'vitest'
import { excessOf, isWithin, limitsOf, shareOf } from '../../src/model/budget.ts'
import { NO_LIMITS } from './gateRig.ts'

const PERIODS = { dayAt: '2026-11-21T00:00:00.000Z', monthAt: '2026-11-01T00:00:00.000Z' }
const ALL = { ...NO_LIMITS, monthUsd: 50, runUsd: 1, sessionUsd: 2, jobUsd: 3, runTokens: 10, dayTokens: 20 }

it('every limit that is set holds, the narrowest first, with the scope that it counts', () => {
  expect(limitsOf({ run: 'r', session: 's', tree: 't', job: 'j' }, ALL, PERIODS)).toEqual([
    { name: 'run', key: 'run r', scope: { run: 'r' }, usd: 1, tokens: 10 },
    { name: 'session', key: 'session t', scope: { tree: 't' }, usd: 2, tokens: undefined },
    {
      ...{ name: 'job', key: `job j ${PERIODS.dayAt}`, usd: 3, tokens: undefined },
      scope: { job: 'j', sinceAt: PERIODS.dayAt },
    },
    { name: 'day', key: `day ${PERIODS.dayAt}`, scope: { sinceAt: PERIODS.dayAt }, usd: 1_000, tokens: 20 },
    { name: 'month', key: `month ${PERIODS.monthAt}`, scope: { sinceAt: PERIODS.monthAt }, usd: 50, tokens: undefined },
  ])
})

it('what is not set does not hold; nothing to spend today is a limit', () => {
  const limits = limitsOf({ run: 'r', session: 's' }, { ...NO_LIMITS, dayUsd: 0 }, PERIODS)
  expect(limits.map(({ name, usd }) => [name, usd])).toEqual([['day', 0]])
})

it('a session without a root is its own', () => {
  const [, session] = limitsOf({ run: 'r', session: 's' }, ALL, PERIODS)
  expect(session).toEqual({ name: 'session', key: 'session s', scope: { session: 's' }, usd: 2, tokens: undefined })
})

it('the smaller of two limits of a run holds', () => {
  const usdOf = (usd: number) => limitsOf({ run: 'r', session: 's', limits: { usd } }, ALL, PERIODS)[0]?.usd
  expect([usdOf(0.5), usdOf(7), usdOf(0)]).toEqual([0.5, 1, 0])
})

it('counts a call in its own scopes only', () => {
  const who = { run: 'r', session: 's', tree: 't', job: 'j' }
  const scopes = [
    {},
    { run: 'r' },
    { run: 'x' },
    { session: 's' },
    { session: 'x' },
    { tree: 't' },
    { tree: 's' },
    { job: 'j' },
    { job: 'x' },
  ]
  expect(scopes.map((scope) => isWithin(who, scope))).toEqual([
    true,
    true,
    false,
    true,
    false,
    true,
    false,
    true,
    false,
  ])
  expect(isWithin({ run: 'r', session: 's' }, { tree: 's' })).toBe(true)
})

it('a limit says what was used, what the call may need and what it allows; what costs nothing is no matter of money', () => {
  const limit = { name: 'day', key: 'd', scope: {}, usd: 1, tokens: 100 } as const
  const used = { usd: 0.9, tokens: 95 }
  expect([
    excessOf(limit, used, { usd: 0.1, tokens: 5 }),
    excessOf(limit, used, { usd: 0.2, tokens: 5 }),
    excessOf(limit, used, { usd: 0, tokens: 6 }),
    excessOf(limit, { usd: 2, tokens: 0 }, { usd: 0, tokens: 6 }),
  ]).toEqual([
    undefined,
    { limit, unit: 'usd', used: 0.9, worst: 0.2, most: 1 },
    { limit, unit: 'tokens', used: 95, worst: 6, most: 100 },
    undefined,
  ])
  expect(shareOf(limit, used)).toEqual({ share: 0.95, unit: 'tokens' })
})

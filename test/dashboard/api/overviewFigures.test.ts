/** Figures of a day, laws of quantiles, money, and the first sentence. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DayEvent } from '../../../dashboard/api/overviewDay.ts'
import { modelFigures, quantile, sessionFigures, toolFigures } from '../../../dashboard/api/overviewFigures.ts'
import { type AgentSpent, moneyOf } from '../../../dashboard/api/overviewMoney.ts'
import { sentenceOf } from '../../../dashboard/api/overviewSentence.ts'
import { defaultSettings } from '../../../src/shared/config/load.ts'
import type { Status } from '../../../src/shared/status.ts'
import { anIncident } from '../dashboardApp.ts'

const event = (type: DayEvent['type'], more: Partial<DayEvent> = {}): DayEvent => ({
  seq: 1,
  run: 'r1',
  session: 's1',
  type,
  atMs: 0,
  provider: null,
  model: null,
  isSilent: false,
  tokens: 0,
  usd: 0,
  isPriced: true,
  latencyMs: null,
  tool: null,
  isWell: true,
  tookMs: null,
  ...more,
})

describe('quantile', () => {
  it('is a value of the list, never above the next share', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true }), { minLength: 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, share) => {
          const found = quantile(values, share)
          expect(values).toContain(found)
          expect(values.filter((value) => value <= (found ?? 0)).length).toBeGreaterThanOrEqual(
            Math.max(1, share * values.length) - 1e-9,
          )
          expect(quantile(values, 1)).toBe(Math.max(...values))
        },
      ),
    )
  })
  it('is not known of nothing', () => expect(quantile([], 0.5)).toBeNull())
})

it('counts models, tools and sessions; what nobody knows is null', () => {
  const call = (more: Partial<DayEvent>) => event('model_answered', { provider: 'p', model: 'm', ...more })
  expect(
    modelFigures([
      call({ latencyMs: 100, tokens: 5, usd: 0.5 }),
      call({ latencyMs: 300, tokens: 5, usd: 0.25 }),
      call({ isSilent: true, latencyMs: 9_000 }),
      event('model_answered', { model: 'local', tokens: 1 }),
    ]),
  ).toEqual([
    { model: 'p/m', calls: 3, failed: 1, tokens: 10, usd: 0.75, medianMs: 100, p95Ms: 300 },
    { model: 'local', calls: 1, failed: 0, tokens: 1, usd: 0, medianMs: null, p95Ms: null },
  ])
  expect(
    toolFigures([
      event('tool_ended', { tool: 'shell', tookMs: 10 }),
      event('tool_ended', { tool: 'shell', tookMs: 30, isWell: false }),
    ]),
  ).toEqual([{ tool: 'shell', runs: 2, failed: 1, medianMs: 10, p95Ms: 30 }])
  expect(
    sessionFigures([
      event('run_ended', { run: 'before' }),
      event('message_in', { run: 'a', atMs: 1_000 }),
      event('model_answered', { run: 'a' }),
      event('model_answered', { run: 'a' }),
      event('run_ended', { run: 'a', atMs: 4_000 }),
      event('message_in', { run: 'b', session: 's2', atMs: 9_000 }),
      event('run_ended', { run: 'b', atMs: 8_000 }),
      event('message_in', { run: 'c', session: 's2', atMs: 9_500 }),
    ]),
  ).toEqual({ active: 2, runs: 3, medianRounds: 0, medianResponseMs: 0, p95ResponseMs: 3_000 })
  expect(sessionFigures([])).toEqual({
    active: 0,
    runs: 0,
    medianRounds: null,
    medianResponseMs: null,
    p95ResponseMs: null,
  })
})

describe('money', () => {
  const settings = defaultSettings()
  const at = (text: string) => new Date(text).getTime()
  const spent = (more: Partial<AgentSpent>): AgentSpent => ({
    todayUsd: 1,
    monthUsd: 10,
    hourUsd: 0.5,
    sinceMs: 0,
    ...more,
  })
  const money = (agent: AgentSpent, nowMs: number) =>
    moneyOf(
      { agent: { ok: true, value: agent }, healerTodayUsd: { ok: true, value: 0.1 }, unpricedCalls: 2, settings },
      nowMs,
    )

  it('goes on at the pace of the month', () => {
    expect(money(spent({}), at('2026-06-11T00:00:00'))).toEqual({
      todayUsd: 1,
      limitUsd: 5,
      healerTodayUsd: 0.1,
      healerLimitUsd: 0.5,
      burnUsdPerHour: 0.5,
      monthUsd: 10,
      monthForecastUsd: 30,
      monthLimitUsd: null,
      unpricedCalls: 2,
    })
  })
  it('guesses nothing out of too little', () => {
    const first = at('2026-06-01T12:00:00')
    expect(money(spent({ sinceMs: null }), first)).toMatchObject({ burnUsdPerHour: null, monthForecastUsd: null })
    expect(money(spent({ sinceMs: first - 9 * 60_000 }), first).burnUsdPerHour).toBeNull()
    expect(money(spent({ sinceMs: first - 30 * 60_000 }), first).burnUsdPerHour).toBe(1)
    expect(money(spent({ sinceMs: first + 60_000 }), first).burnUsdPerHour).toBeNull()
    const unread = moneyOf(
      { agent: { ok: false, reason: 'x' }, healerTodayUsd: { ok: false, reason: 'x' }, unpricedCalls: 0, settings },
      first,
    )
    expect([unread.burnUsdPerHour, unread.monthForecastUsd]).toEqual([null, null])
  })
})

describe('the first sentence', () => {
  const nowMs = new Date('2026-05-04T14:30:00').getTime()
  const status = (state: string, sinceMs: number | null) =>
    ({ state, since: sinceMs === null ? null : new Date(nowMs - sinceMs).toISOString() }) as Status
  const healed = anIncident('I1', { closedAt: new Date('2026-05-04T14:02:00').toISOString(), costUsd: 0.01 })

  it('says how it is, for how long, and what was healed last', () => {
    const say = (language: 'en' | 'ko') =>
      sentenceOf(language, status('healthy', 76 * 3_600_000 + 59_000), [healed], nowMs)
    expect(say('en')).toBe('Healthy for 3 d 4 h. Last healed 14:02: stale-lock, 6.0 s down, $0.01.')
    expect(say('ko')).toBe('정상, 3일 4시간째입니다. 마지막 회복 14:02: stale-lock, 6.0초 중단, $0.01.')
  })
  it('names the open one, not the healed one', () => {
    const open = anIncident('I2', {
      closedAt: null,
      outcome: 'open',
      openedAt: new Date('2026-05-03T09:00:00').toISOString(),
    })
    expect(sentenceOf('en', status('repairing', null), [open, healed], nowMs)).toBe(
      'Under repair by the guardian. Open incident I2 since 2026-05-03 09:00: stale-lock.',
    )
  })
  it('knows nothing where nobody watches, nor of a clock that was put back', () => {
    expect(sentenceOf('en', status('strange', null), [], nowMs)).toBe('Unknown: nobody watches.')
    expect(sentenceOf('en', status('healthy', -5_000), [], nowMs)).toBe('Healthy for 0.0 s.')
  })
  it('shows what hides in a word', () => {
    const nasty = anIncident('I1', { fault: '<b>\u202e\u0007' + 'x'.repeat(1_000_000), closedAt: 'never' })
    const said = sentenceOf('en', status('healthy', null), [nasty], nowMs)
    expect(said).toContain('<b>\\u{202e}\\u{7}')
    expect(said.length).toBeLessThan(300)
  })
})

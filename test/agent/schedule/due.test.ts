/** When a job is due: clock changes, month ends, and laws that hold for every window. */
import fc from 'fast-check'
import { createTask } from 'node-cron'
import { describe, expect, it } from 'vitest'
import { type Due, dueSlots, latestSlots, nextDues } from '../../../src/agent/schedule/due.ts'

function job(line: string, zone = 'UTC'): Due {
  return { id: 'j', trigger: { kind: 'cron', line }, zone, createdMs: 0 }
}

function between(due: Due, from: string, to: string): string[] {
  return dueSlots(due, Date.parse(from), Date.parse(to)).map(({ dueMs }) =>
    new Date(dueMs).toISOString().replace('.000', ''),
  )
}

describe('a local time', () => {
  it.each([
    [
      'that does not exist is due at the first instant after the gap',
      'Europe/Berlin',
      '30 2 * * *',
      '2026-03-28T12:00Z',
      ['2026-03-29T01:00:00Z', '2026-03-30T00:30:00Z'],
    ],
    [
      'that exists twice is due the first time',
      'Europe/Berlin',
      '30 2 * * *',
      '2026-10-24T12:00Z',
      ['2026-10-25T00:30:00Z', '2026-10-26T01:30:00Z'],
    ],
    [
      'in the gap of New York',
      'America/New_York',
      '15 2 * * *',
      '2026-03-07T12:00Z',
      ['2026-03-08T07:00:00Z', '2026-03-09T06:15:00Z'],
    ],
    [
      'twice in New York',
      'America/New_York',
      '30 1 * * *',
      '2026-10-31T12:00Z',
      ['2026-11-01T05:30:00Z', '2026-11-02T06:30:00Z'],
    ],
    [
      'in the half hour of Lord Howe',
      'Australia/Lord_Howe',
      '15 2 * * *',
      '2026-10-03T00:00Z',
      ['2026-10-03T15:30:00Z', '2026-10-04T15:15:00Z'],
    ],
    [
      'twice on Lord Howe',
      'Australia/Lord_Howe',
      '45 1 * * *',
      '2026-04-04T00:00Z',
      ['2026-04-04T14:45:00Z', '2026-04-05T15:15:00Z'],
    ],
    [
      'of Seoul, where no clock changes',
      'Asia/Seoul',
      '0 8 * * *',
      '2026-03-28T00:00Z',
      ['2026-03-28T23:00:00Z', '2026-03-29T23:00:00Z'],
    ],
  ])('%s', (...[, zone, line, from, expected]) => {
    const toMs = Date.parse(from) + 2 * 86_400_000
    expect(between(job(line, zone), from, new Date(toMs).toISOString())).toEqual(expected)
  })

  it('that fell into a gap shares its instant with what is due then anyway', () => {
    const due = between(job('0,30 2,3 * * *', 'Europe/Berlin'), '2026-03-29T00:00Z', '2026-03-29T12:00Z')
    expect(due).toEqual(['2026-03-29T01:00:00Z', '2026-03-29T01:30:00Z'])
  })

  it('of a day that a zone left out is due once, when the next one begins', () => {
    const due = between(job('0 6,18 * * *', 'Pacific/Apia'), '2011-12-29T20:00Z', '2011-12-30T20:00Z')
    expect(due).toEqual(['2011-12-30T04:00:00Z', '2011-12-30T10:00:00Z', '2011-12-30T16:00:00Z'])
  })
})

describe('the calendar', () => {
  it.each([
    ['leap days', '0 0 29 2 *', ['2028-02-29', '2032-02-29', '2036-02-29']],
    ['months with 31 days', '0 0 31 * *', ['2027-01-31', '2027-03-31', '2027-05-31']],
    ['last days of the month', '0 0 L * *', ['2027-01-31', '2027-02-28', '2027-03-31']],
    ['Fridays that are a 13th: both must fit', '0 0 13 * 5', ['2027-08-13', '2028-10-13', '2029-04-13']],
  ])('%s', (_, line, expected) => {
    const next = nextDues(job(line), Date.parse('2027-01-01T00:00Z'), 3)
    expect(next.map((dueMs) => new Date(dueMs).toISOString().slice(0, 10))).toEqual(expected)
  })

  it('agrees with node-cron about moments in three months', () => {
    for (const line of ['*/7 3,15 1-9 */2 1-5', '5 0 LW * *', '0 12 15W * *', '0 9 * * 1#2', '0 9 * * 5L']) {
      const oracle = createTask(line, () => {}, { timezone: 'Asia/Seoul' })
      void oracle.destroy()
      const due = new Set(
        dueSlots(job(line, 'Asia/Seoul'), Date.parse('2027-01-01T00:00Z'), Date.parse('2027-04-01T00:00Z')).map(
          ({ dueMs }) => dueMs,
        ),
      )
      for (const dueMs of due) expect(oracle.match(new Date(dueMs))).toBe(true)
      for (let ms = Date.parse('2027-01-01T00:01Z'); ms <= Date.parse('2027-04-01T00:00Z'); ms += 7 * 60_000) {
        if (oracle.match(new Date(ms))) expect(due.has(ms)).toBe(true)
      }
    }
  })
})

const ZONES = ['Europe/Berlin', 'America/New_York', 'Asia/Seoul', 'Australia/Lord_Howe', 'UTC']
const LINES = ['*/10 * * * *', '30 2 * * *', '0 0 L * *', '15 1,2,3 * * 0', '0 */5 29 2 *', '*/30 */2 * * * *']

const aJob: fc.Arbitrary<Due> = fc.oneof(
  fc
    .record({ line: fc.constantFrom(...LINES), zone: fc.constantFrom(...ZONES) })
    .map(({ line, zone }) => job(line, zone)),
  fc
    .integer({ min: 60_000, max: 90_000_000 })
    .map((everyMs) => ({ ...job(''), trigger: { kind: 'every' as const, everyMs } })),
  fc
    .constantFrom('2026-03-29T01:00:00.000Z', '2026-10-25T00:30:00.000Z')
    .map((at) => ({ ...job(''), trigger: { kind: 'at' as const, at } })),
)
// Windows lie about the nights in which clocks change.
const aMoment = fc
  .tuple(
    fc.constantFrom('2026-03-08', '2026-03-29', '2026-04-05', '2026-10-04', '2026-10-25', '2026-11-01', '2028-02-29'),
    fc.integer({ min: -20 * 3_600_000, max: 20 * 3_600_000 }),
  )
  .map(([day, shift]) => Date.parse(`${day}T00:00Z`) + shift)

describe('for every job and window', () => {
  it('a window that is cut has the same moments as its pieces, each once, ascending', () => {
    fc.assert(
      fc.property(
        aJob,
        aMoment,
        fc.array(fc.integer({ min: 0, max: 5_000_000 }), { minLength: 1, maxLength: 5 }),
        (due, fromMs, steps) => {
          const cuts = [fromMs]
          for (const step of steps) cuts.push((cuts.at(-1) ?? fromMs) + step)
          const whole = dueSlots(due, fromMs, cuts.at(-1) ?? fromMs)
          const pieces = cuts.slice(1).flatMap((toMs, index) => dueSlots(due, cuts[index] ?? 0, toMs))
          expect(pieces).toEqual(whole)
          expect(whole.map(({ dueMs }) => dueMs)).toEqual(
            [...new Set(whole.map(({ dueMs }) => dueMs))].toSorted((a, b) => a - b),
          )
        },
      ),
      { numRuns: 150 },
    )
  })

  it('the next moments and the latest ones are those of a window', () => {
    fc.assert(
      fc.property(aJob, aMoment, fc.integer({ min: 1, max: 4 }), (due, fromMs, count) => {
        const toMs = fromMs + 2 * 86_400_000
        const slots = dueSlots(due, fromMs, toMs)
        expect(latestSlots(due, { fromMs, toMs, count })).toEqual(slots.slice(-count))
        const wanted = slots.slice(0, count).map(({ dueMs }) => dueMs)
        if (wanted.length > 0) expect(nextDues(due, fromMs, wanted.length)).toEqual(wanted)
      }),
      { numRuns: 60 },
    )
  })
})

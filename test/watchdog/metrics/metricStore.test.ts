import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Bucket, bucketOf, merged } from '../../../src/shared/metrics/bucket.ts'
import { readHeartbeat } from '../../../src/shared/metrics/heartbeatReader.ts'
import { SERIES } from '../../../src/shared/metrics/seriesNames.ts'
import { readSeries } from '../../../src/shared/metrics/seriesReader.ts'
import { HEALTH_TIERS, type HealthWord, mostRows, TIERS } from '../../../src/shared/metrics/tiers.ts'
import {
  createMetricStore,
  type Measurements,
  type WriteMeasurements,
} from '../../../src/watchdog/metrics/metricStore.ts'
import { METRICS_SCHEMA } from '../../../src/watchdog/metrics/schema.ts'
import { openWatchStore } from '../../../src/watchdog/store.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** A whole hour, and a whole day. */
const T0 = 20_000 * DAY

let folder: string
let db: Database.Database
let write: WriteMeasurements
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ottugi-metrics-'))
  const store = openWatchStore(join(folder, 'watchdog.db'))
  db = store.database
  write = createMetricStore(db)
})
afterEach(() => {
  db.close()
  rmSync(folder, { recursive: true, force: true })
})

function measurements(series: string, values: readonly (readonly [number, number])[]): Measurements {
  const buckets = new Map<number, Bucket>()
  for (const [at, value] of values) {
    const begin = Math.floor(at / 5_000) * 5_000
    buckets.set(begin, merged(buckets.get(begin), bucketOf(value)))
  }
  return { buckets: new Map([[series, buckets]]), health: new Map() }
}

const read = (fromMs: number, toMs: number, points: number, nowMs = toMs) =>
  readSeries(db, { names: ['host.cpu'], fromMs, toMs, points, nowMs })

it('gives back what was written, gapless, with null where nothing was measured, from each tier', () => {
  write(
    measurements('host.cpu', [
      [T0 + 1, 0.25],
      [T0 + 4_999, 0.75],
      [T0 + 10_000, 1],
    ]),
  )
  write(
    measurements('host.cpu', [
      [T0 + MINUTE, 3],
      [T0 + HOUR, 5],
    ]),
  )
  expect(read(T0, T0 + 20_000, 4)).toEqual({
    stepMs: 5_000,
    at: [T0, T0 + 5_000, T0 + 10_000, T0 + 15_000],
    columns: [
      {
        name: 'host.cpu',
        unit: 'share',
        mean: [0.5, null, 1, null],
        min: [0.25, null, 1, null],
        max: [0.75, null, 1, null],
      },
    ],
  })
  // Two values count twice as much as one.
  const minutes = read(T0, T0 + 3 * MINUTE, 3)
  expect([minutes.stepMs, minutes.columns[0]?.mean]).toEqual([MINUTE, [Math.fround(2 / 3), 3, null]])
  const hours = read(T0 - HOUR, T0 + 2 * HOUR, 3)
  expect([hours.stepMs, hours.columns[0]?.mean, hours.columns[0]?.max]).toEqual([
    HOUR,
    [null, expect.closeTo(5 / 4, 6), 5],
    [null, 3, 5],
  ])
})

it('answers from the tier that reaches back so far', () => {
  write(measurements('host.cpu', [[T0, 7]]))
  const steps = [HOUR, 3 * DAY, 100 * DAY].map((age) => read(T0, T0 + 20_000, 4, T0 + age).stepMs)
  expect(steps).toEqual([5_000, MINUTE, HOUR])
})

it('never answers with more buckets than were asked for, and covers all of the time', () => {
  const span = fc.integer({ min: 1, max: 500 * DAY })
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2 * T0 }),
      span,
      fc.integer({ min: -5, max: 5_000 }),
      span,
      (fromMs, spanMs, points, age) => {
        const { at, stepMs, columns } = read(fromMs, fromMs + spanMs, points, fromMs + age)
        expect(at.length).toBeLessThanOrEqual(Math.max(2, Math.min(points, 2_000)))
        expect(at[0]).toBeLessThanOrEqual(fromMs)
        expect((at.at(-1) ?? 0) + stepMs).toBeGreaterThanOrEqual(fromMs + spanMs)
        expect(at.every((begin, index) => begin === (at[0] ?? 0) + index * stepMs)).toBe(true)
        expect(columns[0]?.mean.length).toBe(at.length)
      },
    ),
    { numRuns: 300 },
  )
})

/** A history: the clock goes on, jumps forth and back, the machine sleeps, the watchdog is started again, what runs comes and goes. */
const step = fc.record({
  jumpMs: fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 0, max: 2 * MINUTE }) },
    { weight: 2, arbitrary: fc.integer({ min: -3 * HOUR, max: 3 * HOUR }) },
    { weight: 1, arbitrary: fc.integer({ min: -T0, max: 2 * T0 }) },
  ),
  series: fc.subarray([...SERIES.keys()], { minLength: 1, maxLength: 4 }),
  samples: fc.array(fc.tuple(fc.integer({ min: 0, max: MINUTE }), fc.double({ noNaN: true, min: 0, max: 1e12 })), {
    maxLength: 15,
  }),
  word: fc.constantFrom<HealthWord>('up', 'degraded', 'down', 'maintenance', 'stopped'),
  isRestarted: fc.boolean(),
})

it('stays within its bounds, and tells of a jump only by gaps, whatever history it sees', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (history) => {
      const own = new Database(':memory:')
      own.exec(METRICS_SCHEMA)
      let writeOwn = createMetricStore(own)
      let clock = T0
      for (const { jumpMs, series, samples, word, isRestarted } of history) {
        clock = Math.max(0, clock + jumpMs)
        if (isRestarted) writeOwn = createMetricStore(own)
        const all = new Map(
          series.map((name) => [
            name,
            measurements(
              name,
              samples.map(([at, value]) => [clock + at, value]),
            ).buckets.get(name) ?? new Map(),
          ]),
        )
        writeOwn({ buckets: all, health: new Map([[Math.floor(clock / MINUTE) * MINUTE, { [word]: 45_000 }]]) })
        for (const tier of TIERS) expect(count(own, tier.table)).toBeLessThanOrEqual(mostRows(tier))
      }
      for (const { table, stepMs } of HEALTH_TIERS) {
        const over = own
          .prepare(`SELECT 1 FROM ${table} WHERE up > ${stepMs} OR down > ${stepMs} OR degraded > ${stepMs}`)
          .all()
        expect(over).toEqual([])
      }
      own.close()
    }),
    { numRuns: 60 },
  )
})

it('drops the oldest by the order of writing, at exactly its bounds: a jump of the clock empties nothing', () => {
  const [seconds] = TIERS
  if (!seconds) throw new Error('there is a first tier')
  const most = mostRows(seconds)
  write(measurements('host.cpu', times(most + 50)))
  expect(count(db, seconds.table)).toBe(most)
  // Ten years ahead and back again: two rows more, two of the oldest less.
  write(measurements('host.cpu', [[T0 + 3_650 * DAY, 1]]))
  write(measurements('host.cpu', [[T0 - 3_650 * DAY, 1]]))
  const near = `${seconds.table} WHERE block BETWEEN ${T0 / MINUTE} AND ${T0 / MINUTE + 2 * most}`
  expect([count(db, seconds.table), count(db, near)]).toEqual([most, most - 2])
  const newest = T0 + (most + 49) * MINUTE
  expect(read(newest, newest + 5_000, 1).columns[0]?.mean[0]).toBe(most + 49)
  const up = new Map(times(HEALTH_TIERS[0].mostRows + 20).map(([at]) => [at, { up: MINUTE }]))
  write({ buckets: new Map(), health: up })
  for (const { table, mostRows: rows } of HEALTH_TIERS) expect(count(db, table)).toBeLessThanOrEqual(rows)
})

it('writes all or nothing, and what cannot be read is begun anew', () => {
  write(measurements('host.cpu', [[T0, 1]]))
  db.exec("CREATE TRIGGER no BEFORE INSERT ON health_hours BEGIN SELECT raise(ABORT, 'no room'); END")
  const health = new Map([[T0, { up: 5 }]])
  expect(() => write({ ...measurements('host.cpu', [[T0, 9]]), health })).toThrow('no room')
  db.exec('DROP TRIGGER no')
  expect(read(T0, T0 + 5_000, 1).columns[0]?.max[0]).toBe(1)
  db.exec("UPDATE metric_seconds SET buckets = x'00'")
  expect(read(T0, T0 + 5_000, 1).columns[0]?.mean[0]).toBeNull()
  write(measurements('host.cpu', [[T0, 4]]))
  expect(read(T0, T0 + 5_000, 1).columns[0]?.mean[0]).toBe(4)
})

it('knows nothing of a series that nobody measures, and in a database that is older than measurements', () => {
  expect(
    readSeries(db, { names: ["x'; DROP TABLE state"], fromMs: T0, toMs: T0 + 5_000, points: 1, nowMs: T0 }).columns,
  ).toEqual([{ name: "x'; DROP TABLE state", unit: 'count', mean: [null], min: [null], max: [null] }])
  for (const { table } of [...TIERS, ...HEALTH_TIERS]) db.exec(`DROP TABLE ${table}`)
  expect(read(T0, T0 + 10_000, 2).columns[0]?.mean).toEqual([null, null])
  expect(readHeartbeat(db, '24h', T0)).toMatchObject({ available: null })
})

/** So many minutes, each with its number. */
function times(length: number): (readonly [number, number])[] {
  return Array.from({ length }, (_, number) => [T0 + number * MINUTE, number] as const)
}

function count(from: Database.Database, table: string): number {
  return from.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get() ?? 0
}

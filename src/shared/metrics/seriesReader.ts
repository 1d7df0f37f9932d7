/** Reads measurements as columns for a chart. The database is open already, and its reader decides what an error of it means. */
import type Database from 'better-sqlite3'
import { type Block, blockFrom, countAt, maxAt, meanAt, minAt } from './bucket.ts'
import { SERIES, type SeriesUnit } from './seriesNames.ts'
import { blockMs, FINEST_MS, TIERS, type Tier } from './tiers.ts'

/** What is wanted: at most `points` buckets that cover `fromMs` to `toMs` (wall clock). Names that are not known give empty columns. */
export type SeriesQuestion = {
  readonly names: readonly string[]
  readonly fromMs: number
  readonly toMs: number
  readonly points: number
  readonly nowMs: number
}

/** Columns without a hole in time: `null` where nothing was measured. `at` is the begin of each bucket. */
export type SeriesAnswer = {
  readonly stepMs: number
  readonly at: readonly number[]
  readonly columns: readonly SeriesValues[]
}

/** One series. */
export type SeriesValues = {
  readonly name: string
  readonly unit: SeriesUnit
  readonly mean: readonly (number | null)[]
  readonly min: readonly (number | null)[]
  readonly max: readonly (number | null)[]
}

/** Never more buckets than this in one answer. */
export const MOST_POINTS = 2_000

/** Reads the columns, from the coarsest tier that is fine enough for the width asked, or the finest one that reaches back so far. */
export function readSeries(db: Database.Database, question: SeriesQuestion): SeriesAnswer {
  const grid = gridOf(question)
  const at = Array.from({ length: grid.length }, (_, index) => grid.fromMs + index * grid.stepMs)
  const isThere = hasTable(db, grid.tier.table)
  const columns = question.names.map((name) => {
    const sums = isThere ? read(db, name, grid) : emptySums(grid.length)
    return { name, unit: SERIES.get(name) ?? 'count', ...columnsOf(sums) }
  })
  return { stepMs: grid.stepMs, at, columns }
}

type Grid = { readonly tier: Tier; readonly fromMs: number; readonly stepMs: number; readonly length: number }

/** PURE. The buckets of an answer: whole multiples of those of the tier, on its lines. */
export function gridOf({ fromMs, toMs, points, nowMs }: Omit<SeriesQuestion, 'names'>): Grid {
  const most = Math.min(MOST_POINTS, Math.max(1, Math.floor(points)))
  const spanMs = Math.max(1, toMs - fromMs)
  const tier = tierFor(spanMs / most, nowMs - fromMs)
  let stepMs = Math.ceil(spanMs / most / tier.stepMs) * tier.stepMs
  const lengthOf = () => Math.ceil((fromMs + spanMs - startOf()) / stepMs)
  const startOf = () => Math.floor(fromMs / stepMs) * stepMs
  while (lengthOf() > Math.max(2, most)) stepMs += tier.stepMs
  return { tier, fromMs: startOf(), stepMs, length: lengthOf() }
}

function tierFor(wantedMs: number, ageMs: number): Tier {
  const reaching = TIERS.filter(({ keepMs }) => keepMs >= ageMs)
  const fine = reaching.filter(({ stepMs }) => stepMs <= Math.max(FINEST_MS, wantedMs))
  return fine.at(-1) ?? reaching[0] ?? (TIERS.at(-1) as Tier)
}

/** What is put together so far, by bucket of the answer. Numbers side by side: one object for each of 80,000 buckets would be felt. */
type Sums = {
  readonly count: Float64Array
  readonly sum: Float64Array
  readonly min: Float64Array
  readonly max: Float64Array
}

function emptySums(length: number): Sums {
  return {
    count: new Float64Array(length),
    sum: new Float64Array(length),
    min: new Float64Array(length).fill(Number.POSITIVE_INFINITY),
    max: new Float64Array(length).fill(Number.NEGATIVE_INFINITY),
  }
}

function read(db: Database.Database, name: string, grid: Grid): Sums {
  const { tier, fromMs, stepMs, length } = grid
  const rows = db
    .prepare<[string, number, number], { block: number; buckets: Buffer }>(
      `SELECT block, buckets FROM ${tier.table} WHERE series = ? AND block BETWEEN ? AND ?`,
    )
    .all(name, Math.floor(fromMs / blockMs(tier)), Math.floor((fromMs + length * stepMs - 1) / blockMs(tier)))
  const sums = emptySums(length)
  for (const row of rows) {
    const block = blockFrom(row.buckets, tier.blockBuckets)
    if (block) collect(block, row.block * blockMs(tier), grid, sums)
  }
  return sums
}

function collect(block: Block, beginMs: number, { tier, fromMs, stepMs, length }: Grid, sums: Sums): void {
  const { count, sum, min, max } = sums
  for (let place = 0; place < tier.blockBuckets; place++) {
    const at = Math.floor((beginMs + place * tier.stepMs - fromMs) / stepMs)
    const more = countAt(block, place)
    if (at < 0 || at >= length || more === 0) continue
    count[at] = Number(count[at]) + more
    sum[at] = Number(sum[at]) + more * meanAt(block, place)
    min[at] = Math.min(Number(min[at]), minAt(block, place))
    max[at] = Math.max(Number(max[at]), maxAt(block, place))
  }
}

function columnsOf({ count, sum, min, max }: Sums): Pick<SeriesValues, 'mean' | 'min' | 'max'> {
  const column = (values: Float64Array) => Array.from(values, (value, at) => (count[at] === 0 ? null : value))
  // Rounding must not carry a mean out of what was measured.
  const mean = sum.map((value, at) => Math.min(Number(max[at]), Math.max(Number(min[at]), value / Number(count[at]))))
  return { mean: column(mean), min: column(min), max: column(max) }
}

/** False in a database that is older than its measurements. */
export function hasTable(db: Database.Database, table: string): boolean {
  return db.prepare<[string]>("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(table) !== undefined
}

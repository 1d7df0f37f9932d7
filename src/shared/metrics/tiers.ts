/** PURE: the three tiers in which measurements are kept, and how many rows they can ever have. */
import { SERIES } from './seriesNames.ts'

const HOUR_MS = 3_600_000
const DAY_MS: number = 24 * HOUR_MS

/** One tier: buckets of `stepMs`, `blockBuckets` of them in a row, for about `keepMs`. */
export type Tier = {
  readonly table: 'metric_seconds' | 'metric_minutes' | 'metric_hours'
  readonly stepMs: number
  readonly blockBuckets: number
  readonly keepMs: number
}

/** The length of the finest buckets, in milliseconds. */
export const FINEST_MS = 5_000

/** Finest first. */
export const TIERS: readonly Tier[] = [
  { table: 'metric_seconds', stepMs: FINEST_MS, blockBuckets: 12, keepMs: 2 * HOUR_MS },
  { table: 'metric_minutes', stepMs: 60_000, blockBuckets: 60, keepMs: 14 * DAY_MS },
  { table: 'metric_hours', stepMs: HOUR_MS, blockBuckets: 24, keepMs: 400 * DAY_MS },
]

/** Milliseconds in one row. */
export function blockMs({ stepMs, blockBuckets }: Tier): number {
  return stepMs * blockBuckets
}

/** No tier ever has more rows: the oldest by the order of writing go first, whatever the clock says. */
export function mostRows(tier: Tier): number {
  return (Math.ceil(tier.keepMs / blockMs(tier)) + 1) * SERIES.size
}

/** How the state of the service is kept: milliseconds of each word, a minute and an hour at a time. */
export type HealthTier = {
  readonly table: 'health_minutes' | 'health_hours'
  readonly stepMs: number
  readonly mostRows: number
}

/** Finest first. */
export const HEALTH_TIERS: readonly [HealthTier, HealthTier] = [
  { table: 'health_minutes', stepMs: 60_000, mostRows: (14 * DAY_MS) / 60_000 },
  { table: 'health_hours', stepMs: HOUR_MS, mostRows: 400 * 24 },
]

/** What the service can be known to be. What is left of a bucket is unknown. */
export const HEALTH_WORDS = ['up', 'degraded', 'down', 'maintenance', 'stopped'] as const
export type HealthWord = (typeof HEALTH_WORDS)[number]

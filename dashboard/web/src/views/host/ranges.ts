/** PURE. The windows of the charts, and what is asked for them. */

/** The windows that can be chosen. */
export const RANGES = ['1h', '24h', '7d', '90d'] as const
/** One of them. */
export type Range = (typeof RANGES)[number]

const HOUR_MS = 3_600_000
/** Their lengths in milliseconds. */
export const RANGE_MS: Readonly<Record<Range, number>> = {
  '1h': HOUR_MS,
  '24h': 24 * HOUR_MS,
  '7d': 7 * 24 * HOUR_MS,
  '90d': 90 * 24 * HOUR_MS,
}

/** Most buckets that are asked for: more than one a pixel shows nothing more. */
const MOST_POINTS = 1_000
const LEAST_POINTS = 60

/** A question for series: names, begin and end (milliseconds of the wall clock), and how many buckets fit into the width (CSS pixels). */
export type SeriesQuestion = {
  readonly names: readonly string[]
  readonly fromMs: number
  readonly toMs: number
  readonly points: number
}

/** What to ask for a chart. */
export function seriesQuestion(names: readonly string[], range: Range, nowMs: number, widthPx: number): SeriesQuestion {
  const points = Math.min(MOST_POINTS, Math.max(LEAST_POINTS, Math.round(widthPx / 2)))
  return { names, fromMs: nowMs - RANGE_MS[range], toMs: nowMs, points }
}

/** How long a chart of that window may stand before it is asked for again, in milliseconds: about one bucket. */
export function refreshMs(range: Range): number {
  return range === '1h' ? 10_000 : range === '24h' ? 60_000 : 600_000
}

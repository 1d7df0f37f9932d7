/** One line of a chart, as columns; null is a gap. */
export type ChartLine = {
  readonly label: string
  readonly values: readonly (number | null)[]
  /** The band between the smallest and the largest of each bucket. */
  readonly min?: readonly (number | null)[]
  readonly max?: readonly (number | null)[]
}

/** The newest place where anything was measured; -1 where nothing was. */
export function latestPlace(lines: readonly ChartLine[]): number {
  return Math.max(-1, ...lines.map(({ values }) => values.findLastIndex((value) => value !== null)))
}

/** A point as the chart takes it. */
export type Point = { readonly x: number; readonly y: number | null }

/** Columns to points. */
export function pointsOf(at: readonly number[], values: readonly (number | null)[]): Point[] {
  return at.map((x, place) => ({ x, y: values[place] ?? null }))
}

/** How far apart the moments lie; 0 for fewer than two. */
export function stepOf(at: readonly number[]): number {
  const [first, second] = at
  return first === undefined || second === undefined ? 0 : second - first
}

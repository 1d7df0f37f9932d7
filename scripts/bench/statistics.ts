/** PURE: the few statistics that the tables need. */
import { quantile } from '../../src/drill/drillTable.ts'

/** Nearest-rank quantile of a series in which null is worse than any number; null where the rank falls on one. */
export function quantileOf(values: readonly (number | null)[], share: number): number | null {
  const found = quantile(
    values.map((value) => value ?? Number.POSITIVE_INFINITY),
    share,
  )
  return found === null || found === Number.POSITIVE_INFINITY ? null : found
}

/** A promise is kept when 95 of 100 runs keep it: p95 is not above the target. Undefined where nothing was measured. */
export function isMet(values: readonly (number | null)[], target: number): boolean | undefined {
  if (values.length === 0) return undefined
  const p95 = quantileOf(values, 0.95)
  return p95 !== null && p95 <= target
}

/** 95 % of a normal distribution lie within so many standard deviations. */
const Z = 1.959964

/** The 95 % interval of a success rate after Wilson (1927), which stays honest near 0 and 1. */
export function wilsonInterval(successes: number, n: number): { readonly low: number; readonly high: number } {
  if (n === 0) return { low: 0, high: 1 }
  const rate = successes / n
  const centre = rate + Z ** 2 / (2 * n)
  const half = Z * Math.sqrt((rate * (1 - rate)) / n + Z ** 2 / (4 * n ** 2))
  const scale = 1 + Z ** 2 / n
  return { low: Math.max(0, (centre - half) / scale), high: Math.min(1, (centre + half) / scale) }
}

/** Arithmetic mean of the numbers; null when there are none. */
export function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
}

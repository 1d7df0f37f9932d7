/** PURE: figures as words in a table. */
import type { Figure, Measurement } from './measurement.ts'
import { isMet, quantileOf } from './statistics.ts'

/** A value that is not there is a dash, one that never came is "never": neither is a zero. */
export function amount(value: number | null, unit: Figure['unit']): string {
  if (value === null) return 'never'
  if (unit === 'times') return String(value)
  if (unit === 'ms' && value < 10 && !Number.isInteger(value)) return `${value.toFixed(1)} ms`
  if (unit === 'ms') return value < 10_000 ? `${Math.round(value)} ms` : `${(value / 1_000).toFixed(1)} s`
  return `${value.toFixed(unit === '%' ? 2 : 1)} ${unit}`
}

/** n, median, p95, target, and whether it is met. */
export function promiseCells({ values, unit }: Figure, target: number | null): string[] {
  const met = target === null ? undefined : isMet(values, target)
  return [
    String(values.length),
    ...[0.5, 0.95].map((share) => quantileCell(values, share, unit)),
    target === null ? 'none' : `≤ ${amount(target, unit)}`,
    met === undefined ? '–' : met ? 'yes' : '**no**',
  ]
}

/** n, median, p95, lowest, highest, note. */
export function figureCells({ values, unit, note }: Figure): string[] {
  return [
    String(values.length),
    ...[0.5, 0.95, 0, 1].map((share) => quantileCell(values, share, unit)),
    (note ?? '').replaceAll('|', '\\|'),
  ]
}

/** One quantile; a dash where there is nothing. */
export function quantileCell(values: readonly (number | null)[], share: number, unit: Figure['unit']): string {
  return values.length === 0 ? '–' : amount(quantileOf(values, share), unit)
}

/** A Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** The day of a measurement. */
export function day({ measuredAt }: Measurement): string {
  return measuredAt.slice(0, 10)
}

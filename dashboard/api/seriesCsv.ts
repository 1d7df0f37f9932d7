/** PURE: measurements as a table for a spreadsheet. */
import type { Series } from '../contractViews.ts'

/** A header line, then a line for each bucket: its begin in UTC, then mean, minimum and maximum of each series; empty where nothing was measured. */
export function csvOf({ at, columns }: Pick<Series, 'at' | 'columns'>): string {
  const header = columns.flatMap(({ name, unit }) => ['mean', 'min', 'max'].map((what) => `${name} ${what} (${unit})`))
  const lines = at.map((begin, index) => [
    new Date(begin).toISOString(),
    ...columns.flatMap(({ mean, min, max }) => [mean[index], min[index], max[index]].map((value) => value ?? '')),
  ])
  return [['at', ...header], ...lines].map((cells) => `${cells.map(cellOf).join(',')}\r\n`).join('')
}

/** RFC 4180; a text that a spreadsheet would take for a formula is kept from being one. */
function cellOf(value: string | number): string {
  if (typeof value === 'number') return String(value)
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

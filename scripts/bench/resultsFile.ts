/** `docs/bench-results.json`: everything that was measured, each bench with its own date, so that pieces can be measured apart. */
import { readFileSync, writeFileSync } from 'node:fs'
import type { Measurement, Results } from './measurement.ts'

/** What the file holds; nothing when there is none. */
export function readResults(file: string): Results {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Results
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { benches: {} }
    throw error
  }
}

/** Puts a new measurement in the place of the old one of this bench and leaves the others. */
export function withMeasurement(results: Results, bench: string, measurement: Measurement): Results {
  return { benches: { ...results.benches, [bench]: measurement } }
}

/** Writes the file so that a reader of a diff sees one line a series. */
export function writeResults(file: string, results: Results): void {
  const sorted = Object.fromEntries(Object.entries(results.benches).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  writeFileSync(file, `${onOneLine(JSON.stringify({ benches: sorted }, null, 2))}\n`)
}

/** Lists of numbers on one line each. */
function onOneLine(json: string): string {
  return json.replace(/\[\s+((?:-?[\d.e+-]+|null)(?:,\s+(?:-?[\d.e+-]+|null))*)\s+\]/g, (_, list: string) => {
    return `[${list.replace(/\s+/g, ' ')}]`
  })
}

/** PURE: the fault matrix, a line a row: all drills of a row together. */
import { quantileCell, table } from './cells.ts'
import type { DrillFacts, Measurement, Results } from './measurement.ts'
import { mean, wilsonInterval } from './statistics.ts'

/** Rows of the fault matrix. */
const ROWS = 25

const HEAD = [
  'row',
  'drills',
  'n',
  'as promised (95 % interval)',
  'ended',
  'ready again',
  'p95',
  'mean without service',
  'asked a model',
]

type Drilled = Measurement & { readonly drill: DrillFacts; readonly id: string }

/** A line a row, and below it the four figures that are promised of the whole matrix; nothing before the first drill. */
export function matrixTable({ benches }: Results): string {
  const drills = Object.entries(benches).flatMap(([id, bench]) =>
    bench.drill ? [{ ...bench, drill: bench.drill, id }] : [],
  )
  const rows = Array.from({ length: ROWS }, (_, index) => drills.filter(({ drill }) => drill.row === index + 1))
  const measured = rows.filter((row) => row.length > 0)
  return measured.length === 0 ? '' : [table(HEAD, measured.map(rowCells)), summary(measured)].join('\n\n')
}

function rowCells(row: readonly Drilled[]): string[] {
  const n = sum(row, ({ n: runs }) => runs)
  const ok = sum(row, ({ ok: good }) => good)
  const { low, high } = wilsonInterval(ok, n)
  const ready = row.flatMap(readyValues)
  const downMs = meanDownMs(row)
  return [
    String(row[0]?.drill.row),
    row.map(({ id }) => id).join(', '),
    String(n),
    `${ok} (${Math.floor(low * 100)}–${Math.ceil(high * 100)} %)`,
    [...new Set(row.flatMap(({ drill }) => drill.outcomes))].filter((word) => word !== '–').join(', ') || '–',
    quantileCell(ready, 0.5, 'ms'),
    quantileCell(ready, 0.95, 'ms'),
    downMs === null ? '–' : `${Math.round(downMs)} ms`,
    String(sum(row, ({ modelRuns }) => modelRuns)),
  ]
}

function summary(rows: readonly (readonly Drilled[])[]): string {
  const all = rows.flat()
  const n = sum(all, ({ n: runs }) => runs)
  const whole = rows.filter((row) => row.every(({ drill }) => drill.ok === drill.n))
  const downMs = mean(rows.flatMap((row) => meanDownMs(row) ?? []))
  const modelShare = (100 * sum(all, ({ modelRuns }) => modelRuns)) / n
  return [
    `Rows in which every run went as promised, without a person: ${whole.length} of ${ROWS} (promised: 24).`,
    `Mean time without service, the mean of the rows' means: ${downMs === null ? '–' : Math.round(downMs)} ms (promised: at most 2000 ms).`,
    `Runs in which a model was asked: ${modelShare.toFixed(1)} % of ${n} (promised: at most 10 %).`,
    `Fewest runs of a row: ${Math.min(...rows.map((row) => sum(row, ({ n: runs }) => runs)))} (promised: 20).`,
  ].join(' ')
}

/** A run that failed is slower than all others; a drill that waits for nothing to come back has no value at all. */
function readyValues({ figures, drill }: Drilled): readonly (number | null)[] {
  const values = figures['ready']?.values ?? []
  return drill.ok === drill.n ? values.filter((value) => value !== null) : values
}

/** Mean over all runs of a row that had a client to ask; null where none had. */
function meanDownMs(row: readonly Drilled[]): number | null {
  return mean(row.flatMap(({ figures }) => figures['down']?.values ?? []).filter((value) => value !== null))
}

function sum(drills: readonly Drilled[], pick: (facts: DrillFacts) => number): number {
  return drills.reduce((total, { drill }) => total + pick(drill), 0)
}

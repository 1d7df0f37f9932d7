/** PURE: the table of all drills, and the sum of it. */
import { day, quantileCell, table } from './cells.ts'
import type { DrillFacts, Figure, Measurement, Results } from './measurement.ts'
import { mean, wilsonInterval } from './statistics.ts'

const HEAD = [
  'row',
  'fault',
  'n',
  'healed (95 % interval)',
  'detected',
  'ready again',
  'p95',
  'client without service',
  'p95',
  'failed requests',
  'tier',
  'false restarts',
  'left behind',
  'measured',
]

type DrillMeasurement = Measurement & { readonly drill: DrillFacts; readonly id: string }

/** A line a drill, in the order of the fault matrix; below it the sum and every run that failed. */
export function drillTable({ benches }: Results): string {
  const drills = Object.entries(benches)
    .flatMap(([id, bench]) => (bench.drill ? [{ ...bench, drill: bench.drill, id }] : []))
    .toSorted((a, b) => a.drill.row - b.drill.row)
  if (drills.length === 0) return ''
  return [table(HEAD, drills.map(drillRow)), summary(drills), failures(drills)].filter(Boolean).join('\n\n')
}

function drillRow(measurement: DrillMeasurement): string[] {
  const { id, drill, figures } = measurement
  const cell = (name: string, share: number) => ofFigure(figures[name], share)
  return [
    String(drill.row),
    `${id}: ${drill.title}`,
    String(drill.n),
    `${drill.ok} (${interval(drill.ok, drill.n)})`,
    cell('detected', 0.5),
    cell('ready', 0.5),
    cell('ready', 0.95),
    cell('down', 0.5),
    cell('down', 0.95),
    cell('failedRequests', 0.5),
    drill.tiers.join(', ') || '–',
    String(drill.falseRestarts),
    String(drill.left),
    day(measurement),
  ]
}

/** Where no run that went well has a value, the thing is not part of this drill. */
function ofFigure(figure: Figure | undefined, share: number): string {
  const isTold = figure?.values.some((value) => value !== null)
  return figure && isTold ? quantileCell(figure.values, share, figure.unit) : '–'
}

function interval(ok: number, n: number): string {
  const { low, high } = wilsonInterval(ok, n)
  return `${Math.floor(low * 100)}–${Math.ceil(high * 100)} %`
}

function summary(drills: readonly DrillMeasurement[]): string {
  const sum = (pick: (facts: DrillFacts) => number) => drills.reduce((total, { drill }) => total + pick(drill), 0)
  const n = sum((facts) => facts.n)
  const ok = sum((facts) => facts.ok)
  const downMs = mean(drills.flatMap(({ figures }) => mean(numbersOf(figures['down'])) ?? []))
  return [
    `Together: ${ok} of ${n} runs went as they should (95 % interval ${interval(ok, n)}).`,
    downMs === null ? '' : `A client was without service for ${Math.round(downMs)} ms, the mean of the rows' means.`,
    `False restarts: ${sum((facts) => facts.falseRestarts)}. Processes left behind: ${sum((facts) => facts.left)}.`,
  ]
    .filter(Boolean)
    .join(' ')
}

function numbersOf(figure: Figure | undefined): number[] {
  return (figure?.values ?? []).filter((value) => value !== null)
}

function failures(drills: readonly DrillMeasurement[]): string {
  const lines = drills.flatMap(({ id, drill }) => drill.failures.map((failure) => `- ${id}: ${failure}`))
  return lines.length === 0 ? '' : `Runs that failed:\n\n${lines.join('\n')}`
}

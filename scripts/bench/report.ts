/** PURE: the tables of BENCHMARKS.md, from the results file. */
import { day, figureCells, promiseCells, table } from './cells.ts'
import { drillTable } from './drillReport.ts'
import type { Machine } from './machine.ts'
import { matrixTable } from './matrixReport.ts'
import type { Figure, Measurement, Results } from './measurement.ts'
import { HEADLINES } from './promises.ts'

/** The two lines of a document between which stands what was generated. */
export type Markers = { readonly begin: string; readonly end: string }

/** Those of BENCHMARKS.md: all tables. */
export const MARKERS: Markers = { begin: '<!-- measured: begin -->', end: '<!-- measured: end -->' }
/** Those of the READMEs: the fault matrix alone. */
export const MATRIX_MARKERS: Markers = { begin: '<!-- matrix: begin -->', end: '<!-- matrix: end -->' }

/** Benches whose figures have a table of their own, in this order. */
const SECTIONS: readonly (readonly [string, string])[] = [
  ['idle', 'At rest'],
  ['start', 'Starting and stopping'],
  ['restart', "The agent's own start"],
  ['turns', 'Turns of the agent'],
  ['sandbox', 'Tool calls in a sandbox'],
  ['chaos', 'Kills through runs'],
  ['slots', 'Kills through the schedule'],
  ['dashboard-data', "The dashboard's questions over 90 days of data"],
  ['dashboard-page', "The dashboard's page in a browser"],
  ['no-fault', 'Recovery of a healthy ring'],
  ['redaction', 'Redaction'],
  ['evidence', 'Evidence'],
  ['load', 'Ten minutes on a busy machine'],
  ['soak', 'An hour on a busy machine'],
  ['peers-agent', 'The loop of another agent, alone'],
  ['peers', 'The same two faults elsewhere'],
]

/** The generated part. */
export function renderResults(results: Results): string {
  const measured = Object.values(results.benches)
  if (measured.length === 0) return 'Nothing was measured yet. Run: `npm run bench`'
  const parts = [
    machines(measured),
    notRun(results),
    section('Promises', promiseTable(results)),
    ...SECTIONS.map(([bench, title]) => section(title, figureTable(results.benches[bench]))),
    section('The fault matrix', matrixTable(results)),
    section('Every drill', drillTable(results)),
  ]
  return parts.filter(Boolean).join('\n\n')
}

/** The document with a new generated part; what people wrote around it stays. */
export function withRendered(document: string, rendered: string, { begin, end }: Markers = MARKERS): string {
  const from = document.indexOf(begin)
  const to = document.indexOf(end)
  if (from < 0 || to < from) {
    throw new Error(`expected the lines ${begin} and ${end} in the document: put them where the tables go`)
  }
  return `${document.slice(0, from + begin.length)}\n\n${rendered}\n\n${document.slice(to)}`
}

function section(title: string, content: string): string {
  return content === '' ? '' : `### ${title}\n\n${content}`
}

function machines(measured: readonly Measurement[]): string {
  const lines = [...new Set(measured.map(({ machine }) => describeMachine(machine)))]
  const commands = [...new Set(measured.map(({ command }) => `\`${command}\``))]
  const loads = measured.map(({ loadBefore }) => loadBefore)
  return [
    `Measured on: ${lines.join('; ')}.`,
    `Commands: ${commands.join(', ')}.`,
    `Load average of the minute before a bench began: ${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}.`,
  ].join('\n')
}

function notRun({ benches }: Results): string {
  const lines = Object.values(benches).flatMap((bench) => bench.notRun ?? [])
  return lines.length === 0 ? '' : `Not run:\n\n${lines.map((line) => `- ${line}`).join('\n')}`
}

function promiseTable({ benches }: Results): string {
  const rows = HEADLINES.flatMap(({ title, bench, figure, target }) => {
    const measurement = benches[bench]
    const found = measurement?.figures[figure]
    return measurement && found ? [[title, ...promiseCells(found, target), day(measurement)]] : []
  })
  const missing = HEADLINES.filter(({ bench, figure }) => !benches[bench]?.figures[figure]).map(({ title }) => title)
  if (rows.length === 0) return ''
  const head = ['what', 'n', 'median', 'p95', 'target', 'met', 'measured']
  const rest = missing.length === 0 ? '' : `\n\nNot measured: ${missing.join('; ')}.`
  return table(head, rows) + rest
}

function figureTable(measurement: Measurement | undefined): string {
  const figures: Figure[] = Object.values(measurement?.figures ?? {})
  if (!measurement || figures.length === 0) return ''
  const rows = figures.map((figure) => [figure.title, ...figureCells(figure), day(measurement)])
  return table(['what', 'n', 'median', 'p95', 'lowest', 'highest', 'note', 'measured'], rows)
}

/** The machine in one line. */
export function describeMachine({ cores, cpu, memoryGiB, kernel, system, node, isRoot }: Machine): string {
  const user = isRoot ? 'as root' : 'as an ordinary user'
  return `${cores} cores (${cpu}), ${memoryGiB} GiB, ${system}, kernel ${kernel}, Node ${node}, ${user}`
}

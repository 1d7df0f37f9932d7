/**
 * `npm run bench`: measures how Ottugi stands up again, what it costs at rest, and that it leaves well alone what is well.
 * Nothing here passes or fails by a figure: a slow row is a row. Each bench is written down as soon as it is done, so that pieces can be
 * measured apart (`npm run bench -- --rows sigkill,idle`), and BENCHMARKS.md is made from what the results file holds.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { appRoot } from '../src/shared/paths.ts'
import { closeBenchFolder, openBenchFolder } from './bench/benchFolder.ts'
import { thisMachine } from './bench/machine.ts'
import { matrixTable } from './bench/matrixReport.ts'
import type { Bench, Outcome, Results } from './bench/measurement.ts'
import { describeMachine, MATRIX_MARKERS, renderResults, withRendered } from './bench/report.ts'
import { readResults, withMeasurement, writeResults } from './bench/resultsFile.ts'

const RESULTS = join(appRoot, 'docs', 'bench-results.json')
const DOCUMENT = join(appRoot, 'BENCHMARKS.md')
const READMES = [join(appRoot, 'README.md'), join(appRoot, 'README.ko.md')]
const WRONG_USAGE = 2

const HELP = `npm run bench -- [options]
  --rows a,b     only these: a drill, idle, start, restart, turns, sandbox, chaos, slots, peers, load, soak,
                 peers-agent (fetches another agent from npm), or the groups promises, agent,
                 drills, others (drills that no promise is about)
  --times N      how often each (default 20)
  --minutes N    length of load and soak, for a trial: needs --json
  --json FILE    read and write the results here instead of docs/bench-results.json, and leave BENCHMARKS.md alone
  --markdown     print the tables; without --rows nothing is measured
  --soak         the hour under CPU stress and slow disk
  --list         say which rows there are
`

type Options = {
  readonly times: number
  readonly minutes: number | undefined
  readonly file: string
  readonly command: string
}

const { values } = parseArgs({
  options: {
    rows: { type: 'string' },
    times: { type: 'string', default: '20' },
    minutes: { type: 'string' },
    json: { type: 'string' },
    markdown: { type: 'boolean', default: false },
    soak: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) process.stdout.write(HELP)
else process.exitCode = await main()

async function main(): Promise<number> {
  const times = Number(values.times)
  const minutes = values.minutes === undefined ? undefined : Number(values.minutes)
  if (!Number.isInteger(times) || times < 1) return refuse(HELP)
  // A shorter hour is no figure to keep.
  if (minutes !== undefined && !(minutes > 0 && values.json)) return refuse(HELP)
  const words = values.soak ? ['soak'] : (values.rows?.split(',').filter(Boolean) ?? [])
  const options = { times, minutes, file: values.json ?? RESULTS, command: commandLine() }
  const isOnlyPrinting = values.markdown && words.length === 0
  const code = isOnlyPrinting ? 0 : await measure(words, options)
  const results = readResults(options.file)
  const rendered = renderResults(results)
  if (options.file === RESULTS) writeDocuments(results, rendered)
  if (values.markdown) process.stdout.write(`${rendered}\n`)
  return code
}

function writeDocuments(results: Results, rendered: string): void {
  writeFileSync(DOCUMENT, withRendered(readFileSync(DOCUMENT, 'utf8'), rendered))
  for (const readme of READMES) {
    writeFileSync(readme, withRendered(readFileSync(readme, 'utf8'), matrixTable(results), MATRIX_MARKERS))
  }
}

async function measure(words: readonly string[], options: Options): Promise<number> {
  const folder = openBenchFolder()
  const close = () => closeBenchFolder(folder)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => close().then(() => process.exit(1)))
  try {
    // Only now: what these import makes temporary files when it is loaded.
    const { BENCHES, chooseBenches } = await import('./bench/benches.ts')
    const { chosen, unknown } = chooseBenches(words)
    if (unknown.length > 0) return refuse(`bench: unknown rows ${unknown.join(', ')}. See them with --list\n`)
    if (values.list) return list(BENCHES)
    return await runAll(chosen, options)
  } finally {
    await close()
  }
}

/** Exits 1 when a bench could not be run to its end, never for a figure. */
async function runAll(chosen: readonly Bench[], { times, minutes, file, command }: Options): Promise<number> {
  let broken = 0
  process.stderr.write(`${describeMachine(thisMachine())}\n`)
  for (const bench of chosen) {
    const startedAt = performance.now()
    const circumstances = {
      measuredAt: new Date().toISOString(),
      command,
      machine: thisMachine(),
      loadBefore: Math.round((loadavg()[0] ?? 0) * 10) / 10,
    }
    process.stderr.write(`${bench.id}: ${bench.title} … `)
    const outcome = await tryBench(bench, { times, minutes, results: readResults(file) })
    process.stderr.write(` ${((performance.now() - startedAt) / 1_000).toFixed(0)} s\n`)
    if (outcome) writeResults(file, withMeasurement(readResults(file), bench.id, { ...outcome, ...circumstances }))
    else broken++
  }
  return broken > 0 ? 1 : 0
}

async function tryBench(
  bench: Bench,
  options: { times: number; minutes: number | undefined; results: Results },
): Promise<Outcome | undefined> {
  try {
    return await bench.run(options)
  } catch (error) {
    process.stderr.write(`\n${bench.id} could not be measured: ${error instanceof Error ? error.message : error}\n`)
    return undefined
  }
}

function list(benches: readonly Bench[]): number {
  for (const { id, groups, title } of benches) {
    process.stdout.write(`${id.padEnd(30)} ${title}${groups.length > 0 ? `  (${groups.join(', ')})` : ''}\n`)
  }
  return 0
}

function refuse(why: string): number {
  process.stderr.write(why)
  return WRONG_USAGE
}

/** As a person types it, without where the results went. */
function commandLine(): string {
  if (values.soak) return 'npm run soak'
  const rows = values.rows ? ` --rows ${values.rows}` : ''
  return `npm run bench -- --times ${values.times}${rows}`
}

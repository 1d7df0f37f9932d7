/** Every drill is a bench: the same drill, the same client, the same rules as `ottugi drill`. */
import { type Drill, type DrillResult, runDrill } from '../../src/drill/drill.ts'
import { DRILLS } from '../../src/drill/drills.ts'
import type { Bench, DrillFacts, Figure, Outcome } from './measurement.ts'
import { HEADLINES } from './promises.ts'

const LONGEST_FAILURE = 160

/** A bench for each drill; `--rows drills` is all of them, `promises` those that stand in the first table, `others` those that do not. */
export const DRILL_BENCHES: readonly Bench[] = DRILLS.map((drill) => ({
  id: drill.id,
  groups: ['drills', HEADLINES.some(({ bench }) => bench === drill.id) ? 'promises' : 'others'],
  title: drill.title,
  run: ({ times }) => runDrills(drill, times),
}))

async function runDrills(drill: Drill, times: number): Promise<Outcome> {
  const missing = drill.missing?.()
  if (missing) return { figures: {}, notRun: [`${drill.id}: ${missing}`] }
  const runs: DrillResult[] = []
  for (let turn = 0; turn < times; turn++) {
    const run = await runDrill(drill)
    process.stderr.write(run.ok ? '.' : `\nfailed: ${run.note}\n`)
    runs.push(run)
  }
  return { figures: figuresOf(runs), drill: factsOf(drill, runs) }
}

/** The series of some runs of one drill. */
export function figuresOf(runs: readonly DrillResult[]): Record<string, Figure> {
  const series = (pick: (run: DrillResult) => number | null) =>
    runs.map((run) => {
      const value = run.ok ? pick(run) : null
      return value === null ? null : round(value)
    })
  const figures: Record<string, Figure> = {
    detected: { title: 'detected', unit: 'ms', values: series(({ detectMs }) => detectMs) },
    ready: { title: 'ready again', unit: 'ms', values: series(({ healedMs }) => healedMs) },
    down: { title: 'client without service', unit: 'ms', values: series(({ downMs }) => downMs) },
    failedRequests: {
      title: 'failed requests',
      unit: 'times',
      values: series(({ failedRequests }) => failedRequests),
    },
    startsPerMinute: { title: 'starts a minute', unit: 'times', values: series(startsPerMinute) },
  }
  // What no run has is no series, unless runs failed: a series of failures is told.
  const isTold = ({ values }: Figure) => values.some((value) => value !== null)
  return Object.fromEntries(Object.entries(figures).filter(([id, figure]) => id === 'ready' || isTold(figure)))
}

/** The drill of the late crash loop says it in its note. */
function startsPerMinute({ note }: DrillResult): number | null {
  const found = /at most (\d+) starts a minute/.exec(note)?.[1]
  return found === undefined ? null : Number(found)
}

function factsOf({ row, title }: Drill, runs: readonly DrillResult[]): DrillFacts {
  const good = runs.filter(({ ok }) => ok)
  const distinct = (words: readonly string[]) => [...new Set(words)].toSorted()
  return {
    row,
    title,
    n: runs.length,
    ok: good.length,
    tiers: distinct(good.map(({ tier }) => tier)),
    outcomes: distinct(good.map(({ outcome }) => outcome)),
    modelRuns: runs.filter(({ modelCalls }) => modelCalls > 0).length,
    falseRestarts: runs.reduce((sum, { falseRestarts }) => sum + falseRestarts, 0),
    left: runs.reduce((sum, { left }) => sum + left, 0),
    failures: runs.filter(({ ok }) => !ok).map(({ note }) => firstLine(note)),
  }
}

function firstLine(note: string): string {
  return (note.split('\n')[0] ?? '').slice(0, LONGEST_FAILURE)
}

/** To a tenth: more is noise. */
export function round(value: number): number {
  return Math.round(value * 10) / 10
}

import type { DrillResult } from './drill.ts'

const HEAD = [
  'row',
  'fault',
  'n',
  'ok',
  'detected',
  'ready again',
  'p95',
  'client down',
  'failed requests',
  'tier',
  'false restarts',
  'left behind',
] as const

/** The results as a Markdown table: a line a fault, medians and p95 over its runs. */
export function drillTable(results: readonly DrillResult[]): string {
  const ids = [...new Set(results.map(({ id }) => id))]
  const rows = ids.map((id) => row(results.filter((result) => result.id === id)))
  return [line(HEAD), line(HEAD.map(() => '---')), ...rows.map(line)].join('\n')
}

function row(runs: readonly DrillResult[]): string[] {
  const first = runs[0]
  const passed = runs.filter(({ ok }) => ok)
  const numbers = (pick: (run: DrillResult) => number | null) => passed.flatMap((run) => pick(run) ?? [])
  const healed = numbers(({ healedMs }) => healedMs)
  return [
    String(first?.row ?? ''),
    `${first?.id}: ${first?.title}`,
    String(runs.length),
    runs.every(({ notRun }) => notRun !== null) ? `not run: ${first?.notRun}` : `${passed.length} of ${runs.length}`,
    milliseconds(
      quantile(
        numbers(({ detectMs }) => detectMs),
        0.5,
      ),
    ),
    milliseconds(quantile(healed, 0.5)),
    milliseconds(quantile(healed, 0.95)),
    milliseconds(
      quantile(
        numbers(({ downMs }) => downMs),
        0.5,
      ),
    ),
    String(
      quantile(
        numbers(({ failedRequests }) => failedRequests),
        0.5,
      ) ?? '–',
    ),
    [...new Set(passed.map(({ tier }) => tier))].join(', ') || '–',
    String(runs.reduce((sum, run) => sum + run.falseRestarts, 0)),
    String(runs.reduce((sum, run) => sum + run.left, 0)),
  ]
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

function milliseconds(value: number | null): string {
  return value === null ? '–' : `${Math.round(value)} ms`
}

/** The value below which `share` of the numbers lie (nearest rank); null when there are none. */
export function quantile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null
}

/** Figures of the last 24 hours out of the events of the journal. No clock, no database. */
import type { ModelFigures, SessionFigures, ToolFigures } from '../contract.ts'
import type { DayEvent } from './overviewDay.ts'

/** The value below which this share (0–1) of the values lie, by nearest rank; null without any. */
export function quantile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null
}

/** Each model that was asked, the dearest first. */
export function modelFigures(events: readonly DayEvent[]): ModelFigures[] {
  const answers = events.filter(({ type }) => type === 'model_answered')
  return [...Map.groupBy(answers, nameOf)]
    .map(([model, calls]) => {
      const latencies = calls.flatMap(({ latencyMs, isSilent }) => (latencyMs === null || isSilent ? [] : [latencyMs]))
      return {
        model,
        calls: calls.length,
        failed: calls.filter(({ isSilent }) => isSilent).length,
        tokens: sum(calls, ({ tokens }) => tokens),
        usd: sum(calls, ({ usd }) => usd),
        medianMs: quantile(latencies, 0.5),
        p95Ms: quantile(latencies, 0.95),
      }
    })
    .toSorted((a, b) => b.usd - a.usd || b.calls - a.calls)
}

/** Each tool that was run, the busiest first. */
export function toolFigures(events: readonly DayEvent[]): ToolFigures[] {
  const ended = events.filter(({ type }) => type === 'tool_ended')
  return [...Map.groupBy(ended, ({ tool }) => tool ?? '')]
    .map(([tool, runs]) => {
      const took = runs.flatMap(({ tookMs }) => (tookMs === null ? [] : [tookMs]))
      return {
        tool,
        runs: runs.length,
        failed: runs.filter(({ isWell }) => !isWell).length,
        medianMs: quantile(took, 0.5),
        p95Ms: quantile(took, 0.95),
      }
    })
    .toSorted((a, b) => b.runs - a.runs)
}

/** Sessions and their runs; a run counts for its length where both its ends lie in the window. */
export function sessionFigures(events: readonly DayEvent[]): SessionFigures {
  const asked = new Map<string, DayEvent>()
  const rounds = new Map<string, number>()
  const ended: { readonly rounds: number; readonly tookMs: number }[] = []
  for (const event of events) {
    if (event.type === 'message_in') asked.set(event.run, event)
    if (event.type === 'model_answered') rounds.set(event.run, (rounds.get(event.run) ?? 0) + 1)
    const begun = event.type === 'run_ended' ? asked.get(event.run) : undefined
    // The wall clock may have been put back between the two.
    if (begun) ended.push({ rounds: rounds.get(event.run) ?? 0, tookMs: Math.max(0, event.atMs - begun.atMs) })
  }
  const took = ended.map(({ tookMs }) => tookMs)
  return {
    active: new Set([...asked.values()].map(({ session }) => session)).size,
    runs: asked.size,
    medianRounds: quantile(
      ended.map((run) => run.rounds),
      0.5,
    ),
    medianResponseMs: quantile(took, 0.5),
    p95ResponseMs: quantile(took, 0.95),
  }
}

function nameOf({ provider, model }: DayEvent): string {
  return provider ? `${provider}/${model ?? ''}` : (model ?? '')
}

/** Adds up. */
export function sum<T>(values: readonly T[], of: (value: T) => number): number {
  return values.reduce((total, value) => total + of(value), 0)
}

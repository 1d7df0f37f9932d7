import type { RequestHandler } from 'express'
import { counter, EXPOSITION_TYPE, exposition, gauge, type Metric } from '../../shared/metrics/exposition.ts'
import type { AppContext } from './app.ts'
import { countCalls } from './callCounts.ts'

/**
 * `GET /metrics`: Prometheus text, version 0.0.4. Runs, model calls and their cost are sums over the journal, so they survive restarts; what
 * is told of each model and tool is counted since this process started.
 */
export function metricsRoute({ journal, runs }: Pick<AppContext, 'journal' | 'runs'>): RequestHandler {
  const calls = countCalls(journal)
  let busy = performance.eventLoopUtilization()
  return async (_request, response) => {
    const turnSec = await waitForTurn()
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, busy)
    busy = now
    const totals = journal.totals()
    const metrics: Metric[] = [
      ...processMetrics(),
      gauge('ottugi_event_loop_delay_seconds', 'How long this answer waited for its turn.', turnSec),
      gauge('ottugi_event_loop_utilization_ratio', 'Busy part of the main thread since the last scrape.', utilization),
      counter(
        'ottugi_runs_total',
        'Ended runs by how they ended.',
        Object.entries(totals.runs).map(([finish, value]) => ({ labels: { finish }, value })),
      ),
      gauge('ottugi_runs_active', 'Runs that are being worked on.', runs.liveCount()),
      gauge('ottugi_runs_unfinished', 'Runs that were accepted and have not ended.', journal.unfinishedRuns().length),
      counter('ottugi_model_calls_total', 'Model calls.', totals.modelCalls),
      counter('ottugi_model_cost_usd_total', 'Cost of all model calls in US dollars.', totals.costUsd),
      ...calls.metrics(),
      counter('ottugi_journal_events_total', 'Events in the journal.', journal.lastSeq()),
    ]
    response.type(EXPOSITION_TYPE).send(exposition(metrics))
  }
}

function processMetrics(): Metric[] {
  const { rss, heapUsed } = process.memoryUsage()
  const { user, system } = process.cpuUsage()
  return [
    gauge('ottugi_process_start_time_seconds', 'Start of this process, Unix time.', startTimeSec()),
    gauge('ottugi_process_resident_memory_bytes', 'Resident memory.', rss),
    gauge('ottugi_process_heap_used_bytes', 'Used part of the JavaScript heap.', heapUsed),
    counter('ottugi_process_cpu_seconds_total', 'CPU time of this process.', (user + system) / 1_000_000),
  ]
}

function startTimeSec(): number {
  return Math.round(Date.now() / 1_000 - process.uptime())
}

/** Seconds until what is due now was done. */
function waitForTurn(): Promise<number> {
  const from = performance.now()
  return new Promise((resolve) => setImmediate(() => resolve((performance.now() - from) / 1_000)))
}

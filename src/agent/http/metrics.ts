import type { RequestHandler } from 'express'
import type { AppContext } from './app.ts'

type Sample = { readonly labels?: Readonly<Record<string, string>>; readonly value: number }
type Metric = {
  readonly name: string
  readonly type: 'counter' | 'gauge'
  readonly help: string
  readonly samples: readonly Sample[]
}

/** `GET /metrics`: Prometheus text, version 0.0.4. Counters are sums over the journal, so they survive restarts. */
export function metricsRoute({ journal, runs }: Pick<AppContext, 'journal' | 'runs'>): RequestHandler {
  return (_request, response) => {
    const totals = journal.totals()
    const metrics: Metric[] = [
      gauge('ottugi_process_start_time_seconds', 'Start of this process, Unix time.', startTimeSec()),
      gauge('ottugi_process_resident_memory_bytes', 'Resident memory.', process.memoryUsage.rss()),
      gauge('ottugi_process_heap_used_bytes', 'Used part of the JavaScript heap.', process.memoryUsage().heapUsed),
      counter('ottugi_process_cpu_seconds_total', 'CPU time of this process.', cpuSeconds()),
      {
        name: 'ottugi_runs_total',
        type: 'counter',
        help: 'Ended runs by how they ended.',
        samples: Object.entries(totals.runs).map(([finish, value]) => ({ labels: { finish }, value })),
      },
      gauge('ottugi_runs_active', 'Runs that are being worked on.', runs.liveCount()),
      gauge('ottugi_runs_unfinished', 'Runs that were accepted and have not ended.', journal.unfinishedRuns().length),
      counter('ottugi_model_calls_total', 'Model calls.', totals.modelCalls),
      counter('ottugi_model_cost_usd_total', 'Cost of all model calls in US dollars.', totals.costUsd),
      counter('ottugi_journal_events_total', 'Events in the journal.', journal.lastSeq()),
    ]
    response.type('text/plain; version=0.0.4; charset=utf-8').send(metrics.map(render).join(''))
  }
}

function gauge(name: string, help: string, value: number): Metric {
  return { name, type: 'gauge', help, samples: [{ value }] }
}

function counter(name: string, help: string, value: number): Metric {
  return { name, type: 'counter', help, samples: [{ value }] }
}

function render({ name, type, help, samples }: Metric): string {
  const lines = samples.map(({ labels, value }) => `${name}${renderLabels(labels)} ${value}\n`)
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`
}

function renderLabels(labels: Sample['labels']): string {
  if (!labels) return ''
  return `{${Object.entries(labels)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(',')}}`
}

function startTimeSec(): number {
  return Math.round(Date.now() / 1_000 - process.uptime())
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000_000
}

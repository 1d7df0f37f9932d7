/** What the dashboard tells Prometheus: the ring as seen from outside, also while the agent is down. What cannot be read is left out. */
import { readTextIfThere } from '../../src/shared/atomicFile.ts'
import type { Look } from '../../src/shared/heldDatabase.ts'
import { counter, gauge, type Metric, type Sample } from '../../src/shared/metrics/exposition.ts'
import { readHeartbeat } from '../../src/shared/metrics/heartbeatReader.ts'
import { readHost } from '../../src/shared/metrics/hostReading.ts'
import { readProcess } from '../../src/shared/metrics/processReading.ts'
import { MEASURED } from '../../src/shared/metrics/seriesNames.ts'
import type { HostNow } from '../contract.ts'
import { ourProcesses } from './hostNow.ts'
import type { MetricContext } from './metrics.ts'
import { theDatabase } from './theDatabase.ts'

const TICKS_PER_SECOND = 100
const STATES = ['healthy', 'suspect', 'restarting', 'repairing', 'recovering', 'givenUp', 'maintenance'] as const

/** Gathers everything at one moment (wall clock in milliseconds). */
export function gatherMetrics(context: MetricContext, nowMs: number): Metric[] {
  const host = context.readHost(nowMs)
  return [
    ...ringMetrics(context, host, nowMs),
    ...costMetrics(context),
    ...hostMetrics(context, host),
    ...processMetrics(context, host),
  ]
}

function ringMetrics({ watchdogDb, paths }: MetricContext, host: HostNow, nowMs: number): Metric[] {
  const found = watchdogDb.read((database) => watchIn(database, nowMs))
  const watch = found.ok ? found.value : undefined
  const apps = new Set(host.processes.map(({ app }) => app))
  const up = MEASURED.map((app) => ({ labels: { app }, value: apps.has(app) ? 1 : 0 }))
  const states = STATES.map((state) => ({ labels: { state }, value: watch ? Number(watch.state === state) : null }))
  return [
    gauge('ottugi_up', 'Whether this process of the ring lives.', up),
    gauge('ottugi_watch_state', 'What the watchdog last wrote down of the agent: 1 for the state that holds.', states),
    gauge('ottugi_incidents_open', 'Incidents that are not closed.', watch?.open ?? null),
    counter('ottugi_incidents_total', 'Incidents of the agent so far.', watch?.incidents ?? null),
    gauge('ottugi_alerts_open', 'Alerts that wait for a person.', openAlerts(paths.alertsOpen)),
    gauge(
      'ottugi_service_available_ratio',
      'Share of the known, wanted time of 24 hours with service.',
      watch?.available ?? null,
    ),
  ]
}

function watchIn(database: Look, nowMs: number) {
  const row = database.get<{ value: string }>("SELECT value FROM state WHERE key = 'watch'")
  const { watch } = (row ? JSON.parse(row.value) : {}) as {
    watch?: { state: { name: string }; lastIncidentId: number }
  }
  const open = database.get<{ n: number }>('SELECT count(*) AS n FROM incidents WHERE closed_at IS NULL')?.n
  const { available } = readHeartbeat(database.prepared(theDatabase), '24h', nowMs)
  return { state: watch?.state.name ?? null, incidents: watch?.lastIncidentId ?? null, open: open ?? null, available }
}

function openAlerts(file: string): number | null {
  try {
    return (readTextIfThere(file) ?? '').split('\n').filter(Boolean).length
  } catch {
    return null
  }
}

function costMetrics({ agentDb }: MetricContext): Metric[] {
  const found = agentDb.read((database) =>
    database.get<{ calls: number; usd: number; tokens: number }>(
      'SELECT count(*) AS calls, coalesce(sum(usd), 0) AS usd, coalesce(sum(tokens), 0) AS tokens FROM costs',
    ),
  )
  const costs = found.ok ? found.value : undefined
  return [
    counter('ottugi_model_calls_total', 'Model calls.', costs?.calls ?? null),
    counter('ottugi_model_cost_usd_total', 'Cost of all model calls in US dollars.', costs?.usd ?? null),
    counter('ottugi_model_tokens_total', 'Tokens of all model calls, read and written.', costs?.tokens ?? null),
  ]
}

function hostMetrics({ paths }: MetricContext, host: HostNow): Metric[] {
  const { cpu, network } = readHost(paths.home)
  const modes = [
    { labels: { mode: 'busy' }, value: cpu && cpu.busy / TICKS_PER_SECOND },
    { labels: { mode: 'idle' }, value: cpu && (cpu.total - cpu.busy) / TICKS_PER_SECOND },
  ]
  return [
    counter('ottugi_host_cpu_seconds_total', 'Time of all cores together.', modes),
    gauge('ottugi_host_load1', 'Load average over a minute.', host.load1),
    gauge('ottugi_host_memory_used_bytes', 'Memory that is not available.', host.memoryUsed),
    gauge('ottugi_host_memory_total_bytes', 'Memory of the machine.', host.memoryTotal),
    gauge('ottugi_host_disk_used_bytes', 'Used room of the file system of the home.', host.diskUsed),
    gauge('ottugi_host_disk_total_bytes', 'Size of the file system of the home.', host.diskTotal),
    counter('ottugi_host_network_received_bytes_total', 'Bytes that came in.', network?.received ?? null),
    counter('ottugi_host_network_sent_bytes_total', 'Bytes that went out.', network?.sent ?? null),
  ]
}

function processMetrics(context: MetricContext, { processes }: HostNow): Metric[] {
  const of = (value: (one: HostNow['processes'][number]) => number | null): Sample[] =>
    processes.map((one) => ({ labels: { app: one.app }, value: value(one) }))
  const ticks = ourProcesses(context).map(({ app, pid }) => ({
    labels: { app },
    value: (readProcess(pid)?.cpuTicks ?? Number.NaN) / TICKS_PER_SECOND,
  }))
  return [
    counter(
      'ottugi_process_cpu_seconds_total',
      'CPU time of the process.',
      ticks.filter(({ value }) => value >= 0),
    ),
    gauge(
      'ottugi_process_memory_bytes',
      'Memory, shared pages counted in proportion.',
      of(({ memory }) => memory),
    ),
    gauge(
      'ottugi_process_open_descriptors',
      'Open file descriptors.',
      of(({ descriptors }) => descriptors),
    ),
  ]
}

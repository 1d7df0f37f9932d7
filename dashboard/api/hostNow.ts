/** The machine and our processes as they are now, read by the dashboard itself: it is there when nobody else is. */
import { monotonicMs } from '../../src/shared/clock.ts'
import type { Look } from '../../src/shared/heldDatabase.ts'
import { createHostMeter, createProcessMeter, type ProcessSample } from '../../src/shared/metrics/meters.ts'
import type { Measured } from '../../src/shared/metrics/seriesNames.ts'
import { readSeries } from '../../src/shared/metrics/seriesReader.ts'
import { FINEST_MS } from '../../src/shared/metrics/tiers.ts'
import { APPS, type HomePaths } from '../../src/shared/paths.ts'
import { isSupervised } from '../../src/shared/processRole.ts'
import { readLiving } from '../../src/shared/runtimeFile.ts'
import type { DashboardContext } from '../context.ts'
import type { HostNow, ProcessNow } from '../contract.ts'
import { theDatabase } from './theDatabase.ts'

type HostContext = Pick<DashboardContext, 'paths' | 'environment' | 'watchdogDb'>

/** Gives the figures of now (wall clock, for people). Asked often, it answers what it read within the last second. */
export type ReadHost = (nowMs: number) => HostNow

/** A share over a shorter time is chance; over a longer one it is not of now. Milliseconds. */
const SHORTEST_MS = 1_000
const LONGEST_MS = 60_000
/** What the watchdog wrote last is of now for so long, in milliseconds. */
const WRITTEN_MS = 150_000

/** Makes the reader. Shares and rates need a reading before: at first they are what the watchdog wrote last. */
export function createHostReader(context: HostContext): ReadHost {
  let meters = newMeters(context.paths)
  let last: { readonly host: HostNow; readonly at: number } | undefined
  return (nowMs) => {
    const now = monotonicMs()
    if (last && now - last.at < SHORTEST_MS) return last.host
    const isOld = !last || now - last.at > LONGEST_MS
    if (isOld) meters = newMeters(context.paths)
    const seen = look(context, meters, now, nowMs)
    last = { host: isOld ? withWritten(context, seen, nowMs) : seen, at: now }
    return last.host
  }
}

function newMeters({ home }: HomePaths) {
  return { host: createHostMeter(home), process: createProcessMeter() }
}

function look(context: HostContext, meters: ReturnType<typeof newMeters>, now: number, nowMs: number): HostNow {
  const processes = ourProcesses(context).flatMap(({ app, pid, startTicks }) => {
    const seen: ProcessSample | undefined = meters.process({ pid, startTicks }, now)
    return seen ? [{ app, pid, ...seen }] : []
  })
  return { at: new Date(nowMs).toISOString(), ...meters.host(now), processes }
}

/** Those of ours that live. */
export function ourProcesses({ paths, environment }: Pick<HostContext, 'paths' | 'environment'>): readonly {
  readonly app: Measured
  readonly pid: number
  readonly startTicks: number | null
}[] {
  const living = APPS.flatMap((app) => {
    const found = readLiving(paths, app)
    return found ? [{ app, pid: found.pid, startTicks: found.startTicks }] : []
  })
  return isSupervised(environment) ? [...living, { app: 'supervisor', pid: process.ppid, startTicks: null }] : living
}

function withWritten({ watchdogDb }: HostContext, host: HostNow, nowMs: number): HostNow {
  const names = [
    'host.cpu',
    'host.networkReceived',
    'host.networkSent',
    ...host.processes.map(({ app }) => `${app}.cpu`),
  ]
  const reading = watchdogDb.read((database) => newestOf(database, names, nowMs))
  const newest = reading.ok ? reading.value : new Map<string, number>()
  const of = (name: string) => newest.get(name) ?? null
  return {
    ...host,
    cpu: of('host.cpu'),
    networkReceivedPerSec: of('host.networkReceived'),
    networkSentPerSec: of('host.networkSent'),
    processes: host.processes.map((one): ProcessNow => ({ ...one, cpu: of(`${one.app}.cpu`) })),
  }
}

function newestOf(database: Look, names: readonly string[], nowMs: number): ReadonlyMap<string, number> {
  const window = { fromMs: nowMs - WRITTEN_MS, toMs: nowMs, points: WRITTEN_MS / FINEST_MS, nowMs }
  const { columns } = readSeries(database.prepared(theDatabase), { names, ...window })
  return new Map(
    columns.flatMap(({ name, mean }) => {
      const value = mean.findLast((one) => one !== null)
      return value === undefined || value === null ? [] : [[name, value] as const]
    }),
  )
}

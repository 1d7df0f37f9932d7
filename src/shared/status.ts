/** How it is, as `ottugi status` and the dashboard say it. Only reads; never starts anything. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readTextIfThere } from './atomicFile.ts'
import { type LedgerRecord, readBoots } from './bootledger.ts'
import { readDesired } from './desired.ts'
import type { Incident } from './incident.ts'
import type { HomePaths } from './paths.ts'
import { type RuntimeFile, readLiving } from './runtimeFile.ts'
import { readSmallJson } from './smallFile.ts'
import type { Supervisor } from './supervisor/supervisor.ts'
import { type Reading, readIncidents, readWatch, type WatchSummary } from './watchdogReader.ts'

/** `ottugi status --json`. `state` is the word of the watch, `stopped` when that is what the owner wants, `unknown` when nobody watches. */
export type Status = {
  readonly home: string
  readonly state: string
  readonly since: string | null
  readonly agent: {
    readonly pid: number | null
    readonly url: string | null
    readonly ready: boolean
    readonly degraded: readonly string[]
    /** What this start did differently: a port that was taken, settings that were rolled back. */
    readonly notes: readonly string[]
    readonly uptimeSec: number | null
    readonly restarts24h: number
    readonly version: string | null
  }
  readonly watchdog: { readonly pid: number | null; readonly alive: boolean }
  readonly dashboard: { readonly pid: number | null; readonly url: string | null }
  readonly supervisor: { readonly kind: string; readonly pid: number | null; readonly alive: boolean }
  readonly incident: Incident | null
  readonly lastIncident: Incident | null
  readonly alertsOpen: number
  readonly spend: { readonly todayUsd: number; readonly limitUsd: number | null }
  readonly safeMode: { readonly reason: string; readonly since: string } | null
  /** What could not be read, and why. */
  readonly unknown: readonly string[]
}

const DAY_MS = 86_400_000

/** Where the figures come from that are not small files. Whoever asks often gives readers that remember. */
export type StatusSources = {
  readonly watch: () => Reading<WatchSummary | undefined>
  /** The newest incidents first, at most `limit`. */
  readonly incidents: (limit: number) => Reading<Incident[]>
  readonly boots: () => readonly LedgerRecord[]
  /** What models cost since that moment, in US dollars. */
  readonly spentSince: (fromMs: number) => number
}

/** Gathers the status of a home. `limitUsd` comes from the settings, null where they cannot be read. */
export function readStatus(
  paths: HomePaths,
  supervisor: Supervisor,
  limitUsd: number | null,
  now = Date.now(),
): Status {
  const sources: StatusSources = {
    watch: () => readWatch(paths.watchdogDb),
    incidents: (limit) => readIncidents(paths.watchdogDb, limit),
    boots: () => readBoots(paths.boots),
    spentSince: (fromMs) => spentSince(paths, fromMs),
  }
  return gatherStatus(paths, supervisor, sources, { limitUsd, now })
}

/** The same out of other sources. */
export function gatherStatus(
  paths: HomePaths,
  supervisor: Pick<Supervisor, 'kind' | 'find'>,
  sources: StatusSources,
  { limitUsd, now }: { readonly limitUsd: number | null; readonly now: number },
): Status {
  const agent = readLiving(paths, 'agent')
  const watchdog = readLiving(paths, 'watchdog')
  const dashboard = readLiving(paths, 'dashboard')
  const daemon = supervisor.find()
  const { summary, newest, unknown } = readMemory(sources)
  const alerts = countAlerts(paths)
  const state = stateOf({ isWanted: readDesired(paths.desired) === 'running', agent, watchdog, summary })
  return {
    home: paths.home,
    state,
    since: watchdog ? sinceOf(summary, now) : null,
    agent: {
      ...agentView(agent, now),
      ready: agent?.url != null && state === 'healthy',
      degraded: summary?.degraded ?? [],
      notes: agent?.notes ?? [],
      restarts24h: restartsSince(sources.boots(), now - DAY_MS),
    },
    watchdog: { pid: watchdog?.pid ?? null, alive: watchdog !== undefined },
    dashboard: { pid: dashboard?.pid ?? null, url: dashboard?.url ?? null },
    supervisor: { kind: supervisor.kind, pid: daemon?.pid ?? null, alive: daemon !== undefined },
    ...newest,
    alertsOpen: alerts.open,
    spend: { todayUsd: sources.spentSince(startOfDay(now)), limitUsd },
    safeMode: (readSmallJson(paths.safeMode) as Status['safeMode'] | undefined) ?? null,
    unknown: [...new Set([...unknown, ...alerts.unknown])],
  }
}

type Looked = {
  readonly isWanted: boolean
  readonly agent: RuntimeFile | undefined
  readonly watchdog: RuntimeFile | undefined
  readonly summary: WatchSummary | undefined
}

function stateOf({ isWanted, agent, watchdog, summary }: Looked): string {
  if (!isWanted && !agent) return 'stopped'
  return watchdog && summary ? summary.name : 'unknown'
}

function sinceOf(summary: WatchSummary | undefined, now: number): string | null {
  return summary?.sinceMs == null ? null : new Date(now - summary.sinceMs).toISOString()
}

function agentView(
  agent: RuntimeFile | undefined,
  now: number,
): Pick<Status['agent'], 'pid' | 'url' | 'uptimeSec' | 'version'> {
  if (!agent) return { pid: null, url: null, uptimeSec: null, version: null }
  const { pid, url, version, startedAt } = agent
  return { pid, url, version, uptimeSec: Math.max(0, Math.round((now - Date.parse(startedAt)) / 1_000)) }
}

/** What the watchdog remembers: its state, and the newest incident, open or closed. */
function readMemory(sources: StatusSources): {
  readonly summary: WatchSummary | undefined
  readonly newest: Pick<Status, 'incident' | 'lastIncident'>
  readonly unknown: readonly string[]
} {
  const watch = sources.watch()
  const incidents = sources.incidents(1)
  const incident = (incidents.ok ? incidents.value[0] : undefined) ?? null
  return {
    summary: watch.ok ? watch.value : undefined,
    newest: incident?.closedAt === null ? { incident, lastIncident: null } : { incident: null, lastIncident: incident },
    unknown: [watch, incidents].flatMap((reading) => (reading.ok ? [] : [`watchdog.db: ${reading.reason}`])),
  }
}

/** Never in the way of the rest: a list that cannot be read is said to be so. */
function countAlerts(paths: HomePaths): { readonly open: number; readonly unknown: readonly string[] } {
  try {
    return { open: (readTextIfThere(paths.alertsOpen) ?? '').split('\n').filter(Boolean).length, unknown: [] }
  } catch (error) {
    return { open: 0, unknown: [error instanceof Error ? error.message : String(error)] }
  }
}

/** Starts of the agent that followed an end that nobody planned. */
function restartsSince(records: readonly LedgerRecord[], from: number): number {
  return records.filter(
    (record) => record.app === 'agent' && record.kind === 'end' && !record.planned && Date.parse(record.at) >= from,
  ).length
}

/** Midnight of the owner's own time zone: the day of the budget. */
export function startOfDay(now: number): number {
  return new Date(now).setHours(0, 0, 0, 0)
}

/** What the model cost since `from`, by the ledger of model calls. Broken lines count nothing. */
function spentSince(paths: HomePaths, from: number): number {
  let text: string
  try {
    text = readFileSync(join(paths.logs, 'usage.jsonl'), 'utf8')
  } catch {
    return 0
  }
  return text.split('\n').reduce((sum, line) => sum + costOf(line, from), 0)
}

function costOf(line: string, from: number): number {
  try {
    const { at, costUsd } = JSON.parse(line)
    return Date.parse(at) >= from && Number.isFinite(costUsd) ? costUsd : 0
  } catch {
    return 0
  }
}

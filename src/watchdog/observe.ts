/** Gathers what the watchdog can see into one plain observation. Reads; changes nothing. */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { END_OF_SAFE_MODE, HANDOVER, type LedgerRecord, livesOf, readBoots } from '../shared/bootledger.ts'
import { bootId } from '../shared/clock.ts'
import { readDependencyFaults } from '../shared/dependencyState.ts'
import { readDiskRoom } from '../shared/diskRoom.ts'
import { type Identity, isAlive } from '../shared/identity.ts'
import { lockfileOf } from '../shared/lockedPackages.ts'
import { readMaintenance } from '../shared/maintenance.ts'
import type { Language } from '../shared/messages/message.ts'
import { text } from '../shared/messages/text.ts'
import { type AppName, appRoot, type HomePaths } from '../shared/paths.ts'
import { type ProcessStat, readStat } from '../shared/procfs.ts'
import { newestCommittedRepair } from '../shared/repairTail.ts'
import { type RuntimeFile, readRuntimeFile } from '../shared/runtimeFile.ts'
import { faultOfEnd } from '../shared/selfEnd.ts'
import type { HealthPoll, HealthView } from './healthPoll.ts'
import type { AwakeClock } from './lateness.ts'
import type { LinkState } from './linkServer.ts'
import type { AgentView, Observation, RecoveryJob, Refusal, RepairJob } from './watch.ts'

/** A file whose content is read again only when its stamp changed: the loop beats four times a second. */
export function createCached<T>(path: string, read: () => T): () => T {
  let stamp = ''
  let value: T | undefined
  return () => {
    const now = fileStamp(path)
    if (value === undefined || now !== stamp) {
      stamp = now
      value = read()
    }
    return value
  }
}

/** Changes whenever the file does. */
export function fileStamp(path: string): string {
  try {
    const stat = statSync(path, { throwIfNoEntry: false })
    return stat ? `${stat.mtimeMs}:${stat.ctimeMs}:${stat.size}:${stat.ino}` : 'missing'
  } catch {
    return 'unreadable'
  }
}

/** Only what a person or an update changes, and never by reading it. */
function contentStamp(path: string): string {
  try {
    const stat = statSync(path, { throwIfNoEntry: false })
    return stat ? `${stat.mtimeMs}:${stat.size}` : 'missing'
  } catch {
    return 'unreadable'
  }
}

type Sources = {
  readonly paths: HomePaths
  readonly awake: AwakeClock
  readonly link: () => LinkState
  readonly health: HealthPoll
  readonly job: () => RepairJob
  readonly recovery: () => RecoveryJob
  readonly isStopWanted: () => boolean
  readonly language: Language
}

/** Makes the observer. Each call of the result is one look. */
export function createObserver(sources: Sources): (now: number) => Observation {
  const { paths } = sources
  const ledger = createCached(paths.boots, () => readLedger(paths.boots))
  const runtime = createCached(paths.identityOf('agent'), () => readRuntimeFile(paths, 'agent') ?? null)
  const repair = createCached(paths.repairsJournal, () => newestCommittedRepair(paths.repairsJournal))
  const cpu = createCpuMeter()
  return (now) => {
    const { lastStart, ends, endFaults, openLives, records } = ledger()
    const identity = newestIdentity(lastStart, sources.link(), runtime())
    const stat = statOf(identity)
    const isItsFile = stat !== undefined && runtime()?.nonce === identity?.nonce
    sources.health.maybeAsk(isItsFile ? (runtime()?.url ?? null) : null, now, identity?.nonce)
    const link = linkView(sources, identity, now)
    const health = sources.health.view()
    const refusal = newestRefusal(records, 'agent', stat ? identity : null)
    return {
      agent: {
        identity,
        alive: stat !== undefined,
        procState: stat?.state ?? null,
        ...link,
        cpuShare: cpu(identity, stat?.cpuTicks ?? 0, link.mainAgeMs, now),
        healthFailures: health.failures,
        healthPassed: health.passed,
        degraded: degradedOf(health, sources),
      },
      plannedEnds: ends,
      endFaults,
      living: openLives.filter((start) => isAlive(start)).map(({ nonce }) => nonce),
      refusal,
      job: sources.job(),
      recovery: sources.recovery(),
      maintenanceUntil: restsUntil(sources, now),
      inputs: inputsOf(paths, refusal),
      answers: contentStamp(paths.approvals),
      newestRepair: repair(),
    }
  }
}

/** What the agent last said of itself, and that it says nothing now. */
function degradedOf({ degraded, problem }: HealthView, { language }: Sources): readonly string[] {
  if (!problem) return degraded
  const words =
    problem.kind === 'late'
      ? text(language, 'watch.healthLate', { seconds: problem.afterMs / 1_000 })
      : text(language, 'watch.healthBroken', { reason: problem.reason })
  return [...degraded, `health: ${words}`]
}

/** What the ledger of this boot says of the agent; worked out when it changes, not at each beat. */
function readLedger(file: string) {
  const records = readBoots(file).filter((record) => record.bootId === bootId())
  return {
    records,
    lastStart: records.findLast((record) => record.app === 'agent' && record.kind === 'start'),
    ends: plannedEnds(records),
    endFaults: endFaults(records),
    openLives: livesOf(records, 'agent', bootId())
      .filter(({ endMonoMs }) => endMonoMs === undefined)
      .map(({ start }) => start),
  }
}

/** What the kernel says of exactly this process; undefined when it is gone. */
function statOf(identity: Identity | null): ProcessStat | undefined {
  const stat = identity ? readStat(identity.pid) : undefined
  return stat && stat.startTicks === identity?.startTicks && stat.state !== 'Z' ? stat : undefined
}

/** While `stopped` is desired the watchdog rests without an end: whoever wants it stopped ends it next. */
function restsUntil({ paths, isStopWanted }: Sources, now: number): number | null {
  return isStopWanted() ? Number.MAX_SAFE_INTEGER : (readMaintenance(paths, now)?.untilMonoMs ?? null)
}

/** The newest process that said who it is: on the link, in the ledger, or in its runtime file. A living one wins over a dead one. */
function newestIdentity(
  start: LedgerRecord | undefined,
  link: LinkState,
  runtime: RuntimeFile | null,
): Identity | null {
  const candidates = [start, link.identity, runtime].filter(
    (candidate): candidate is LedgerRecord | Identity | RuntimeFile => candidate != null,
  )
  const newest = candidates.find((candidate) => isAlive(candidate)) ?? candidates[0]
  return newest ? { pid: newest.pid, startTicks: newest.startTicks, nonce: newest.nonce } : null
}

/** What `ottugi restart` writes before it ends a process. */
const ASKED_RESTART = 'ottugi restart'
/** A `restart` of a person announces itself in the ledger this long before the end, at most. */
const ANNOUNCED_MS = 60_000

/**
 * Ends that somebody wanted: a hand-over, or one that a person announced. A process that leaves politely without being asked to
 * (somebody's SIGTERM, a supervisor that goes down) is an anomaly all the same.
 */
function plannedEnds(records: readonly LedgerRecord[]): string[] {
  const announced = records
    .filter((record) => record.app === 'agent' && record.kind === 'reset' && record.reason === ASKED_RESTART)
    .map(({ monoMs }) => monoMs)
  return records.flatMap((record) => {
    if (record.app !== 'agent' || record.kind !== 'end' || !record.planned) return []
    const isAsked = announced.some((at) => at <= record.monoMs && record.monoMs - at < ANNOUNCED_MS)
    return record.reason === HANDOVER || record.reason === END_OF_SAFE_MODE || isAsked ? [record.nonce] : []
  })
}

/** The ends for which a process gave a fault of its own as the reason, by nonce. */
function endFaults(records: readonly LedgerRecord[]): Record<string, string> {
  return Object.fromEntries(
    records.flatMap((record) => {
      const fault = record.app === 'agent' && record.kind === 'end' ? faultOfEnd(record.reason) : null
      return fault ? [[record.nonce, fault]] : []
    }),
  )
}

/** Changes when settings, secrets or dependencies do, and when that for which a start was refused does: a full disk, a missing package. */
function inputsOf(paths: HomePaths, refusal: Refusal | null): string {
  const locks = [lockfileOf(appRoot), join(appRoot, 'node_modules', '.package-lock.json')]
  const cause =
    refusal?.fault === 'disk-full'
      ? readDiskRoom(paths.home).isFull
      : refusal?.fault === 'dependencies' && readDependencyFaults(appRoot).length
  return [...[paths.settings, paths.env, ...locks].map(contentStamp), cause].join('|')
}

type LinkView = Pick<AgentView, 'link' | 'linkClosedForMs' | 'phase' | 'silentMs' | 'mainAgeMs' | 'busyUntil'>

function linkView({ awake, link }: Sources, identity: Identity | null, now: number): LinkView {
  const state = link()
  const isItsLink = state.connected && state.identity?.nonce === identity?.nonce
  if (!isItsLink) {
    return {
      link: 'closed',
      linkClosedForMs: awake.ageOf(state.lastAt, now),
      phase: null,
      silentMs: 0,
      mainAgeMs: 0,
      busyUntil: null,
    }
  }
  const { beat, lastAt } = state
  return {
    link: 'connected',
    linkClosedForMs: 0,
    phase: beat?.phase ?? 'preflight',
    silentMs: awake.ageOf(lastAt, now),
    mainAgeMs: beat ? awake.ageOf(lastAt - beat.mainAgeMs, now) : 0,
    busyUntil: beat?.busyUntilMonoMs ?? null,
  }
}

/** The last word of the ledger about this app, if it is a refusal: something newer outdates it. */
export function newestRefusal(records: readonly LedgerRecord[], app: AppName, living: Identity | null): Refusal | null {
  if (living) return null
  const last = records.findLast((record) => record.app === app && record.kind !== 'end')
  if (last?.kind !== 'refused') return null
  return { fault: last.fault, reason: last.reason, atMonoMs: last.monoMs, untilMonoMs: last.untilMonoMs }
}

/** How long one measurement of CPU time lasts before it begins anew while the main thread beats. */
const CPU_TICKS_PER_MS = 0.1

/** Share of a core that a process used since its main thread fell silent. */
function createCpuMeter(): (identity: Identity | null, ticks: number, mainAgeMs: number, now: number) => number {
  let base = { nonce: '', ticks: 0, at: 0 }
  return (identity, ticks, mainAgeMs, now) => {
    // While it beats, the base moves along; once it is silent, the base stays where the silence began.
    if (!identity || base.nonce !== identity.nonce || mainAgeMs < 500)
      base = { nonce: identity?.nonce ?? '', ticks, at: now }
    const elapsedMs = now - base.at
    return elapsedMs > 0 ? (ticks - base.ticks) / CPU_TICKS_PER_MS / elapsedMs : 1
  }
}

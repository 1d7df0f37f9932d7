/**
 * Measures the machine, our processes and the health of the service while the watchdog looks anyway, and writes it down once a minute.
 * It matters less than anything else: on a disk that runs low it stops writing first, and what fails here is said once and tried again.
 */
import { readDiskRoom } from '../../shared/diskRoom.ts'
import { LINK } from '../../shared/link.ts'
import type { Logger } from '../../shared/log.ts'
import { createHostMeter, createProcessMeter } from '../../shared/metrics/meters.ts'
import { FINEST_MS } from '../../shared/metrics/tiers.ts'
import type { HomePaths } from '../../shared/paths.ts'
import type { LinkState } from '../linkServer.ts'
import type { Beat } from '../loop.ts'
import type { WatchStore } from '../store.ts'
import type { Watch } from '../watch.ts'
import { healthWordOf } from './healthWord.ts'
import { createMembers, type Member } from './members.ts'
import { createMetricStore } from './metricStore.ts'
import { createPending, type Pending } from './pending.ts'

/** What it works with. `wall`: the wall clock in milliseconds, for tests. */
export type MetricsParts = {
  readonly paths: HomePaths
  readonly store: Pick<WatchStore, 'database'>
  readonly link: () => LinkState
  readonly watch: () => Watch
  readonly environment: NodeJS.ProcessEnv
  readonly log: Pick<Logger, 'warn'>
  readonly wall?: () => number
  readonly isDiskLow?: () => boolean
}

const WRITE_EVERY_MS = 60_000
/** Pace while an incident is open. */
const CLOSE_MS = 1_000
/** A longer time between two looks is time in which nobody looked. */
const LOOKED_MS = 15_000

/** The beat, and what is written before the watchdog leaves. */
export type MetricsChore = { readonly beat: Beat; readonly write: () => void }

/** Makes the chore. */
export function createMetricsChore(parts: MetricsParts): MetricsChore {
  const { watch, paths, wall = Date.now, isDiskLow = () => readDiskRoom(paths.home).isLow } = parts
  const pending = createPending()
  const sample = createSampler(parts, pending)
  const lookAtHealth = createHealthLook(watch, pending)
  const write = createWriter(parts, pending, isDiskLow)
  const isDue = createPace()
  let wroteMinute: number | undefined
  let incident: number | null = null
  return {
    write,
    beat(now) {
      const wallMs = wall()
      lookAtHealth(now, wallMs)
      const open = watch().incident?.id ?? null
      if (isDue(now, wallMs, open !== null)) sample(now, wallMs)
      const minute = Math.floor(wallMs / WRITE_EVERY_MS)
      wroteMinute ??= minute
      if (minute === wroteMinute && open === incident) return
      wroteMinute = minute
      incident = open
      write()
    },
  }
}

/** Once in each of the finest buckets, so that none stays empty by chance; during an incident each second as well. */
function createPace(): (now: number, wallMs: number, isClose: boolean) => boolean {
  let slot: number | undefined
  let lastAt = Number.NEGATIVE_INFINITY
  return (now, wallMs, isClose) => {
    const current = Math.floor(wallMs / FINEST_MS)
    if (current === slot && !(isClose && now - lastAt >= CLOSE_MS)) return false
    slot = current
    lastAt = now
    return true
  }
}

function createSampler({ paths, link, environment }: MetricsParts, pending: Pending) {
  const meterHost = createHostMeter(paths.home)
  const meterProcess = createProcessMeter()
  const members = createMembers(paths, environment)
  const sampleMember = ({ app, pid, startTicks }: Member, now: number, wallMs: number) => {
    const seen = meterProcess({ pid, startTicks }, now)
    pending.add(`${app}.cpu`, seen?.cpu, wallMs)
    pending.add(`${app}.memory`, seen?.memory, wallMs)
    pending.add(`${app}.descriptors`, seen?.descriptors, wallMs)
  }
  return (now: number, wallMs: number) => {
    const host = meterHost(now)
    pending.add('host.cpu', host.cpu, wallMs)
    pending.add('host.load1', host.load1, wallMs)
    pending.add('host.memoryUsed', host.memoryUsed, wallMs)
    pending.add('host.diskUsed', host.diskUsed, wallMs)
    pending.add('host.networkReceived', host.networkReceivedPerSec, wallMs)
    pending.add('host.networkSent', host.networkSentPerSec, wallMs)
    pending.add('agent.loopDelay', loopDelayOf(link()), wallMs)
    for (const member of members()) sampleMember(member, now, wallMs)
  }
}

/** PURE. How much later than its pace the mark of the main thread is; null without a beat. */
function loopDelayOf({ connected, beat }: LinkState): number | null {
  return connected && beat?.phase === 'ready' ? Math.max(0, beat.mainAgeMs - LINK.mainBeatMs) : null
}

/** The time since the last look goes to the word of then; that of a suspicion to what it proved to be. */
function createHealthLook(watch: () => Watch, pending: Pending): (now: number, wallMs: number) => void {
  let last: { readonly word: ReturnType<typeof healthWordOf>; readonly at: number } | undefined
  return (now, wallMs) => {
    const word = healthWordOf(watch())
    if (!last) {
      last = { word, at: now }
      return
    }
    const forMs = now - last.at
    if (word === null && last.word === null && forMs < LOOKED_MS) return
    const proved = last.word ?? word
    if (proved && proved !== 'unknown' && forMs > 0 && forMs < LOOKED_MS) pending.addHealth(proved, forMs, wallMs)
    last = { word, at: now }
  }
}

function createWriter({ store, log }: MetricsParts, pending: Pending, isDiskLow: () => boolean): () => void {
  let writeAll: ReturnType<typeof createMetricStore> | undefined
  let isTold = false
  return () => {
    try {
      if (isDiskLow()) return
      writeAll ??= createMetricStore(store.database)
      writeAll(pending.all())
      pending.clear()
      isTold = false
    } catch (error) {
      if (!isTold)
        log.warn({ error: String(error) }, 'the measurements were not written: they are kept and tried again')
      isTold = true
    }
  }
}

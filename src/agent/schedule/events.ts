/**
 * Events that make jobs due: files that change, and incidents. Each source is followed by a cursor that is stored together with the slot, so a kill loses no
 * event and doubles none, and what happened while no agent ran is found at the next look.
 */
import { type FSWatcher, watch } from 'node:fs'
import { dirname } from 'node:path'
import type { ListedJob } from '../../shared/schedule/job.ts'
import { readIncidents } from '../../shared/watchdogReader.ts'
import { contentOf } from './fileContent.ts'
import { firstCursor, type Schedule } from './schedule.ts'
import type { ScheduleStore } from './store.ts'

/** A file that is being written changes many times: it is looked at when it was quiet for so long, in milliseconds. */
const QUIET_MS = 300
/** Incidents that are looked through; more than that do not open between two beats. */
const INCIDENTS_READ = 200

/** What the sources work with. */
export type EventParts = {
  readonly schedule: Pick<Schedule, 'occur'>
  readonly store: Pick<ScheduleStore, 'jobs' | 'followEvents'>
  /** `data/watchdog.db`. */
  readonly watchdogDb: string
  /** Told when something moved below a watched path: time for a look. */
  readonly onNoticed: () => void
}

/** The sources. */
export type Events = {
  /** Looks at everything once. Watching only makes it sooner: where the system cannot watch, this is enough. */
  readonly look: () => void
  readonly stop: () => void
}

/** Number of an incident's name; 0 where it has none. */
function numberOf(id: string): number {
  return Number(/^I(\d+)$/.exec(id)?.[1] ?? 0)
}

/** The number of the newest incident; 0 where there is none or it cannot be read. */
export function lastIncident(watchdogDb: string): number {
  const found = readIncidents(watchdogDb, 1)
  return found.ok ? numberOf(found.value[0]?.id ?? '') : 0
}

/** Follows them. */
export function followEvents(parts: EventParts): Events {
  const watchers = createWatchers(parts.onNoticed)
  return {
    look: () => {
      const jobs = parts.store
        .jobs()
        .filter(({ paused }) => !paused)
        .filter((job) => !beginsAnew(job, parts))
      const files = jobs.filter(({ trigger }) => trigger.kind === 'file')
      watchers.follow(files)
      for (const job of files) lookAtFile(job, parts)
      const waiting = jobs.filter(({ trigger }) => trigger.kind === 'incident')
      if (waiting.length > 0) lookAtIncidents(waiting, parts)
    },
    stop: () => watchers.follow([]),
  }
}

type FollowedJob = ListedJob & { readonly eventCursor: string }

/** A cursor that a repair took away: what happened before may have been acted on already, so it is followed from now on. */
function beginsAnew(job: FollowedJob, { store, watchdogDb }: EventParts): boolean {
  if (job.eventCursor !== '') return false
  const cursor = firstCursor(job, () => lastIncident(watchdogDb))
  if (cursor !== '') store.followEvents(job.id, cursor)
  return cursor !== ''
}

function lookAtFile(job: FollowedJob, { schedule }: EventParts): void {
  if (job.trigger.kind !== 'file') return
  const [, count = '0', old = ''] = /^(\d+):(.*)$/.exec(job.eventCursor) ?? []
  const now = contentOf(job.trigger.path)
  if (now === old) return
  // The number makes a content that comes back another occurrence.
  const cursor = `${Number(count) + 1}:${now}`
  const payload = JSON.stringify({
    event: 'file',
    path: job.trigger.path,
    state: now === 'missing' ? 'gone' : 'changed',
  })
  schedule.occur({ job: job.id, key: cursor, payload, cursor })
}

function lookAtIncidents(jobs: readonly FollowedJob[], parts: EventParts): void {
  const found = readIncidents(parts.watchdogDb, INCIDENTS_READ)
  if (!found.ok) return
  const incidents = found.value.toReversed()
  for (const { id, eventCursor } of jobs) {
    for (const incident of incidents.filter((one) => numberOf(one.id) > Number(eventCursor))) {
      const { id: key, openedAt, fault, symptom, outcome } = incident
      const payload = JSON.stringify({ event: 'incident', id: key, openedAt, fault, symptom, outcome })
      const occurred = parts.schedule.occur({ job: id, key, payload, cursor: String(numberOf(key)) })
      if (occurred === 'limited') break
    }
  }
}

/** One watcher a job, on the folder that the path lies in: a file that is replaced or not there yet is noticed too. */
function createWatchers(onQuiet: () => void) {
  const watched = new Map<string, { readonly path: string; readonly stop: () => void }>()
  return {
    follow: (jobs: readonly ListedJob[]) => {
      const wanted = new Map(jobs.map(({ id, trigger }) => [id, trigger.kind === 'file' ? trigger.path : '']))
      for (const [id, { path, stop }] of watched) {
        if (wanted.get(id) === path) continue
        stop()
        watched.delete(id)
      }
      for (const [id, path] of wanted) {
        if (!watched.has(id)) watched.set(id, { path, stop: watchQuietly(path, onQuiet) })
      }
    },
  }
}

function watchQuietly(path: string, onQuiet: () => void): () => void {
  let timer: NodeJS.Timeout | undefined
  const onChange = () => {
    clearTimeout(timer)
    timer = setTimeout(onQuiet, QUIET_MS)
  }
  const watchers = [path, dirname(path)].flatMap((place) => watcherOf(place, onChange))
  return () => {
    clearTimeout(timer)
    for (const watcher of watchers) watcher.close()
  }
}

/** None where it cannot be watched: the look at each beat finds the change. */
function watcherOf(place: string, onChange: () => void): FSWatcher[] {
  try {
    const watcher = watch(place, { persistent: false }, onChange)
    watcher.on('error', () => watcher.close())
    return [watcher]
  } catch {
    return []
  }
}

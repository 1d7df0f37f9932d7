/** The story of a full disk, as an incident (`S1`) and an alert. Told from what is on record; nothing is decided here. */
import { closeAlert, writeAlert } from '../alert/alertFile.ts'
import { now } from '../shared/clock.ts'
import type { DiskRoom } from '../shared/diskRoom.ts'
import type { Incident, IncidentAction } from '../shared/incident.ts'
import type { Language } from '../shared/messages/message.ts'
import { text } from '../shared/messages/text.ts'
import type { HomePaths } from '../shared/paths.ts'
import { endedRepairs } from '../shared/repairTail.ts'
import type { WatchStore } from './store.ts'

const MIB = 1_024 * 1_024
/** First letter of its incidents: `S` for storage. */
const LETTER = 'S'

/** Where it is told. */
export type DiskStory = { readonly paths: HomePaths; readonly store: WatchStore; readonly language: Language }

/** How long the disk has been full, and how long after it was seen with room for the last time that was noticed. */
export type DiskTimes = { readonly forMs: number; readonly detectMs: number | null }

/** The incident that is open; undefined where there is none. */
export function openDiskIncident(store: WatchStore): Incident | undefined {
  return store.incidentsOf(LETTER).find(({ closedAt }) => closedAt === null)
}

/** Nothing of ours made room: a person is told, once. Gives the file of the alert. */
export function tellDiskFull(story: DiskStory, room: DiskRoom, times: DiskTimes): string {
  const { paths, store, language } = story
  const params = { freeMb: Math.floor(room.freeBytes / MIB), inodes: room.freeInodes ?? '∞' }
  const reason = text(language, 'guardian.diskFull', params)
  const human = [
    reason,
    text(language, 'guardian.disk.human', { home: paths.home }),
    text(language, 'guardian.disk.serves'),
  ].join(' ')
  const known = openDiskIncident(store) ?? newIncident(store, times)
  const incident: Incident = {
    ...known,
    tier: 'human',
    outcome: 'escalated',
    actions: repairsSince(paths, known),
    human,
  }
  // The file first: it needs nothing that may be broken.
  const file = writeAlert(paths, incident, reason, language)
  store.saveIncident(incident)
  return file
}

/** There is room again. One that nobody had to be told of was healed by what the guardian did. */
export function closeDiskFull({ paths, store, language }: DiskStory, times: DiskTimes): void {
  const told = openDiskIncident(store)
  const incident = told ?? { ...newIncident(store, times), tier: 'guardian' as const, outcome: 'healed' as const }
  const closedAt = now().at
  store.saveIncident({ ...incident, closedAt, actions: repairsSince(paths, incident) })
  if (told) closeAlert(paths, told.id, closedAt, language)
}

function newIncident(store: WatchStore, { forMs, detectMs }: DiskTimes): Incident {
  const numbers = store.incidentsOf(LETTER).map(({ id }) => Number(id.slice(1)))
  return {
    id: `${LETTER}${Math.max(0, ...numbers) + 1}`,
    openedAt: new Date(Date.parse(now().at) - forMs).toISOString(),
    closedAt: null,
    fault: 'disk-full',
    symptom: 'disk-full',
    tier: 'guardian',
    outcome: 'open',
    // The service itself was never away.
    downMs: 0,
    detectMs,
    actions: [],
    modelCalls: 0,
    costUsd: 0,
    human: null,
  }
}

function repairsSince({ repairsJournal }: HomePaths, { openedAt }: Incident): IncidentAction[] {
  return endedRepairs(repairsJournal)
    .filter(({ at, by }) => by === 'watchdog' && at >= openedAt)
    .map(({ action, args, at, verdict, result, undone }) => ({ action, args, at, verdict, result, undone }))
}

/**
 * The other stories: supervisor, watchdog and dashboard broke and stand again, while the agent may never have noticed.
 * Told from what is on record, by whoever is the watchdog afterwards; nothing is decided here.
 */
import { type LedgerRecord, livesOf, readBoots } from '../shared/bootledger.ts'
import { bootId, now } from '../shared/clock.ts'
import type { Incident, IncidentAction } from '../shared/incident.ts'
import type { AppName, HomePaths } from '../shared/paths.ts'
import type { WatchStore } from './store.ts'

/** Who broke; its first letter names its incidents (`P3`, `W1`, `D2`), the agent's are `I…`. */
const LETTERS = { supervisor: 'P', watchdog: 'W', dashboard: 'D' } as const
type Broken = keyof typeof LETTERS

/** Opens an incident about the supervisor, unless one is open already: it may take several looks until it is well. */
export function supervisorBroke(store: WatchStore, symptom: 'gone' | 'stopped'): void {
  if (openOf(store, 'supervisor')) return
  store.saveIncident(newIncident(store, 'supervisor', symptom, now().at))
}

/** Adds what was done about it. */
export function supervisorTreated(store: WatchStore, action: string, result: string): void {
  const incident = openOf(store, 'supervisor')
  if (incident) store.saveIncident({ ...incident, actions: [...incident.actions.slice(-50), done(action, {}, result)] })
}

/** Closes it, also when it was opened by the watchdog of the supervisor before. */
export function supervisorIsWell(store: WatchStore): void {
  const incident = openOf(store, 'supervisor')
  if (!incident) return
  const closedAt = now().at
  const downMs = Date.parse(closedAt) - Date.parse(incident.openedAt)
  store.saveIncident({ ...incident, closedAt, downMs, tier: 'watchdog', outcome: 'healed' })
}

/** Tells of the last life of an app that nobody planned to end, once its successor is there. Safe to call twice. */
export function tellLostLife(store: WatchStore, paths: HomePaths, app: 'watchdog' | 'dashboard'): void {
  const records = readBoots(paths.boots)
  const [lost, successor] = livesOf(records, app, bootId()).slice(-2)
  if (!lost || !successor || lost.planned || lost.endMonoMs === undefined) return
  const marker = `${lost.start.pid}:${lost.start.startTicks}`
  if (store.incidentsOf(LETTERS[app]).some(({ actions }) => actions.some(({ args }) => args['process'] === marker)))
    return
  const endedAt = endOf(records, app, lost.start.nonce)?.at ?? successor.start.at
  const incident = newIncident(store, app, 'exited', endedAt)
  store.saveIncident({
    ...incident,
    closedAt: successor.start.at,
    downMs: Math.max(0, Math.round(successor.start.monoMs - lost.endMonoMs)),
    outcome: 'healed',
    actions: [
      done('restart', { process: marker, end: lost.endReason ?? 'vanished' }, `back as pid ${successor.start.pid}`),
    ],
  })
}

function endOf(records: readonly LedgerRecord[], app: AppName, nonce: string): LedgerRecord | undefined {
  return records.findLast((record) => record.app === app && record.kind === 'end' && record.nonce === nonce)
}

function openOf(store: WatchStore, broken: Broken): Incident | undefined {
  return store.incidentsOf(LETTERS[broken]).find(({ closedAt }) => closedAt === null)
}

function newIncident(store: WatchStore, broken: Broken, symptom: string, openedAt: string): Incident {
  const letter = LETTERS[broken]
  const numbers = store.incidentsOf(letter).map(({ id }) => Number(id.slice(1)))
  return {
    id: `${letter}${Math.max(0, ...numbers) + 1}`,
    openedAt,
    closedAt: null,
    fault: `${broken}-${symptom}`,
    symptom,
    tier: 'keepalive',
    outcome: 'open',
    downMs: null,
    detectMs: null,
    actions: [],
    modelCalls: 0,
    costUsd: 0,
    human: null,
  }
}

function done(action: string, args: Record<string, unknown>, result: string): IncidentAction {
  return { action, args, at: now().at, verdict: 'allowed', result, undone: false }
}

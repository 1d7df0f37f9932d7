/** Does what `step` decided, and writes it down. The only part of the watchdog that changes anything outside itself. */
import type { Desk } from '../alert/desk.ts'
import { appendBoot } from '../shared/bootledger.ts'
import { now } from '../shared/clock.ts'
import { signalIdentity } from '../shared/identity.ts'
import type { Incident, IncidentAction } from '../shared/incident.ts'
import type { Logger } from '../shared/log.ts'
import type { HomePaths } from '../shared/paths.ts'
import { readWaitChannel } from '../shared/procfs.ts'
import { endedRepairs } from '../shared/repairTail.ts'
import type { Supervisor } from '../shared/supervisor/supervisor.ts'
import type { GuardianJob } from './guardianJob.ts'
import type { RecoveryRunner } from './recoveryJob.ts'
import type { WatchStore } from './store.ts'
import type { Action } from './watch.ts'

export type Hands = {
  readonly paths: HomePaths
  readonly store: WatchStore
  readonly supervisor: Supervisor
  readonly job: GuardianJob
  readonly recovery: RecoveryRunner
  readonly log: Logger
  readonly desk: Desk
  /** Frames of the blocked main thread, as its worker took them; empty in native code. */
  readonly stack: () => readonly string[]
}

type Doing<Name extends Action['do']> = Extract<Action, { do: Name }>

/** Performs one action. Slow ones are started, not awaited: their end is seen by the next look. */
export function perform(hands: Hands, action: Action, openId: number | null): void {
  hands.log.info({ action }, action.do)
  switch (action.do) {
    case 'openIncident':
      return openIncident(hands, action)
    case 'closeIncident':
      return closeIncident(hands, action)
    case 'raiseAlert':
      return raiseAlert(hands, action)
    case 'resume':
      signalIdentity(action.target, 'SIGCONT')
      return note(hands, openId, { action: 'resume', args: { pid: action.target.pid }, result: 'SIGCONT sent' })
    case 'kill':
      return kill(hands, action, openId)
    case 'startAgent':
      return startAgent(hands, action, openId)
    case 'resetLedger':
      return appendBoot(hands.paths.boots, 'agent', { kind: 'reset', reason: action.why })
    case 'runGuardian':
      hands.job.run(action.deadline, action.fault)
      return note(hands, openId, { action: 'guardian repair', args: { fault: action.fault }, result: 'started' })
    case 'cancelGuardian':
      return hands.job.cancel()
    case 'runRecovery':
      return runRecovery(hands, action)
    case 'cancelRecovery':
      return hands.recovery.cancel()
  }
}

function runRecovery(hands: Hands, { deadline, fault, symptom, incident }: Doing<'runRecovery'>): void {
  hands.recovery.run(deadline, {
    deadline,
    fault,
    symptom,
    incident: incident === null ? null : incidentName(incident),
  })
  note(hands, incident, { action: 'recovery', args: { fault, symptom }, result: 'started' })
}

/** `I7`: short enough to be typed. */
export function incidentName(id: number): string {
  return `I${id}`
}

function openIncident({ store }: Hands, action: Doing<'openIncident'>): void {
  const at = now()
  const openedAt = new Date(Date.parse(at.at) - Math.max(0, at.monoMs - action.lastGoodAt)).toISOString()
  store.saveIncident({
    id: incidentName(action.id),
    openedAt,
    closedAt: null,
    fault: action.symptom,
    symptom: action.symptom,
    tier: 'keepalive',
    outcome: 'open',
    downMs: null,
    detectMs: Math.round(action.detectMs),
    actions: [],
    modelCalls: 0,
    costUsd: 0,
    human: null,
  })
}

function closeIncident(hands: Hands, action: Doing<'closeIncident'>): void {
  const incident = hands.store.incident(incidentName(action.id))
  if (!incident) return
  const closedAt = now().at
  const outcome = action.alerted ? 'escalated' : action.degraded ? 'degraded' : 'healed'
  const actions = withRepairs(hands, incident)
  const downMs = action.downMs === null ? null : Math.round(action.downMs)
  const closed: Incident = {
    ...incident,
    closedAt,
    fault: action.fault ?? incident.fault,
    tier: action.tier,
    outcome,
    downMs,
    actions,
  }
  hands.store.saveIncident(closed)
  if (action.tier === 'recovery' || incident.modelCalls > 0) hands.recovery.settle(incident.id, outcome)
  if (action.alerted) hands.desk.close({ id: incident.id, closedAt })
  else if (isNews(closed)) hands.desk.raise(closed, closed.fault, 'info')
}

/** Healed without anybody, and still something that its owner should hear of: a choice of recovery, or settings of theirs that were taken back. */
function isNews({ tier, actions }: Incident): boolean {
  return tier === 'recovery' || actions.some(({ action }) => action === 'restore_config')
}

/** The repairs since the incident began, as the repair journal tells them, among what the watchdog did itself. */
function withRepairs({ paths }: Hands, incident: Incident): IncidentAction[] {
  const told = new Set(incident.actions.map((action) => `${action.at} ${action.action}`))
  const repairs = endedRepairs(paths.repairsJournal)
    .filter((repair) => incident.symptom === 'repaired-at-start' || repair.at >= incident.openedAt)
    .slice(-20)
    .map(({ action, args, at, verdict, result, undone }) => ({ action, args, at, verdict, result, undone }))
    .filter((repair) => !told.has(`${repair.at} ${repair.action}`))
  return [...incident.actions, ...repairs].toSorted((a, b) => a.at.localeCompare(b.at))
}

function raiseAlert(hands: Hands, action: Doing<'raiseAlert'>): void {
  const incident = hands.store.incident(incidentName(action.id))
  if (!incident) return
  const open: Incident = {
    ...incident,
    tier: 'human',
    outcome: 'escalated',
    actions: withRepairs(hands, incident),
    human: action.reason,
  }
  // The file first: it needs nothing that may be broken.
  hands.desk.raise(open, action.reason, 'critical')
  hands.store.saveIncident(open)
  hands.log.error({ incident: open.id }, 'a person is needed')
}

function kill(hands: Hands, { target, why }: Doing<'kill'>, openId: number | null): void {
  const frames = why === 'blocked' ? hands.stack() : []
  const where = frames.length > 0 ? { stack: frames } : { waitChannel: readWaitChannel(target.pid) }
  const wasThere = signalIdentity(target, 'SIGKILL', true)
  const result = wasThere ? 'process group ended with SIGKILL' : 'it was gone already'
  note(hands, openId, { action: 'kill', args: { pid: target.pid, why, ...where }, result })
}

function startAgent(hands: Hands, action: Doing<'startAgent'>, openId: number | null): void {
  note(hands, openId, { action: 'start', args: { why: action.why }, result: `${hands.supervisor.kind} asked` })
  hands.supervisor.start(['agent']).then(
    (result) => result.ok || hands.log.warn({ reason: result.reason }, 'the supervisor did not start the agent'),
    (error) => hands.log.error({ error }, 'the supervisor could not be asked'),
  )
}

/** Writes into the open incident what was done; without one (a planned restart) only the log knows. */
function note({ store }: Hands, openId: number | null, done: Pick<IncidentAction, 'action' | 'args' | 'result'>): void {
  const incident = openId === null ? undefined : store.incident(incidentName(openId))
  if (!incident) return
  const entry: IncidentAction = { ...done, at: now().at, verdict: 'allowed', undone: false }
  // A retry every few minutes for days must not make the record endless.
  store.saveIncident({ ...incident, actions: [...incident.actions.slice(-199), entry] })
}

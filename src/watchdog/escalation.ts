/** PURE. What this tier does about an agent that is certainly down, and when it passes the fault up. */
import type { Identity } from '../shared/identity.ts'
import { type Context, isPlannedEnd } from './context.ts'
import { aboveGuardian, opened, type Turn, toGivenUp, toRepairing, toRestarting } from './transitions.ts'
import type { Action, Observation, Symptom, Watch, WatchState } from './watch.ts'

/** After SIGCONT the process has this long to beat again before it is ended. */
const RESUME_MS = 600

/** By symptom: written down, resumed, or ended. */
export function confirmed(watch: Watch, identity: Identity, symptom: Symptom, context: Context): Turn {
  if (symptom === 'exited') return lost(watch, identity, context)
  if (symptom === 'stopped') return resumeFirst(watch, identity, context)
  return endIt(watch, identity, symptom, context)
}

/** Its process is gone. The supervisor restarts it by itself; here it is only written down, and counted. */
export function lost(watch: Watch, identity: Identity, context: Context): Turn {
  const { seen, now, policy } = context
  if (isPlannedEnd(seen, identity)) return toRestarting(watch, { now, policy, gone: identity })
  // The kernel closes the link when a process dies: the last sign of life is newer than the last beat.
  const closedAt = seen.agent.link === 'closed' ? now - seen.agent.linkClosedForMs : watch.lastGoodAt
  const known = watch.incident ? watch : { ...watch, lastGoodAt: Math.max(watch.lastGoodAt, closedAt) }
  const [nameless, actions] = opened(known, 'exited', context)
  const open = named(nameless, seen.endFaults[identity.nonce])
  if (open.starts.length >= policy.maxRestarts) return escalate(open, actions, context)
  const [next, more] = toRestarting(open, { now, policy, gone: identity })
  return [next, [...actions, ...more]]
}

/** What it said itself when it ended is the fault, unless more is known. */
function named(watch: Watch, fault: string | undefined): Watch {
  const { incident } = watch
  return incident && fault && !incident.fault ? { ...watch, incident: { ...incident, fault } } : watch
}

/** Stopped by a signal: let it go on first, which costs nobody an answer. Stopped again in the same incident: end it. */
function resumeFirst(watch: Watch, identity: Identity, context: Context): Turn {
  if (watch.incident?.symptom === 'stopped') return endIt(watch, identity, 'stopped', context)
  const [open, actions] = opened(watch, 'stopped', context)
  const { now } = context
  const state: WatchState = { name: 'suspect', since: now, identity, symptom: 'stopped', deadline: now + RESUME_MS }
  return [{ ...touched(open), state }, [...actions, { do: 'resume', target: identity }]]
}

/** Ends a process that is certainly down. The supervisor restarts it at once; too often in the window, and the guardian is asked first. */
export function endIt(watch: Watch, identity: Identity, symptom: Symptom, context: Context): Turn {
  const { now, policy } = context
  const [open, actions] = opened(watch, symptom, context)
  const kill: Action = { do: 'kill', target: identity, why: symptom }
  if (open.starts.length >= policy.maxRestarts) return escalate(touched(open), [...actions, kill], context)
  const [next, more] = toRestarting(touched(open), { now, policy, gone: identity })
  return [next, [...actions, kill, ...more]]
}

/** The watchdog itself did something: the incident is not KeepAlive's alone any more. */
export function touched(watch: Watch): Watch {
  return watch.incident ? { ...watch, incident: { ...watch.incident, touched: true } } : watch
}

/** This tier has tried enough and passes the fault up: to the guardian while it has tries left, then to recovery, else to a person. */
export function escalate(watch: Watch, before: readonly Action[], context: Context): Turn {
  const { state } = watch
  const { now, policy, seen } = context
  const slowRetryMs = state.name === 'restarting' ? state.retryDelayMs : null
  const delayMs =
    slowRetryMs === null ? policy.retryMinMs : Math.min(Math.max(slowRetryMs * 2, policy.retryMinMs), policy.retryMaxMs)
  const canRepair = slowRetryMs === null && watch.repairs.length < policy.maxRepairs
  const reason = seen.refusal?.reason ?? watch.incident?.symptom ?? 'unknown'
  const how = { now, delayMs, seen, reason, policy }
  // A slow retry that failed is no news: whoever could help has been asked.
  const above = slowRetryMs === null ? aboveGuardian : toGivenUp
  const [next, actions] = canRepair ? toRepairing(watch, context) : above(watch, how)
  return [next, [...before, ...actions]]
}

/** A fresh budget, and a start where there is no process yet: the supervisor would restart a living one. */
export function freshStart(seen: Observation, why: string): Action[] {
  const reset: Action = { do: 'resetLedger', why }
  return seen.agent.alive ? [reset] : [reset, { do: 'startAgent', why }]
}

import type { Identity } from '../shared/identity.ts'
import type { Action, Observation, OpenIncident, Policy, Symptom, Watch } from './watch.ts'

/** The next watch, and what to do, in order. */
export type Turn = readonly [Watch, readonly Action[]]

type Moment = { readonly seen: Observation; readonly now: number; readonly policy: Policy }

/** PURE. Opens the incident if there is none; one that is in its hold time goes on. */
export function opened(watch: Watch, symptom: Symptom, { seen, now }: Moment): Turn {
  const fault = seen.refusal?.fault ?? null
  if (watch.incident) {
    return [{ ...watch, incident: { ...watch.incident, upAt: null, fault: watch.incident.fault ?? fault } }, []]
  }
  const id = watch.lastIncidentId + 1
  const incident: OpenIncident = {
    id,
    symptom,
    fault,
    lastGoodAt: watch.lastGoodAt,
    detectedAt: now,
    upAt: null,
    repaired: false,
    recovered: false,
    touched: false,
    alerted: false,
    degradedBefore: watch.degraded,
  }
  const action: Action = {
    do: 'openIncident',
    id,
    symptom,
    detectMs: Math.max(0, now - watch.lastGoodAt),
    lastGoodAt: watch.lastGoodAt,
  }
  return [{ ...watch, lastIncidentId: id, incident }, [action]]
}

/** PURE. Waits for a process to come up. */
export function toRestarting(
  watch: Watch,
  how: { now: number; policy: Policy; gone: Identity | null; askedAt?: number; retryDelayMs?: number },
): Turn {
  const { now, policy, gone } = how
  const state = {
    name: 'restarting',
    since: now,
    gone,
    coming: null,
    deadline: now + policy.startTimeoutMs,
    askedAt: how.askedAt ?? null,
    retryDelayMs: how.retryDelayMs ?? null,
    heldInputs: null,
  } as const
  return [{ ...watch, state }, []]
}

/** PURE. Ready: an open incident's hold time begins. */
export function toHealthy(watch: Watch, identity: Identity, now: number): Turn {
  const incident = watch.incident ? { ...watch.incident, upAt: now } : null
  const state = { name: 'healthy', since: now, identity } as const
  return [{ ...watch, incident, state, lastGoodAt: now }, []]
}

/** PURE. Asks TIER 3. */
export function toRepairing(watch: Watch, { now, policy }: Moment): Turn {
  const deadline = now + policy.repairTimeoutMs
  const next: Watch = { ...watch, repairs: [...watch.repairs, now], state: { name: 'repairing', since: now, deadline } }
  return [next, [{ do: 'runGuardian', deadline, fault: watch.incident?.fault ?? null }]]
}

/** PURE. Asks TIER 4: runbook, learned rules, and a model that may only choose. */
export function toRecovering(watch: Watch, { now, policy }: Moment): Turn {
  const deadline = now + policy.recoveryTimeoutMs
  const next: Watch = {
    ...watch,
    recoveries: [...watch.recoveries, now],
    state: { name: 'recovering', since: now, deadline },
  }
  return [next, [recoveryOf(next, deadline)]]
}

/** PURE. What recovery is told. */
export function recoveryOf({ incident }: Watch, deadline: number): Action {
  const { fault = null, symptom = null, id = null } = incident ?? {}
  return { do: 'runRecovery', deadline, fault, symptom, incident: id }
}

/** PURE. The next tier above the guardian: recovery while it has tries left, else a person. */
export function aboveGuardian(watch: Watch, how: GivingUp & { readonly policy: Policy }): Turn {
  const { policy } = how
  return watch.recoveries.length < policy.maxRecoveries ? toRecovering(watch, how) : toGivenUp(watch, how)
}

/** When, why, and how long until the next try. */
export type GivingUp = {
  readonly now: number
  readonly delayMs: number
  readonly seen: Observation
  readonly reason: string
}

/** PURE. Passes it to a person, once an incident, and goes on trying slowly. */
export function toGivenUp(watch: Watch, how: GivingUp): Turn {
  const { now, delayMs, seen, reason } = how
  const state = {
    name: 'givenUp',
    since: now,
    retryAt: now + delayMs,
    delayMs,
    inputs: seen.inputs,
    answers: seen.answers,
  } as const
  const { incident } = watch
  if (!incident || incident.alerted) return [{ ...watch, state }, []]
  return [
    { ...watch, state, incident: { ...incident, alerted: true } },
    [{ do: 'raiseAlert', id: incident.id, reason }],
  ]
}

/** So long without too many unplanned starts, and a flapping agent counts as calm again. */
const CALM_MS = 60_000

/** PURE. False while the agent flaps: then the incident stays open until a minute was calm. */
export function isCalm(watch: Watch, now: number, policy: Policy): boolean {
  return watch.starts.filter((at) => now - at < CALM_MS).length < policy.maxRestarts
}

/** PURE. Closes the incident: the agent stayed ready for the hold time. */
export function close(watch: Watch, upAt: number, seen: Observation): Turn {
  const { incident } = watch
  if (!incident) return [watch, []]
  const newer = seen.newestRepair && seen.newestRepair.seq > watch.toldRepairSeq ? seen.newestRepair : null
  const isRepaired = incident.repaired || newer !== null
  const action: Action = {
    do: 'closeIncident',
    id: incident.id,
    fault: newer?.fault ?? incident.fault,
    tier: tierOf(incident, isRepaired),
    downMs: Math.max(0, upAt - incident.lastGoodAt),
    degraded: isLess(seen.agent.degraded, incident.degradedBefore),
    alerted: incident.alerted,
  }
  return [{ ...watch, incident: null, toldRepairSeq: newer?.seq ?? watch.toldRepairSeq }, [action]]
}

/** PURE. Who healed it: the highest that did something. */
function tierOf({ alerted, recovered, touched }: OpenIncident, isRepaired: boolean) {
  if (alerted) return 'human'
  if (recovered) return 'recovery'
  if (isRepaired) return 'guardian'
  return touched ? 'watchdog' : 'keepalive'
}

/** PURE. A repair that was made before a start that nobody was waiting for is an incident too: opened and closed at once. */
export function tellRepair(watch: Watch, seen: Observation, now: number): Turn {
  const repair = seen.newestRepair
  if (!repair || repair.seq <= watch.toldRepairSeq) return [watch, []]
  const id = watch.lastIncidentId + 1
  const actions: Action[] = [
    { do: 'openIncident', id, symptom: 'repaired-at-start', detectMs: 0, lastGoodAt: now },
    {
      do: 'closeIncident',
      id,
      fault: repair.fault,
      tier: 'guardian',
      downMs: null,
      degraded: seen.agent.degraded.length > 0,
      alerted: false,
    },
  ]
  return [{ ...watch, lastIncidentId: id, toldRepairSeq: repair.seq }, actions]
}

/** True when something is not well now that was well before. A sentence begins with the name of its check. */
function isLess(now: readonly string[], before: readonly string[] | null): boolean {
  if (before === null) return false
  const known = before.map((sentence) => sentence.split(':')[0])
  return now.some((sentence) => !known.includes(sentence.split(':')[0]))
}

/** PURE. The state in which a process is expected: it comes, it is refused, it does not come, or it takes too long. */
import { sameProcess } from '../shared/identity.ts'
import { type Context, isPlannedEnd, type State } from './context.ts'
import { confirmed, escalate, freshStart, touched } from './escalation.ts'
import { opened, type Turn, toHealthy, toRestarting } from './transitions.ts'
import type { Action, Refusal, Watch } from './watch.ts'

/** With no process and no refusal for this long, the supervisor is asked to start one: its own word is not trusted. */
const MISSING_MS = 1_500
/** The supervisor is not asked more often than this. */
const ASK_AGAIN_MS = 3_000
/** Another process's repair is short: look again after this. */
const REPAIR_OPEN_MS = 500

/** The guardian's word for a start that recovery holds back. */
const HELD = 'held'

type Restarting = State<'restarting'>

/** One beat of waiting. */
export function whenRestarting(before: Watch, stateBefore: Restarting, context: Context): Turn {
  const [noticed, actions] = noticeLoss(before, stateBefore, context)
  const [watch, state] = welcome(noticed, context)
  const [next, more] = decide(watch, state, context)
  return [next, [...actions, ...more]]
}

/** One that was on its way up and is gone again, without a word of the guardian: an incident, also where none was open. */
function noticeLoss(watch: Watch, state: Restarting, context: Context): Turn {
  const { seen } = context
  const { coming } = state
  const isStillThere = seen.agent.alive && sameProcess(coming ?? undefined, seen.agent.identity ?? undefined)
  if (!coming || watch.incident || isStillThere || seen.refusal || isPlannedEnd(seen, coming)) return [watch, []]
  const [open, actions] = opened(watch, 'exited', context)
  return [{ ...open, state: { ...state, gone: coming, coming: null } }, actions]
}

/** A process that was not there before: counted when nobody planned it, and given its own time to start. */
function welcome(watch: Watch, { seen, now, policy }: Context): [Watch, Restarting] {
  const state = watch.state as Restarting
  const { identity, alive } = seen.agent
  const isNew = alive && identity !== null && !sameProcess(state.gone ?? undefined, identity)
  if (!isNew || sameProcess(state.coming ?? undefined, identity)) return [watch, state]
  const starts = watch.incident ? [...watch.starts, now] : watch.starts
  const waiting = { ...state, coming: identity, deadline: now + policy.startTimeoutMs }
  return [{ ...watch, starts, state: waiting }, waiting]
}

function decide(watch: Watch, state: Restarting, context: Context): Turn {
  const { seen, verdict, now } = context
  const { identity, alive } = seen.agent
  const isComing = alive && identity !== null && sameProcess(state.coming ?? undefined, identity)
  if (isComing && verdict.kind === 'up') return toHealthy(watch, identity, now)
  if (isComing && verdict.kind === 'down') return confirmed(watch, identity, verdict.symptom, context)
  if (!alive && isNewRefusal(seen.refusal, state.askedAt)) return refused(watch, state, context)
  if (now >= state.deadline) return overdue(watch, state, context)
  return alive ? [watch, []] : missing(watch, state, context)
}

/** A refusal from before the last start that was asked for says nothing about that start. */
function isNewRefusal(refusal: Refusal | null, askedAt: number | null): boolean {
  return refusal !== null && (askedAt === null || refusal.atMonoMs > askedAt)
}

/** The guardian refused a start. Its pace is kept: the start is asked for when its hold time is over, or the fault goes up. */
function refused(watch: Watch, state: Restarting, context: Context): Turn {
  const { seen, now, policy } = context
  const { refusal } = seen
  if (!refusal) return [watch, []]
  if (refusal.fault === 'repair-open') {
    return now - refusal.atMonoMs >= REPAIR_OPEN_MS ? ask(watch, state, now, refusal.fault) : [watch, []]
  }
  if (state.heldInputs !== null && state.heldInputs !== seen.inputs) return tryNewInputs(watch, context)
  const [open, actions] = opened(watch, 'refused', context)
  const until = refusal.untilMonoMs
  // Recovery has found that restarting is the fault itself: then waiting is the cure, not the next tier.
  const isHeld = refusal.fault === HELD && until !== null
  const isSpent = open.starts.length >= policy.maxRestarts || state.retryDelayMs !== null
  if (!isHeld && (until === null || isSpent)) {
    return escalate(open, actions, context)
  }
  const end = until ?? now
  const deadline = Math.max(state.deadline, end + policy.startTimeoutMs)
  const waiting = { ...state, deadline, heldInputs: state.heldInputs ?? seen.inputs }
  const [next, more] = now >= end ? ask(open, waiting, now, refusal.fault) : [{ ...open, state: waiting }, []]
  return [next, [...actions, ...more]]
}

/** Settings, secrets or dependencies changed while the start was held: the cause may be gone. A fresh budget, and a start at once. */
export function tryNewInputs(watch: Watch, { seen, now, policy }: Context): Turn {
  const [next] = toRestarting({ ...touched(watch), starts: [] }, { now, policy, gone: null, askedAt: now })
  return [next, freshStart(seen, 'inputs changed')]
}

function missing(watch: Watch, state: Restarting, { now }: Context): Turn {
  const isPatienceOver = state.askedAt === null ? now - state.since >= MISSING_MS : now - state.askedAt >= ASK_AGAIN_MS
  return isPatienceOver ? ask(watch, state, now, 'no living process') : [watch, []]
}

function ask(watch: Watch, state: Restarting, now: number, why: string): Turn {
  return [{ ...touched(watch), state: { ...state, askedAt: now } }, [{ do: 'startAgent', why }]]
}

/** It had its time to start and is not ready. */
function overdue(watch: Watch, state: Restarting, context: Context): Turn {
  const { seen, policy } = context
  const [open, actions] = opened(watch, 'start-timeout', context)
  const target = seen.agent.alive ? seen.agent.identity : null
  const kill: Action[] = target ? [{ do: 'kill', target, why: 'start-timeout' }] : []
  const isLastTry = state.retryDelayMs !== null || open.starts.length >= policy.maxRestarts || !target
  if (isLastTry) return escalate(touched(open), [...actions, ...kill], context)
  const [next, more] = toRestarting(touched(open), { now: context.now, policy, gone: target })
  return [next, [...actions, ...kill, ...more]]
}

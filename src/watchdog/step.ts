/**
 * PURE. The heart of the watchdog: what it thinks and does next, as a function of what it thought, what it sees, and the time.
 * The only place that knows the order of the tiers. Its promises, tested over random histories:
 *
 *  1. a healthy agent is never touched, and nothing is done during maintenance;
 *  2. unplanned starts stay within `maxRestarts` a window, then the next tier is asked; only what a higher tier mended gets a fresh budget;
 *  3. every state is left in bounded time, and `givenUp` goes on trying, slowly, and at once when the inputs change;
 *  4. one incident at a time: opened before anything is done about it, closed only after the agent stayed ready for the hold time.
 */
import { sameProcess } from '../shared/identity.ts'
import type { Context, State } from './context.ts'
import { confirmed, endIt, freshStart, lost } from './escalation.ts'
import { judge } from './judge.ts'
import { tryNewInputs, whenRestarting } from './restarting.ts'
import {
  aboveGuardian,
  close,
  isCalm,
  recoveryOf,
  type Turn,
  tellRepair,
  toGivenUp,
  toHealthy,
  toRecovering,
  toRestarting,
} from './transitions.ts'
import type { Observation, Policy, Watch } from './watch.ts'

/** A person who saves a file twice in a row gets one new try, not two. */
const INPUTS_AGAIN_MS = 3_000

/** One beat. Total: never throws, for any JSON-valid watch and observation. */
export function step(watch: Watch, seen: Observation, now: number, policy: Policy): Turn {
  const current = forgetOld(watch, now, policy)
  if (seen.maintenanceUntil !== null && now < seen.maintenanceUntil) return rest(current, seen.maintenanceUntil, now)
  const context = { seen, verdict: judge(seen.agent, now, policy), now, policy }
  const [next, actions] = byState(current, context)
  // A successor may be there already in the beat that sees its predecessor gone.
  if (next.state.name !== 'restarting' || current.state.name === 'restarting') return [next, actions]
  const [after, more] = whenRestarting(next, next.state, context)
  return [after, [...actions, ...more]]
}

function byState(watch: Watch, context: Context): Turn {
  const { state } = watch
  switch (state.name) {
    case 'healthy':
      return whenHealthy(watch, state, context)
    case 'suspect':
      return whenSuspect(watch, state, context)
    case 'restarting':
      return whenRestarting(watch, state, context)
    case 'repairing':
      return whenRepairing(watch, state, context)
    case 'recovering':
      return whenRecovering(watch, state, context)
    case 'givenUp':
      return whenGivenUp(watch, state, context)
    case 'maintenance':
      return toRestarting(watch, { now: context.now, policy: context.policy, gone: null })
  }
}

function forgetOld(watch: Watch, now: number, policy: Policy): Watch {
  const isRecent = (at: number) => now - at < policy.restartWindowMs
  return {
    ...watch,
    starts: watch.starts.filter(isRecent),
    repairs: watch.repairs.filter(isRecent),
    // A watch that an older version wrote down has none.
    recoveries: (watch.recoveries ?? []).filter(isRecent),
  }
}

function rest(watch: Watch, until: number, now: number): Turn {
  const since = watch.state.name === 'maintenance' ? watch.state.since : now
  return [{ ...watch, state: { name: 'maintenance', since, until } }, []]
}

function whenHealthy(watch: Watch, state: State<'healthy'>, context: Context): Turn {
  const { seen, verdict, now } = context
  const isSame = sameProcess(state.identity, seen.agent.identity ?? undefined)
  if (!isSame) return lost(watch, state.identity, context)
  switch (verdict.kind) {
    case 'up':
      return settle(watch, context)
    case 'coming':
      return [watch, []]
    case 'doubtful':
      return [
        {
          ...watch,
          state: {
            name: 'suspect',
            since: now,
            identity: state.identity,
            symptom: verdict.symptom,
            deadline: now + verdict.limitMs,
          },
        },
        [],
      ]
    case 'down':
      return confirmed(watch, state.identity, verdict.symptom, context)
  }
}

/** Well: the hold time of an open incident runs, and repairs that nobody saw coming are told. */
function settle(watch: Watch, { seen, now, policy }: Context): Turn {
  const well: Watch = {
    ...watch,
    lastGoodAt: now - Math.max(seen.agent.silentMs, seen.agent.mainAgeMs),
    degraded: seen.agent.healthPassed || seen.agent.healthFailures > 0 ? seen.agent.degraded : watch.degraded,
  }
  const { incident } = well
  if (!incident) return tellRepair(well, seen, now)
  if (incident.upAt === null) return [{ ...well, incident: { ...incident, upAt: now } }, []]
  const isHeld = now - incident.upAt >= policy.holdMs
  return isHeld && isCalm(well, now, policy) ? close(well, incident.upAt, seen) : [well, []]
}

function whenSuspect(watch: Watch, state: State<'suspect'>, context: Context): Turn {
  const { seen, verdict, now } = context
  if (!sameProcess(state.identity, seen.agent.identity ?? undefined)) return lost(watch, state.identity, context)
  if (verdict.kind === 'up') return toHealthy(watch, state.identity, now)
  if (verdict.kind === 'down' && verdict.symptom !== state.symptom)
    return confirmed(watch, state.identity, verdict.symptom, context)
  return now >= state.deadline ? endIt(watch, state.identity, state.symptom, context) : [watch, []]
}

function whenRepairing(watch: Watch, state: State<'repairing'>, context: Context): Turn {
  const { seen, now, policy, verdict } = context
  const { job, agent } = seen
  if (job.state === 'done') {
    if (verdict.kind === 'up' && agent.identity) return toHealthy(watch, agent.identity, now)
    if (!job.ok) {
      // No check knows what it is: whoever is above is asked, and in the end it is tried again all the same.
      const reason = job.human ?? seen.refusal?.reason ?? 'it does not stay up, and no check finds anything wrong'
      return aboveGuardian(watch, { now, delayMs: 0, seen, reason, policy })
    }
    return mended(watch, { fault: job.fault, by: 'repaired' }, context)
  }
  if (now >= state.deadline) {
    const how = { now, delayMs: policy.retryMinMs, seen, reason: 'the repair did not end in time', policy }
    const [next, actions] = aboveGuardian(watch, how)
    return [next, [{ do: 'cancelGuardian' }, ...actions]]
  }
  // A watchdog that was restarted in the middle of a repair lost its child: go on with a new one, within the same deadline.
  return job.state === 'none'
    ? [watch, [{ do: 'runGuardian', deadline: state.deadline, fault: watch.incident?.fault ?? null }]]
    : [watch, []]
}

/** TIER 4 works, in a child process of its own; what it did is judged by the agent that comes back, not by its word. */
function whenRecovering(watch: Watch, state: State<'recovering'>, context: Context): Turn {
  const { seen, now, policy, verdict } = context
  const { recovery, agent } = seen
  if (recovery.state === 'done') {
    const { ok, fault, human, holdUntilMonoMs } = recovery.result
    if (verdict.kind === 'up' && agent.identity) return toHealthy(watch, agent.identity, now)
    if (ok && holdUntilMonoMs === null) return mended(watch, { fault, by: 'recovered' }, context)
    const delayMs = holdUntilMonoMs === null ? 0 : Math.min(Math.max(0, holdUntilMonoMs - now), policy.retryMaxMs)
    const held = 'starting it again is the fault itself: its starts are held back for a while'
    const unknown = 'no rule and no model knew what to do'
    return toGivenUp(watch, { now, delayMs, seen, reason: human ?? (holdUntilMonoMs === null ? unknown : held) })
  }
  if (now >= state.deadline) {
    const how = { now, delayMs: policy.retryMinMs, seen, reason: 'recovery did not end in time' }
    const [next, actions] = toGivenUp(watch, how)
    return [next, [{ do: 'cancelRecovery' }, ...actions]]
  }
  return recovery.state === 'none' ? [watch, [recoveryOf(watch, state.deadline)]] : [watch, []]
}

type Cure = { readonly fault: string | null; readonly by: 'repaired' | 'recovered' }

/** A higher tier mended it: a fresh budget, and a start at once. */
function mended(watch: Watch, { fault, by }: Cure, { seen, now, policy }: Context): Turn {
  const { incident: open } = watch
  const incident = open ? { ...open, [by]: true, fault: fault ?? open.fault } : null
  const [next] = toRestarting({ ...watch, incident, starts: [] }, { now, policy, gone: null, askedAt: now })
  return [next, freshStart(seen, by)]
}

function whenGivenUp(watch: Watch, state: State<'givenUp'>, context: Context): Turn {
  const { seen, verdict, now, policy } = context
  if (verdict.kind === 'up' && seen.agent.identity) return toHealthy(watch, seen.agent.identity, now)
  if (seen.inputs !== state.inputs && now - state.since >= INPUTS_AGAIN_MS) {
    return tryNewInputs(watch, context)
  }
  if (seen.answers !== state.answers) return toRecovering(watch, context)
  if (now < state.retryAt || seen.agent.alive) return [watch, []]
  const [next] = toRestarting(watch, { now, policy, gone: null, askedAt: now, retryDelayMs: state.delayMs })
  return [next, [{ do: 'startAgent', why: 'slow retry' }]]
}

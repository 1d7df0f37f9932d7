/**
 * The desk: decides who is told what, and when. PURE: `stepDesk(state, event, moment, policy) => [state, sends]`. One incident is one thread.
 *
 * Held to, over random histories: a critical that lasts is told on each of its channels in bounded time; no channel gets two first words or
 * two recoveries of one incident in a row, nor a recovery without a first word; in maintenance nothing goes out, in quiet hours criticals alone;
 * what is acknowledged is not reminded of and not escalated. A state that nothing changes stays the same object.
 */
import { settle } from './deskSettle.ts'
import {
  type DeskEvent,
  type DeskPolicy,
  type DeskState,
  type DeskTurn,
  type FirstWord,
  type Flaps,
  type HeldThread,
  type Moment,
  oneMore,
  type Thread,
  type ToldThread,
} from './deskState.ts'
import { graver, isAtLeast } from './severity.ts'

type Heard<Name extends DeskEvent['is']> = Extract<DeskEvent, { is: Name }>

/** PURE. One event or one beat. */
export function stepDesk(state: DeskState, event: DeskEvent, moment: Moment, policy: DeskPolicy): DeskTurn {
  return settle(hear(state, event, moment, policy), moment, policy)
}

/** PURE. After a boot of the machine the times of the one before mean nothing: every wait begins anew, and no thread is lost. */
export function afterBoot(state: DeskState, now: number, policy: DeskPolicy): DeskState {
  const threads = state.threads.map((thread): Thread => {
    if (thread.stage === 'held') return { ...thread, until: now + policy.holdMs }
    return thread.stage === 'told' ? { ...thread, since: now, remindAt: now + policy.reminderMs } : thread
  })
  return { ...state, threads, flaps: {} }
}

function hear(state: DeskState, event: DeskEvent, moment: Moment, policy: DeskPolicy): DeskState {
  switch (event.is) {
    case 'raised':
      return raised(state, event, moment, policy)
    case 'closed':
      return closed(state, event, moment)
    case 'acknowledged':
      return acknowledged(state, event)
    case 'delivered':
    case 'failed':
      return answered(state, event, moment.now + policy.reminderMs)
    default:
      return state
  }
}

function raised(state: DeskState, event: Heard<'raised'>, { now }: Moment, policy: DeskPolicy): DeskState {
  const known = state.threads.find(({ id }) => id === event.facts.id)
  if (known) return replace(state, raisedAgain(known, event, now, policy))
  const { fault } = event.facts
  const flaps = recent(state.flaps[fault], now, policy)
  const thread: HeldThread = {
    ...event.facts,
    stage: 'held',
    severity: event.severity,
    raises: 1,
    ack: null,
    until: holdEnd(flaps, now, policy),
  }
  const noted = { ...flaps, openings: [...flaps.openings, now] }
  return { ...state, threads: [...state.threads, thread], flaps: { ...state.flaps, [fault]: noted } }
}

/** Raised again: the same thread. Only one that got graver is told anew, and an acknowledgement of the lesser one no longer holds. */
function raisedAgain(thread: Thread, event: Heard<'raised'>, now: number, policy: DeskPolicy): Thread {
  const severity = graver(thread.severity, event.severity)
  const isGraver = severity !== thread.severity
  const known = {
    ...thread,
    tried: event.facts.tried,
    raises: thread.raises + 1,
    severity,
    ack: isGraver ? null : thread.ack,
  }
  if (known.stage === 'held') return known
  const waits = { remindAt: now + policy.reminderMs, reminders: 0 }
  if (known.stage === 'told') return isGraver ? { ...known, ...waits, isWorse: true } : known
  // It was over, but nobody had been told so: for them it never ended.
  const { closedAt: _, ...open } = known
  return { ...open, ...waits, stage: 'told', since: now, isWorse: isGraver, isUrgent: false, flapped: 0 }
}

function recent(flaps: Flaps | undefined, now: number, { flapWindowMs }: DeskPolicy): Flaps {
  const { openings, untold, untoldSince } = flaps ?? { openings: [], untold: 0, untoldSince: null }
  // Twenty doublings are beyond every limit: more need not be kept.
  return { openings: openings.filter((at) => now - at < flapWindowMs).slice(-20), untold, untoldSince }
}

/** A fault that comes and goes is held longer each time, but never so long that a person stays without a word of it. */
function holdEnd({ openings, untoldSince }: Flaps, now: number, { holdMs, flapMaxMs }: DeskPolicy): number {
  const hold = Math.min(holdMs * 2 ** openings.length, Math.max(holdMs, flapMaxMs))
  const latest = untoldSince === null ? Number.POSITIVE_INFINITY : Math.max(now, untoldSince + flapMaxMs)
  return Math.min(now + hold, latest)
}

function closed(state: DeskState, { id, at }: Heard<'closed'>, { now }: Moment): DeskState {
  const thread = state.threads.find((candidate) => candidate.id === id)
  // A notice tells of what is over already.
  if (!thread || thread.stage === 'over' || thread.severity === 'info') return state
  if (thread.stage === 'told') return replace(state, over(thread, at))
  const rest = { ...state, threads: state.threads.filter((candidate) => candidate !== thread) }
  if (now < thread.until) return cancelled(rest, thread, now)
  // It lasted, and ended while nobody was to be disturbed: it stands in the summary.
  return { ...rest, missed: oneMore(state.missed, thread.fault, thread.severity) }
}

function over(thread: ToldThread, closedAt: string): Thread {
  const { id, fault, openedAt, tried, severity, raises, ack, channels } = thread
  return { id, fault, openedAt, tried, severity, raises, ack, channels, stage: 'over', closedAt }
}

/** Over before it was told: alert and recovery cancel each other, and only the count is kept. */
function cancelled(state: DeskState, { fault }: Thread, now: number): DeskState {
  const { openings, untold, untoldSince } = state.flaps[fault] ?? { openings: [], untold: 0, untoldSince: null }
  const flaps = { openings, untold: untold + 1, untoldSince: untoldSince ?? now }
  return { ...state, flaps: { ...state.flaps, [fault]: flaps } }
}

function acknowledged(state: DeskState, { id, ack }: Heard<'acknowledged'>): DeskState {
  const isMeant = (thread: Thread) => thread.ack === null && (id === null || thread.id === id)
  if (!state.threads.some(isMeant)) return state
  return { ...state, threads: state.threads.map((thread) => (isMeant(thread) ? { ...thread, ack } : thread)) }
}

/** What became of a message. A delivery mends the name of its channel; a failure for good is said, and brings the others in at once. */
function answered(state: DeskState, event: Heard<'delivered' | 'failed'>, remindAt: number): DeskState {
  const { channel, id, kind } = event
  const isFirst = kind === 'open' || kind === 'escalation'
  const thread = state.threads.find((candidate) => candidate.id === id)
  const noted = thread && isFirst ? replace(state, withWord(thread, channel, event.is, remindAt)) : state
  if (event.is === 'delivered') {
    if (!Object.hasOwn(noted.broken, channel)) return noted
    return { ...noted, broken: Object.fromEntries(Object.entries(noted.broken).filter(([name]) => name !== channel)) }
  }
  const before = noted.broken[channel]
  if (before && isAtLeast(before.severity, event.severity)) return noted
  return { ...noted, broken: { ...noted.broken, [channel]: { severity: event.severity, isSaid: false } } }
}

function withWord(thread: Thread, channel: string, word: FirstWord, remindAt: number): Thread {
  if (thread.stage === 'held' || !Object.hasOwn(thread.channels, channel)) return thread
  const channels = { ...thread.channels, [channel]: word }
  if (thread.stage === 'over') return { ...thread, channels }
  // Who has only just heard of it, after hours without network, is not reminded in the same breath.
  const isFirstHeard = word === 'delivered' && !Object.values(thread.channels).includes('delivered')
  const reminded = isFirstHeard ? Math.max(thread.remindAt, remindAt) : thread.remindAt
  return { ...thread, channels, remindAt: reminded, isUrgent: thread.isUrgent || word === 'failed' }
}

function replace(state: DeskState, thread: Thread): DeskState {
  return { ...state, threads: state.threads.map((known) => (known.id === thread.id ? thread : known)) }
}

/** What is due at the desk by now. PURE. */
import { channelsFor, firstChannels, isAllowed } from './deskGate.ts'
import {
  type DeskPolicy,
  type DeskState,
  type DeskTurn,
  type FirstWord,
  type HeldThread,
  type Moment,
  type OverThread,
  oneMore,
  type Send,
  type SendKind,
  type Thread,
  type ToldThread,
} from './deskState.ts'
import { graver, isAtLeast, type Severity } from './severity.ts'

/** A send without its number. */
type Draft = Omit<Send, 'number' | 'missed' | 'broken'> & Partial<Pick<Send, 'missed' | 'broken'>>

/** What becomes of one thread; without a thread it is done with. */
type Settled = { readonly thread: Thread | null; readonly drafts: readonly Draft[]; readonly isMissed?: true }

/** PURE. Sends what is due and allowed at this moment. The same state comes back where nothing is. */
export function settle(state: DeskState, moment: Moment, policy: DeskPolicy): DeskTurn {
  const settled = state.threads.map((thread) => settleThread(thread, state, moment, policy))
  const afterThreads = takeOver(state, settled)
  const [afterMissed, summary] = summarise(afterThreads, moment, policy)
  const [next, failures] = sayBroken(afterMissed, moment, policy)
  const drafts = [...settled.flatMap((one) => one.drafts), ...summary, ...failures].filter(
    ({ channels }) => channels.length > 0,
  )
  if (drafts.length === 0) return [next, []]
  const sends = drafts.map((draft, index) => numbered(draft, next.lastSend + index + 1))
  return [{ ...next, lastSend: next.lastSend + drafts.length }, sends]
}

function numbered(draft: Draft, number: number): Send {
  return { missed: {}, broken: null, ...draft, number }
}

function settleThread(thread: Thread, state: DeskState, moment: Moment, policy: DeskPolicy): Settled {
  switch (thread.stage) {
    case 'held':
      return settleHeld(thread, state, moment, policy)
    case 'told':
      return settleTold(thread, moment, policy)
    default:
      return settleOver(thread, moment, policy)
  }
}

function settleHeld(thread: HeldThread, state: DeskState, moment: Moment, policy: DeskPolicy): Settled {
  if (moment.now < thread.until) return { thread, drafts: [] }
  const isOpen = isAllowed(thread.severity, moment, policy)
  if (thread.severity !== 'info') {
    return isOpen ? settleTold(told(thread, state, moment.now, policy), moment, policy) : { thread, drafts: [] }
  }
  if (!isOpen) return { thread: null, drafts: [], isMissed: true }
  const channels = firstChannels('info', policy.channels)
  return { thread: null, drafts: [{ kind: 'notice', severity: 'info', channels, thread }] }
}

function told(thread: HeldThread, state: DeskState, now: number, policy: DeskPolicy): ToldThread {
  const { until: _, ...rest } = thread
  return {
    ...rest,
    stage: 'told',
    since: now,
    channels: {},
    reminders: 0,
    remindAt: now + policy.reminderMs,
    isWorse: false,
    isUrgent: false,
    flapped: state.flaps[thread.fault]?.untold ?? 0,
  }
}

function settleTold(thread: ToldThread, moment: Moment, policy: DeskPolicy): Settled {
  if (!isAllowed(thread.severity, moment, policy)) return { thread, drafts: [] }
  const worse = thread.isWorse ? draftFor(thread, 'worse', reached(thread, ['queued', 'delivered'])) : []
  const [next, first] = firstWords(thread, moment.now, policy)
  const [reminded, reminders] = remind(next, moment.now, policy)
  return { thread: reminded, drafts: [...worse, ...first, ...reminders] }
}

/** The first word goes to every channel whose step has come; further steps only while nobody has acknowledged. */
function firstWords(thread: ToldThread, now: number, policy: DeskPolicy): [ToldThread, Draft[]] {
  const isDue = (step: number) =>
    step === 0 || (thread.ack === null && (thread.isUrgent || now >= thread.since + step * policy.escalateMs))
  const due = channelsFor(thread.severity, policy.channels).filter(
    ({ name, step }) => !Object.hasOwn(thread.channels, name) && isDue(step),
  )
  const calm = thread.isWorse ? { ...thread, isWorse: false } : thread
  if (due.length === 0) return [calm, []]
  const queued = Object.fromEntries(due.map(({ name }): [string, FirstWord] => [name, 'queued']))
  const next = { ...calm, channels: { ...thread.channels, ...queued } }
  const names = (isFirst: boolean) => due.filter(({ step }) => (step === 0) === isFirst).map(({ name }) => name)
  return [next, [...draftFor(next, 'open', names(true)), ...draftFor(next, 'escalation', names(false))]]
}

/** Only who has heard can be reminded; each pause is twice the one before. */
function remind(thread: ToldThread, now: number, policy: DeskPolicy): [ToldThread, Draft[]] {
  if (thread.ack !== null || now < thread.remindAt) return [thread, []]
  const channels = reached(thread, ['delivered'])
  if (channels.length === 0) return [thread, []]
  const reminders = thread.reminders + 1
  const pauseMs = Math.min(policy.reminderMs * 2 ** Math.min(reminders, 30), policy.reminderMaxMs)
  const next = { ...thread, reminders, remindAt: now + pauseMs }
  return [next, draftFor(next, 'reminder', channels)]
}

function settleOver(thread: OverThread, moment: Moment, policy: DeskPolicy): Settled {
  if (!isAllowed(thread.severity, moment, policy)) return { thread, drafts: [] }
  return { thread: null, drafts: draftFor(thread, 'recovery', reached(thread, ['queued', 'delivered'])) }
}

function reached({ channels }: ToldThread | OverThread, words: readonly FirstWord[]): string[] {
  return Object.entries(channels).flatMap(([name, word]) => (words.includes(word) ? [name] : []))
}

function draftFor(thread: Thread, kind: SendKind, channels: readonly string[]): Draft[] {
  return channels.length > 0 ? [{ kind, severity: thread.severity, channels, thread }] : []
}

function takeOver(state: DeskState, settled: readonly Settled[]): DeskState {
  if (settled.every(({ thread }, index) => thread === state.threads[index])) return state
  let { missed, flaps } = state
  for (const [index, { thread, isMissed }] of settled.entries()) {
    const before = state.threads[index]
    if (!before) continue
    if (isMissed) missed = oneMore(missed, before.fault, before.severity)
    // Its comings and goings are told with it.
    const known = flaps[before.fault]
    if (before.stage === 'held' && thread !== before && !isMissed && known && known.untold > 0)
      flaps = { ...flaps, [before.fault]: { ...known, untold: 0, untoldSince: null } }
  }
  return { ...state, threads: settled.flatMap(({ thread }) => thread ?? []), missed, flaps }
}

/** What was missed in quiet hours or maintenance goes out as one message when they end. It is never so urgent that it could break quiet hours itself. */
function summarise(state: DeskState, moment: Moment, policy: DeskPolicy): [DeskState, Draft[]] {
  const missed = Object.values(state.missed)
  if (missed.length === 0 || !isAllowed('info', moment, policy)) return [state, []]
  const gravest = missed.reduce<Severity>((found, { severity }) => graver(found, severity), 'info')
  const channels = firstChannels(gravest, policy.channels)
  return [
    { ...state, missed: {} },
    [{ kind: 'summary', severity: 'info', channels, thread: null, missed: state.missed }],
  ]
}

/** A channel that failed for good is said on all that work and want a message of that weight. */
function sayBroken(state: DeskState, moment: Moment, policy: DeskPolicy): [DeskState, Draft[]] {
  const due = Object.entries(state.broken).filter(
    ([, { severity, isSaid }]) => !isSaid && isAllowed(severity, moment, policy),
  )
  if (due.length === 0) return [state, []]
  const working = policy.channels.filter(({ name }) => !Object.hasOwn(state.broken, name))
  const drafts = due.map(([broken, { severity }]): Draft => {
    const channels = working.filter(({ minSeverity }) => isAtLeast(severity, minSeverity)).map(({ name }) => name)
    return { kind: 'failure', severity, channels, thread: null, broken }
  })
  const said = Object.fromEntries(due.map(([name, { severity }]) => [name, { severity, isSaid: true }]))
  return [{ ...state, broken: { ...state.broken, ...said } }, drafts]
}

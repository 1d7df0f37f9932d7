/** What the desk knows, hears and sends. Plain JSON: it is stored, and goes on after a kill. All `number` times are monotonic milliseconds of this boot. */
import type { QuietHours } from './quietHours.ts'
import { graver, type Severity } from './severity.ts'

/** A channel as the desk sees it: who may be disturbed by what, and how late. Step 0 is told at once, step n after n times `escalateMs`. */
export type DeskChannel = { readonly name: string; readonly minSeverity: Severity; readonly step: number }

/** Pace and limits, from the settings (milliseconds). */
export type DeskPolicy = {
  readonly channels: readonly DeskChannel[]
  /** What is over again within this time is never told. */
  readonly holdMs: number
  /** Openings of one fault within this time double its hold … */
  readonly flapWindowMs: number
  /** … up to this: nobody waits longer for the word of a fault that comes and goes. */
  readonly flapMaxMs: number
  readonly reminderMs: number
  readonly reminderMaxMs: number
  readonly escalateMs: number
  readonly quiet: QuietHours | null
}

/** Now by both clocks. `wall` (ms since 1970) decides about quiet hours only. */
export type Moment = { readonly now: number; readonly wall: number; readonly isMaintenance: boolean }

/** What an incident is, in our own words only: nothing of it comes from a log or a model. */
export type ThreadFacts = {
  readonly id: string
  readonly fault: string
  readonly openedAt: string
  readonly tried: readonly string[]
}

/** Who said that they take care of it, and when. */
export type Acknowledgement = { readonly by: string; readonly at: string }

/** How far the first word of a thread came on one channel. */
export type FirstWord = 'queued' | 'delivered' | 'failed'

type Common = ThreadFacts & {
  readonly severity: Severity
  /** How often it was raised. */
  readonly raises: number
  readonly ack: Acknowledgement | null
}

/** Not told yet: its hold time runs, or it waits for quiet hours or maintenance to end. */
export type HeldThread = Common & { readonly stage: 'held'; readonly until: number }

/** Told: reminders and escalation run until somebody acknowledges. */
export type ToldThread = Common & {
  readonly stage: 'told'
  readonly since: number
  readonly channels: Readonly<Record<string, FirstWord>>
  readonly reminders: number
  readonly remindAt: number
  /** It became graver than what was told. */
  readonly isWorse: boolean
  /** A channel failed for good: the others are told now, not later. */
  readonly isUrgent: boolean
  /** So often it had come and gone untold before. */
  readonly flapped: number
}

/** Over, and those who were told are not told so yet. */
export type OverThread = Common & {
  readonly stage: 'over'
  readonly channels: Readonly<Record<string, FirstWord>>
  readonly closedAt: string
}

/** One incident is one thread. */
export type Thread = HeldThread | ToldThread | OverThread

/** What is remembered of a fault that comes and goes. */
export type Flaps = {
  readonly openings: readonly number[]
  readonly untold: number
  readonly untoldSince: number | null
}

/** What the desk knows. */
export type DeskState = {
  readonly threads: readonly Thread[]
  /** By fault: what came and went while nobody was to be disturbed. */
  readonly missed: Readonly<Record<string, { readonly count: number; readonly severity: Severity }>>
  readonly flaps: Readonly<Record<string, Flaps>>
  /** Channels that failed for good; `isSaid` when the others know. */
  readonly broken: Readonly<Record<string, { readonly severity: Severity; readonly isSaid: boolean }>>
  /** Numbers the sends, so that each message has a key of its own. */
  readonly lastSend: number
}

/** What a message is for. `open` and `escalation` are the first word of a thread on their channel. */
export type SendKind = 'open' | 'escalation' | 'worse' | 'reminder' | 'recovery' | 'notice' | 'summary' | 'failure'

/** One message for one or more channels. */
export type Send = {
  readonly number: number
  readonly kind: SendKind
  readonly severity: Severity
  readonly channels: readonly string[]
  /** What it is about; null for a summary and the failure of a channel. */
  readonly thread: Thread | null
  /** By fault, in a summary. */
  readonly missed: DeskState['missed']
  /** The channel that failed. */
  readonly broken: string | null
}

/** What happens to the desk. */
export type DeskEvent =
  | { readonly is: 'tick' }
  | { readonly is: 'raised'; readonly facts: ThreadFacts; readonly severity: Severity }
  | { readonly is: 'closed'; readonly id: string; readonly at: string }
  /** Without an id: all that are open. */
  | { readonly is: 'acknowledged'; readonly id: string | null; readonly ack: Acknowledgement }
  | { readonly is: 'delivered'; readonly id: string | null; readonly channel: string; readonly kind: SendKind }
  | {
      readonly is: 'failed'
      readonly id: string | null
      readonly channel: string
      readonly kind: SendKind
      readonly severity: Severity
    }

/** The next state, and what goes out. */
export type DeskTurn = readonly [DeskState, readonly Send[]]

/** PURE. A desk where nothing happened yet. */
export function emptyDesk(): DeskState {
  return { threads: [], missed: {}, flaps: {}, broken: {}, lastSend: 0 }
}

/** PURE. The list of what was missed with one more. */
export function oneMore(missed: DeskState['missed'], fault: string, severity: Severity): DeskState['missed'] {
  const before = missed[fault]
  const entry = { count: (before?.count ?? 0) + 1, severity: graver(severity, before?.severity ?? 'info') }
  return { ...missed, [fault]: entry }
}

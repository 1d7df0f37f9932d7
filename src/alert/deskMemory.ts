/** The pure desk with its memory: every event is saved, with the messages that follow from it, before it counts. */
import type BetterSqlite3 from 'better-sqlite3'
import { bootId, type Instant } from '../shared/clock.ts'
import type { Language } from '../shared/messages/message.ts'
import type { HomePaths } from '../shared/paths.ts'
import { writeWithReserve } from '../shared/reserve.ts'
import { compose, type Voice } from './compose.ts'
import { type DeskEvent, type DeskPolicy, type DeskState, emptyDesk, type Moment, type Send } from './deskState.ts'
import { afterBoot, stepDesk } from './deskStep.ts'
import { createOutbox, type NewMessage, type Now, type Outbox } from './outbox.ts'
import { type AlertSettings, deskPolicy } from './policy.ts'
import { threadId } from './vocabulary.ts'

/** What the memory works with. */
export type MemoryParts = {
  readonly paths: HomePaths
  /** Open, with `ALERT_SCHEMA` in it. */
  readonly db: BetterSqlite3.Database
  readonly settings: { readonly alerts: AlertSettings; readonly supervisor: { readonly passEnv: readonly string[] } }
  readonly language: Language
  readonly now: () => Instant
  /** The name of this machine, for titles. */
  readonly host: string
}

/** Events that could not be saved are kept for the next beat, at most so many. */
const MOST_UNSAVED = 200

/** Loads what the last desk knew and goes on with it. */
export function createMemory(parts: MemoryParts) {
  const { db, settings, now } = parts
  const outbox = createOutbox(db)
  const policy = deskPolicy(settings.alerts)
  const begun = now()
  let moment: Moment = { now: begun.monoMs, wall: Date.parse(begun.at), isMaintenance: false }
  let state = loadState(outbox, policy, moment.now)
  let unsaved: DeskEvent[] = []
  let wake = () => {}
  const clock = (): Now => ({ bootId: bootId(), monoMs: moment.now, at: new Date(moment.wall).toISOString() })
  const save = (next: DeskState, messages: readonly NewMessage[]) => {
    const change = { state: next, ...changes(state, next, clock().at), messages, now: clock() }
    writeWithReserve(parts.paths, () => outbox.save(change))
    state = next
    if (messages.length > 0) wake()
  }
  const step = (event: DeskEvent) => {
    const [next, sends] = stepDesk(state, event, moment, policy)
    const voice = voiceOf(parts, moment.wall)
    if (next !== state)
      save(
        next,
        sends.flatMap((send) => worded(send, voice)),
      )
  }
  const hear = (event: DeskEvent) => {
    try {
      step(event)
    } catch (error) {
      unsaved = [...unsaved, event].slice(-MOST_UNSAVED)
      throw error
    }
  }
  return {
    outbox,
    policy,
    clock,
    hear,
    acknowledge: (id: string | null, by: string) => hear(acknowledged(id, by, clock().at)),
    /** A message that the desk did not decide; it is given a number of its own. */
    queue: (make: (number: number) => NewMessage) => {
      const lastSend = state.lastSend + 1
      save({ ...state, lastSend }, [make(lastSend)])
    },
    state: () => state,
    moment: () => moment,
    setMoment: (next: Moment) => {
      moment = next
    },
    onMessages: (listener: () => void) => {
      wake = listener
    },
    tick: () => {
      const again = unsaved
      unsaved = []
      for (const event of again) hear(event)
      if (!isIdle(state)) step({ is: 'tick' })
    },
    isCritical: () => state.threads.some(({ stage, severity }) => stage !== 'over' && severity === 'critical'),
    openSince: () => openSince(state),
  }
}

/** The memory of a desk. */
export type Memory = ReturnType<typeof createMemory>

function loadState(outbox: Outbox, policy: DeskPolicy, now: number): DeskState {
  const stored = outbox.loadDesk(bootId())
  if (!stored) return emptyDesk()
  return stored.isSameBoot ? stored.state : afterBoot(stored.state, now, policy)
}

/** Whose words the notices are in. `wall` is ms since 1970. */
export function voiceOf({ language, host, settings }: MemoryParts, wall: number): Voice {
  const { link, timeZone } = settings.alerts
  return { language, host, link, timeZone, wall }
}

function worded(send: Send, voice: Voice): NewMessage[] {
  return send.channels.map((channel) => ({ channel, notice: compose(send, channel, voice) }))
}

function acknowledged(id: string | null, by: string, at: string): DeskEvent {
  return { is: 'acknowledged', id: id === null ? null : threadId(id), ack: { by: by.slice(0, 60), at } }
}

/** True when no time that passes can make anything due. */
function isIdle({ threads, missed, broken }: DeskState): boolean {
  const isSaid = Object.values(broken).every((one) => one.isSaid)
  return threads.length === 0 && Object.keys(missed).length === 0 && isSaid
}

function openSince({ threads }: DeskState): number | null {
  const told = threads.filter(({ stage }) => stage === 'told').map(({ openedAt }) => Date.parse(openedAt))
  return told.length > 0 ? Math.min(...told) : null
}

function changes(before: DeskState, next: DeskState, at: string) {
  const known = new Map(before.threads.map((thread) => [thread.id, thread]))
  const left = new Set(next.threads.map(({ id }) => id))
  return {
    threads: next.threads.filter((thread) => known.get(thread.id) !== thread),
    ended: before.threads
      .filter(({ id }) => !left.has(id))
      .map((thread) => ({ id: thread.id, at: thread.stage === 'over' ? thread.closedAt : at })),
  }
}

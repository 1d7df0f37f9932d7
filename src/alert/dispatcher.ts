/** Takes what is due out of the outbox to a sender, channel by channel, and writes down what became of it. A channel that hangs holds up itself alone. */
import { backoffDelayMs } from '../shared/backoff.ts'
import type { ChannelSettings } from '../shared/config/alertChannels.ts'
import { phrase } from '../shared/messages/phrase.ts'
import type { Delivery } from './channels/channel.ts'
import type { Courier, CourierEars } from './courier.ts'
import type { DeskEvent, SendKind } from './deskState.ts'
import type { SenderJob, SenderLine } from './job.ts'
import type { Notice } from './notice.ts'
import type { Now, Outbox, Waiting } from './outbox.ts'
import type { Severity } from './severity.ts'

/** What the dispatcher works with. */
export type DispatcherParts = {
  readonly outbox: Outbox
  readonly channels: readonly ChannelSettings[]
  readonly envFile: string
  readonly bootId: string
  readonly send: (job: SenderJob, ears: CourierEars) => Courier
  readonly isAllowed: (severity: Severity) => boolean
  /** Tells the desk, in the same transaction. */
  readonly tell: (event: DeskEvent) => void
  readonly clock: () => Now
  /** Between 0 and 1. */
  readonly random: () => number
}

export type Dispatcher = {
  /** There may be something new. */
  readonly wake: () => void
  /** Starts what is due, ends what took too long. */
  readonly beat: (now: number) => void
  readonly stop: () => void
}

/** First and longest pause between two attempts. */
const RETRY_MIN_MS = 5_000
const RETRY_MAX_MS = 3_600_000
/** Pauses are between half and the whole of the backoff, so that this many attempts take at least three days. */
const MAX_ATTEMPTS = 160
/** Most that one delivery may take. */
export const DELIVERY_LIMIT_MS = 15_000
/** So many messages of a channel go with one sender. */
const AT_ONCE = 10
/** What waits for quiet hours or maintenance to end is looked at again this often. */
const GATED_LOOK_MS = 2_000

type Running = { readonly courier: Courier; readonly until: number; readonly busy: () => string[] }

/** Makes the dispatcher. */
export function createDispatcher(parts: DispatcherParts): Dispatcher {
  const running = new Set<Running>()
  let lookAt = 0
  const wake = () => {
    lookAt = 0
  }
  const start = (due: readonly DueRow[], now: number) => {
    const job: SenderJob = {
      envFile: parts.envFile,
      deadlineMs: DELIVERY_LIMIT_MS,
      channels: due.map(({ channel, row }) => ({ channel, notices: row.map(({ notice }) => notice) })),
    }
    const open = createOpenRows(due)
    const courier = parts.send(job, {
      line: (line) => {
        if (line.is === 'delivery') open.answered(line, (waiting) => record(parts, waiting, line.delivery))
        wake()
      },
      ended: () => {
        running.delete(entry)
        for (const waiting of open.unanswered()) record(parts, waiting, UNANSWERED)
        wake()
      },
    })
    const longest = Math.max(...due.map(({ row }) => row.length)) * DELIVERY_LIMIT_MS
    const entry: Running = { courier, until: now + longest + DELIVERY_LIMIT_MS, busy: open.channels }
    running.add(entry)
  }
  const look = (now: number) => {
    const busy = new Set([...running].flatMap((one) => one.busy()))
    const { due, nextAt, gone } = sortOut(parts, parts.outbox.waiting(parts.bootId, AT_ONCE), now)
    for (const waiting of gone) record(parts, waiting, GONE)
    lookAt = gone.length > 0 ? 0 : nextAt
    const free = due.filter(({ channel }) => !busy.has(channel.name))
    if (free.length > 0) start(free, now)
  }
  return {
    wake,
    beat(now) {
      for (const { courier, until } of running) if (now > until) courier.kill()
      if (now >= lookAt) look(now)
    },
    stop: () => {
      for (const { courier } of running) courier.kill()
    },
  }
}

const UNANSWERED: Delivery = { ok: false, kind: 'retry', reason: phrase('notify.why.child') }
const GONE: Delivery = { ok: false, kind: 'permanent', reason: phrase('notify.why.gone') }

/** The messages of one channel that go now. */
type DueRow = { readonly channel: ChannelSettings; readonly row: readonly Waiting[] }

/** Of each channel the messages that may go out now, in their order; the first of them decides when. */
function sortOut({ channels, isAllowed }: DispatcherParts, waiting: readonly Waiting[], now: number) {
  const due: DueRow[] = []
  let nextAt = Number.POSITIVE_INFINITY
  const byChannel = Map.groupBy(waiting, ({ channel }) => channel)
  const gone = [...byChannel].flatMap(([name, row]) => (channels.some((known) => known.name === name) ? [] : row))
  for (const channel of channels) {
    const all = byChannel.get(channel.name) ?? []
    // Who wrote to us gets an answer also at night.
    const row = all.filter(({ notice }) => isAllowed(notice.kind === 'reply' ? 'critical' : notice.severity))
    if (row.length < all.length) nextAt = Math.min(nextAt, now + GATED_LOOK_MS)
    const first = row[0]?.due
    if (first === undefined) continue
    if (first <= now) due.push({ channel, row })
    else nextAt = Math.min(nextAt, first)
  }
  return { due, nextAt, gone }
}

/** Keeps which messages of a job are not answered yet. A row ends with the first that must wait: the ones behind it were not tried. */
function createOpenRows(due: readonly DueRow[]) {
  const rows = new Map(due.map(({ channel, row }) => [channel.name, [...row]]))
  return {
    answered({ channel, key, delivery }: Extract<SenderLine, { is: 'delivery' }>, take: (waiting: Waiting) => void) {
      const row = rows.get(channel)
      if (row?.[0]?.key !== key) return
      take(row[0])
      row.shift()
      if (!delivery.ok && delivery.kind === 'retry') row.length = 0
    },
    /** The channels that are still at it: one that is done need not wait for one that hangs. */
    channels: (): string[] => [...rows].flatMap(([name, row]) => (row.length > 0 ? [name] : [])),
    /** The first of each row that never was answered: whether it arrived, nobody knows. */
    unanswered: (): Waiting[] => [...rows.values()].flatMap(([first]) => first ?? []),
  }
}

function record(parts: DispatcherParts, { key, attempts, notice, channel }: Waiting, delivery: Delivery): void {
  const { outbox, tell, random, clock } = parts
  const now = clock()
  outbox.asOne(() => {
    if (delivery.ok) {
      outbox.delivered(key, now)
      return tellDesk(tell, 'delivered', notice, channel)
    }
    const isLast = attempts + 1 >= MAX_ATTEMPTS
    if (delivery.kind === 'permanent' || isLast) {
      const reason = isLast ? phrase('notify.why.tooOften', { attempts: attempts + 1 }) : delivery.reason
      outbox.failed(key, reason, now)
      return tellDesk(tell, 'failed', notice, channel)
    }
    const pauseMs = backoffDelayMs(attempts, RETRY_MIN_MS, RETRY_MAX_MS) * (0.5 + random() / 2)
    outbox.postponed(key, now.monoMs + Math.max(pauseMs, delivery.retryAfterMs ?? 0), delivery.reason, now)
  })
}

function tellDesk(tell: DispatcherParts['tell'], is: 'delivered' | 'failed', notice: Notice, channel: string): void {
  const { kind, severity, thread } = notice
  if (kind === 'test' || kind === 'reply') return
  tell({ is, id: thread === '-' ? null : thread, channel, kind: kind as SendKind, severity })
}

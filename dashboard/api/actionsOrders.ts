/** Orders to the watchdog, as the dashboard gives them: left as a file, waited for a little, taken back when nobody comes. */
import { setTimeout as sleep } from 'node:timers/promises'
import { bootId, type Instant, monotonicMs, now } from '../../src/shared/clock.ts'
import type { Phrase } from '../../src/shared/messages/phrase.ts'
import { phrase } from '../../src/shared/messages/phrase.ts'
import { table } from '../../src/shared/messages/table.ts'
import {
  leaveOrder,
  ORDER_LASTS_MS,
  type Order,
  type OrderAnswer,
  type OrderName,
  readOrderAnswer,
  withdrawOrder,
} from '../../src/shared/orderFiles.ts'
import type { HomePaths } from '../../src/shared/paths.ts'

/** What is ordered, by whom, and the key that makes it the same order whenever it is asked for again. */
export type Wish = {
  readonly order: OrderName
  readonly key: string
  readonly by: string
  readonly minutes?: number
  readonly reason?: string
}

/** What came of it. Not `isOver`: nothing was done, and it may be asked for again. */
export type OrderResult = { readonly done: boolean; readonly isOver: boolean; readonly words: Phrase }

/** The watchdog looks at least each second; what the guardian does takes one or two more. In milliseconds. */
const WAIT_MS = 10_000
const LOOK_EVERY_MS = 50

/** Where orders lie, and how long one waits: no longer than this process stays. */
export type OrderPlace = { readonly paths: HomePaths; readonly leaving: AbortSignal; readonly waitMs?: number }

/** Gives an order and waits for the watchdog's word. Never throws for what a full disk or a missing watchdog does. */
export async function giveOrder({ paths, leaving, waitMs = WAIT_MS }: OrderPlace, wish: Wish): Promise<OrderResult> {
  const failure = leave(paths, orderOf(wish, now()))
  if (failure) return failure
  const untilMonoMs = monotonicMs() + waitMs
  for (;;) {
    const answer = readOrderAnswer(paths, wish.key)
    if (answer && answer.order !== wish.order) return refusal(phrase('actions.keyTaken'))
    if (answer && answer.state !== 'taken') return resultOf(answer)
    if (leaving.aborted || monotonicMs() >= untilMonoMs) return answer ? underWay() : takenBack(paths, wish, waitMs)
    await sleep(LOOK_EVERY_MS)
  }
}

function orderOf({ order, key, by, minutes = 0, reason = '' }: Wish, { at, monoMs }: Instant): Order {
  const time = { at, bootId: bootId(), expiresMonoMs: monoMs + ORDER_LASTS_MS }
  return { order, key, minutes: minutes || null, reason, by, ...time }
}

/** An order that lies there already, or was answered, is the same order: it is only waited for. */
function leave(paths: HomePaths, order: Order): OrderResult | undefined {
  try {
    leaveOrder(paths, order)
    return undefined
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { done: false, isOver: false, words: phrase('actions.failed', { reason }) }
  }
}

function takenBack(paths: HomePaths, { key }: Wish, waitMs: number): OrderResult {
  if (!withdrawOrder(paths, key)) return underWay()
  return { done: false, isOver: false, words: phrase('actions.notTaken', { seconds: Math.round(waitMs / 1_000) }) }
}

function underWay(): OrderResult {
  return { done: false, isOver: false, words: phrase('actions.underWay') }
}

function refusal(words: Phrase): OrderResult {
  return { done: false, isOver: true, words }
}

/** Words of a newer watchdog may be unknown here. */
function resultOf({ state, words }: OrderAnswer): OrderResult {
  const isKnown = words !== null && Object.hasOwn(table, words.key)
  const said = isKnown ? words : phrase('actions.failed', { reason: words?.key ?? state })
  return { done: state === 'done', isOver: true, words: said }
}

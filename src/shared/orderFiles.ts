/**
 * Orders of a person to the watchdog, beside the requests and in the same way: one small file each, made whole or not at all, named by the key that the
 * person's page gave it. The watchdog says `taken` in a file of answers before it does anything, and what came of it after: so an order is carried out
 * at most once, also over a kill, and the same key always leads to the same answer.
 *
 * An order carries the boot and a monotonic end: one that lay about restarts nothing tomorrow.
 */
import { linkSync, mkdirSync, readdirSync, statSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { syncFolder, writeFileDurably } from './atomicFile.ts'
import type { Phrase } from './messages/phrase.ts'
import type { HomePaths } from './paths.ts'
import { readSmallJson } from './smallFile.ts'

/** What can be ordered. */
export const ORDERS = [
  'maintenance-on',
  'maintenance-off',
  'restart',
  'safe-mode-on',
  'safe-mode-off',
  'drill',
  'roll-back-settings',
] as const
/** The name of one of them. */
export type OrderName = (typeof ORDERS)[number]

/** How long an order waits to be taken, in milliseconds. */
export const ORDER_LASTS_MS = 60_000

/** One order as it lies there. */
export type Order = {
  readonly order: OrderName
  /** Names it: 1 to 64 letters, digits, _ or -. */
  readonly key: string
  /** How long a maintenance lasts; null for other orders. */
  readonly minutes: number | null
  /** A person's words about why; may be empty. */
  readonly reason: string
  /** Who ordered it. */
  readonly by: string
  readonly at: string
  readonly bootId: string
  /** Monotonic end of that boot. */
  readonly expiresMonoMs: number
}

/** What became of an order. `taken`: it is under way, or was when the watchdog ended. `words` are for people. */
export type OrderAnswer = {
  readonly order: OrderName
  readonly key: string
  readonly state: 'taken' | 'done' | 'refused'
  readonly words: Phrase | null
  readonly at: string
}

/** An order as it was found; `value` is undefined for what is no JSON. */
export type FoundOrder = { readonly file: string; readonly value: unknown }

const KEY = /^[A-Za-z0-9_-]{1,64}$/
/** More in one look would be no person. */
const MOST_AT_ONCE = 20
/** An answer is kept this long, by the clock of the files, in milliseconds. */
const ANSWER_KEPT_MS = 15 * 60_000

/** True for a key that may name an order. */
export function isOrderKey(value: unknown): value is string {
  return typeof value === 'string' && KEY.test(value)
}

/** Leaves an order, durable when it returns; false where that key was used already. */
export function leaveOrder(paths: HomePaths, order: Order): boolean {
  const folder = ordersIn(paths)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (readOrderAnswer(paths, order.key)) return false
  const file = join(folder, `${order.key}.json`)
  const whole = `${file}.${process.pid}.new`
  writeFileDurably(whole, `${JSON.stringify(order)}\n`)
  try {
    // A link is refused where the name is taken, and shows the whole file at once.
    linkSync(whole, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    unlinkSync(whole)
    syncFolder(folder)
  }
}

/** Takes back an order that nobody has taken; true where it is sure that it will never be done. */
export function withdrawOrder(paths: HomePaths, key: string): boolean {
  return isOrderKey(key) && removed(join(ordersIn(paths), `${key}.json`))
}

/** The orders that wait. Never throws; a missing folder is none. */
export function findOrders(paths: HomePaths): FoundOrder[] {
  const folder = ordersIn(paths)
  return namesIn(folder)
    .slice(0, MOST_AT_ONCE)
    .map((name) => ({ file: join(folder, name), value: readSmallJson(join(folder, name)) }))
}

/**
 * Says that an order is under way and takes it off the table; false where it must not be done: it was taken before (by one who was killed then), or has
 * been withdrawn. Whoever removes its file decides.
 */
export function takeOrder(paths: HomePaths, { order, key }: Order, found: FoundOrder, at: string): boolean {
  if (readOrderAnswer(paths, key)) {
    removed(found.file)
    return false
  }
  answerOrder(paths, { order, key, state: 'taken', words: null, at })
  if (removed(found.file)) return true
  removed(join(answersIn(paths), `${key}.json`))
  return false
}

/** Takes away what is no order. */
export function dropOrder({ file }: FoundOrder): void {
  removed(file)
}

/** Writes what became of an order; the last word counts. */
export function answerOrder(paths: HomePaths, answer: OrderAnswer): void {
  const folder = answersIn(paths)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileDurably(join(folder, `${answer.key}.json`), `${JSON.stringify(answer)}\n`)
}

/** What became of the order with this key; undefined while nobody has taken it. */
export function readOrderAnswer(paths: HomePaths, key: string): OrderAnswer | undefined {
  const value = isOrderKey(key) ? readSmallJson(join(answersIn(paths), `${key}.json`)) : undefined
  return isAnswer(value) ? value : undefined
}

/** Forgets old answers; `wallMs` is ms since 1970. */
export function sweepOrderAnswers(paths: HomePaths, wallMs: number): void {
  const folder = answersIn(paths)
  for (const name of namesIn(folder)) {
    const age = wallMs - (statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? wallMs)
    // A clock that was set back must not keep them for ever.
    if (Math.abs(age) > ANSWER_KEPT_MS) removed(join(folder, name))
  }
}

function isAnswer(value: unknown): value is OrderAnswer {
  const it = (typeof value === 'object' && value !== null ? value : {}) as Partial<OrderAnswer>
  const isState = it.state === 'taken' || it.state === 'done' || it.state === 'refused'
  return isState && isOrderKey(it.key) && ORDERS.some((name) => name === it.order) && typeof it.at === 'string'
}

function ordersIn({ data }: HomePaths): string {
  return join(data, 'requests', 'orders')
}

function answersIn({ data }: HomePaths): string {
  return join(data, 'requests', 'answers')
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .toSorted()
  } catch {
    return []
  }
}

function removed(file: string): boolean {
  try {
    unlinkSync(file)
    return true
  } catch {
    return false
  }
}

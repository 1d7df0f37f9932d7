import { isOrderKey, ORDER_LASTS_MS, ORDERS, type Order } from '../shared/orderFiles.ts'

/** An order that may be carried out now, or why not: `expired` ones can be answered, others are no orders at all. */
export type JudgedOrder =
  | { readonly ok: true; readonly order: Order }
  | { readonly ok: false; readonly why: 'expired'; readonly order: Order }
  | { readonly ok: false; readonly why: 'unreadable' }

/** Longest words of a person that are kept. */
const MAX_WORDS = 200

/** Makes sure that what lay there is an order of this boot whose time is not over. A time that is too far ahead is not believed. */
export function readOrderRequest(
  value: unknown,
  now: { readonly bootId: string; readonly monoMs: number },
): JudgedOrder {
  const order = orderIn(value)
  if (!order) return { ok: false, why: 'unreadable' }
  const leftMs = order.expiresMonoMs - now.monoMs
  const isInTime = order.bootId === now.bootId && leftMs > 0 && leftMs <= ORDER_LASTS_MS
  return isInTime ? { ok: true, order } : { ok: false, why: 'expired', order }
}

function orderIn(value: unknown): Order | undefined {
  const it = (typeof value === 'object' && value !== null ? value : {}) as Partial<Record<keyof Order, unknown>>
  const { key, by, at, bootId, expiresMonoMs, reason } = it
  const order = ORDERS.find((name) => name === it.order)
  if (!order || !isOrderKey(key) || typeof expiresMonoMs !== 'number' || typeof reason !== 'string') return undefined
  if (typeof by !== 'string' || typeof at !== 'string' || typeof bootId !== 'string') return undefined
  const minutes = typeof it.minutes === 'number' && it.minutes > 0 ? it.minutes : null
  if (order === 'maintenance-on' && minutes === null) return undefined
  const words = { reason: reason.slice(0, MAX_WORDS), by: by.slice(0, MAX_WORDS) }
  return { order, key, minutes, ...words, at, bootId, expiresMonoMs }
}

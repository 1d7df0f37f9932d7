/** Takes the orders that a person left for the watchdog, has them carried out, and says what came of each. One beat of it never waits. */
import { bootId, type Instant, now } from '../shared/clock.ts'
import { type Identity, isAlive, signalIdentity } from '../shared/identity.ts'
import { phrase } from '../shared/messages/phrase.ts'
import {
  answerOrder,
  dropOrder,
  type FoundOrder,
  findOrders,
  type Order,
  sweepOrderAnswers,
  takeOrder,
} from '../shared/orderFiles.ts'
import type { Beat } from './loop.ts'
import { type DeedParts, type DeedResult, failed, performOrder } from './orderDeeds.ts'
import { incidentName } from './perform.ts'
import { readOrderRequest } from './readOrderRequest.ts'
import type { WatchStore } from './store.ts'

type OrderParts = DeedParts & {
  readonly store: Pick<WatchStore, 'incident' | 'saveIncident'>
  /** The number of the newest incident of the agent. */
  readonly lastIncidentId: () => number
}

/** An agent that was asked to end has this long to drain before its process group is ended, as with `ottugi restart`. */
const DRAIN_LIMIT_MS = 15_000
/** No second drill within this time: a ring that is pushed over and over must not run out of its budget for real faults. */
const DRILL_PAUSE_MINUTES = 2
const SWEEP_EVERY_MS = 60_000
/** The incident of a drill opens within this time, or nothing came of it. */
const DRILL_NOTED_MS = 30_000

type Memory = {
  ending: { readonly agent: Identity; readonly killAt: number } | undefined
  drill: { readonly at: Instant; readonly by: string; readonly after: number; isNoted: boolean } | undefined
  sweepAt: number
}

/** Makes the beat. Orders are taken also during maintenance: a person asks, and the watchdog only carries out. */
export function createOrderRequests(parts: OrderParts): Beat {
  const memory: Memory = { ending: undefined, drill: undefined, sweepAt: 0 }
  return (nowMono) => {
    for (const found of findOrders(parts.paths)) take(parts, memory, found)
    endWhoDoesNotLeave(memory, nowMono)
    noteDrill(parts, memory, nowMono)
    if (nowMono < memory.sweepAt) return
    memory.sweepAt = nowMono + SWEEP_EVERY_MS
    sweepOrderAnswers(parts.paths, Date.now())
  }
}

function take(parts: OrderParts, memory: Memory, found: FoundOrder): void {
  const at = now()
  const judged = readOrderRequest(found.value, { bootId: bootId(), monoMs: at.monoMs })
  if (!judged.ok && judged.why === 'unreadable') return dropOrder(found)
  const { order } = judged
  if (!takeOrder(parts.paths, order, found, at.at)) return
  if (!judged.ok) return say(parts, order, { ok: false, words: phrase('actions.expired') })
  if (order.order === 'drill' && isTooSoon(memory, at)) {
    return say(parts, order, { ok: false, words: phrase('actions.drillTooSoon', { minutes: DRILL_PAUSE_MINUTES }) })
  }
  carryOut(parts, memory, order)
}

function carryOut(parts: OrderParts, memory: Memory, order: Order): void {
  const told = (result: DeedResult) => {
    const at = now()
    if (result.ended) memory.ending = { agent: result.ended, killAt: at.monoMs + DRAIN_LIMIT_MS }
    if (result.killed) memory.drill = { at, by: order.by, after: parts.lastIncidentId(), isNoted: false }
    say(parts, order, result)
  }
  try {
    performOrder(parts, order, told)
  } catch (error) {
    // A full disk, for example: said, and the watchdog goes on.
    told(failed(error instanceof Error ? error.message : String(error)))
  }
}

function say({ paths, log }: OrderParts, { order, key, by }: Order, { ok, words }: DeedResult): void {
  log.warn({ order, by, ok, words }, 'an order of a person')
  answerOrder(paths, { order, key, state: ok ? 'done' : 'refused', words, at: now().at })
}

function isTooSoon({ drill }: Memory, { monoMs }: Instant): boolean {
  return drill !== undefined && monoMs - drill.at.monoMs < DRILL_PAUSE_MINUTES * 60_000
}

function endWhoDoesNotLeave(memory: Memory, nowMono: number): void {
  const { ending } = memory
  if (!ending) return
  const isThere = isAlive(ending.agent)
  if (isThere && nowMono < ending.killAt) return
  if (isThere) signalIdentity(ending.agent, 'SIGKILL', true)
  memory.ending = undefined
}

/** The incident that follows from a drill says so: nobody shall look for its cause. */
function noteDrill({ store, lastIncidentId }: OrderParts, { drill }: Memory, nowMono: number): void {
  if (!drill || drill.isNoted) return
  if (nowMono - drill.at.monoMs > DRILL_NOTED_MS) {
    drill.isNoted = true
    return
  }
  const incident = lastIncidentId() > drill.after ? store.incident(incidentName(drill.after + 1)) : undefined
  if (!incident) return
  drill.isNoted = true
  const entry = { action: 'drill', args: { by: drill.by }, at: drill.at.at, verdict: 'allowed', undone: false } as const
  const noted = { ...entry, result: 'killed on purpose' }
  store.saveIncident({ ...incident, actions: [noted, ...incident.actions] })
}

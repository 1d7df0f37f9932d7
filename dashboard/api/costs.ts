/** `GET /api/costs`: what was spent, and on what. */
import type { RequestHandler } from 'express'
import { type CostKey, type CostRow, costsIn, groupCosts } from '../../src/shared/costsReader.ts'
import type { Look } from '../../src/shared/heldDatabase.ts'
import { startOfDay } from '../../src/shared/status.ts'
import type { Reading } from '../../src/shared/watchdogReader.ts'
import type { DashboardContext } from '../context.ts'
import type { Costs } from '../contractViews.ts'
import { languageOf } from '../language.ts'
import { agentSpent, healerSpent, moneyOf } from './overviewMoney.ts'
import { countIn, sendBadRequest, textParameter } from './reading.ts'
import { theDatabase } from './theDatabase.ts'
import { unknownOf } from './unknown.ts'

type CostContext = Pick<DashboardContext, 'language' | 'settings' | 'agentDb' | 'watchdogDb'>

const KEYS: readonly CostKey[] = ['model', 'day', 'session', 'job']
const MOST_DAYS = 92
const DAYS = { initial: 30, most: MOST_DAYS }
const DAY_MS = 86_400_000

type HealerCost = { readonly at: string; readonly usd: number }

/** Sums by model, day, session or job over whole days of the owner's zone, the last of which is today. */
export function costsRoute(context: CostContext): RequestHandler {
  const { agentDb, watchdogDb, settings } = context
  const ledger = createLedger()
  return (request, response) => {
    const by = KEYS.find((key) => key === (textParameter(request, 'by') || 'model'))
    const days = countIn(request, 'days', DAYS)
    if (!by) return sendBadRequest(response, `by: expected ${KEYS.join(', ')}.`)
    if (days === undefined) return sendBadRequest(response, 'days: expected a number from 1 on.')
    const nowMs = Date.now()
    const sinceAt = new Date(dayBefore(nowMs, days - 1)).toISOString()
    const version = agentDb.version()
    const all = agentDb.read((database) => ledger(database, version, nowMs))
    const healer = watchdogDb.read((database) => healerCosts(database, sinceAt))
    const agent = agentDb.read((database) => agentSpent(database, nowMs))
    const healerTodayUsd = watchdogDb.read((database) => healerSpent(database, startOfDay(nowMs)))
    const rows = all.ok ? all.value.filter(({ at }) => at >= sinceAt) : []
    const unpricedCalls = rows.filter((row) => !row.isPriced && row.inputTokens + row.outputTokens > 0).length
    const unknown = unknownOf(languageOf(request, context), [
      ...[all, agent].map((reading) => ({ what: 'agent.db', reading })),
      ...[healer, healerTodayUsd].map((reading) => ({ what: 'watchdog.db', reading })),
    ])
    response.json({
      asOf: new Date(nowMs).toISOString(),
      money: moneyOf({ agent, healerTodayUsd, unpricedCalls, settings }, nowMs),
      by,
      rows: groupCosts(rows, by).map(({ key, sum }) => ({ key: key ?? '', ...sum })),
      days: daysOf(rows, valueOr(healer, []), { nowMs, days }),
      ...(unknown.length > 0 && { unknown }),
    } satisfies Costs)
  }
}

function valueOr<T>(reading: Reading<T>, otherwise: T): T {
  return reading.ok ? reading.value : otherwise
}

/** Midnight of a day that lies so many days back; days of a change of the clocks have 23 or 25 hours. */
function dayBefore(nowMs: number, days: number): number {
  const at = new Date(nowMs)
  return new Date(at.getFullYear(), at.getMonth(), at.getDate() - days).getTime()
}

function daysOf(
  rows: readonly CostRow[],
  healer: readonly HealerCost[],
  { nowMs, days }: { readonly nowMs: number; readonly days: number },
): Costs['days'] {
  const agentUsd = sumByDay(rows)
  const healerUsd = sumByDay(healer)
  return Array.from({ length: days }, (_, index) => {
    const day = dayOf(dayBefore(nowMs, days - 1 - index))
    return { day, agentUsd: agentUsd.get(day) ?? 0, healerUsd: healerUsd.get(day) ?? 0 }
  })
}

function sumByDay(rows: readonly HealerCost[]): Map<string, number> {
  const sums = new Map<string, number>()
  for (const { at, usd } of rows) {
    const day = dayOf(Date.parse(at))
    sums.set(day, (sums.get(day) ?? 0) + usd)
  }
  return sums
}

function dayOf(ms: number): string {
  const at = new Date(ms)
  const pad = (part: number) => String(part).padStart(2, '0')
  return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`
}

function healerCosts(database: Look, sinceAt: string): HealerCost[] {
  return database.all<HealerCost>(
    `SELECT opened_at AS at, json_extract(record, '$.costUsd') AS usd FROM incidents
      WHERE opened_at >= ? AND json_valid(record) AND json_extract(record, '$.costUsd') > 0`,
    sinceAt,
  )
}

/** The calls of the longest window, each read once. Begun anew for another file, one that was put back, and each day. */
function createLedger(): (database: Look, version: string, nowMs: number) => readonly CostRow[] {
  let kept: { readonly name: string; readonly rows: CostRow[] } | undefined
  let lastSeq = 0
  return (database, version, nowMs) => {
    const newest = database.get<{ seq: number | null }>('SELECT max(seq) AS seq FROM events')?.seq ?? 0
    const sinceAt = new Date(dayBefore(nowMs, 0) - MOST_DAYS * DAY_MS).toISOString()
    const name = `${version.slice(0, version.lastIndexOf(':'))} ${sinceAt}`
    if (!kept || kept.name !== name || newest < lastSeq) {
      kept = { name, rows: [] }
      lastSeq = 0
    }
    if (newest > lastSeq) kept.rows.push(...costsIn(database.prepared(theDatabase), sinceAt, lastSeq))
    lastSeq = newest
    return kept.rows
  }
}

/** What was spent, against the limits. Days and months are those of the owner's zone. */
import type { Settings } from '../../src/shared/config/schema.ts'
import type { Look } from '../../src/shared/heldDatabase.ts'
import { startOfMonth } from '../../src/shared/startOfMonth.ts'
import { startOfDay } from '../../src/shared/status.ts'
import type { Reading } from '../../src/shared/watchdogReader.ts'
import type { Money } from '../contract.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** A pace out of less than this is a guess, in milliseconds. */
const SHORTEST_PACE_MS = 10 * 60_000

/** Sums of the agent's own model calls, in US dollars. */
export type AgentSpent = {
  readonly todayUsd: number
  readonly monthUsd: number
  readonly hourUsd: number
  /** The first call ever, wall clock in milliseconds; null without one. */
  readonly sinceMs: number | null
}

const NOTHING: AgentSpent = { todayUsd: 0, monthUsd: 0, hourUsd: 0, sinceMs: null }

/** Reads the sums of the agent: by the index of times, without any JSON. */
export function agentSpent(database: Look, nowMs: number): AgentSpent {
  const since = (ms: number) =>
    database.get<{ usd: number }>('SELECT coalesce(sum(usd), 0) AS usd FROM costs WHERE at >= ?', isoOf(ms))?.usd ?? 0
  const first = database.get<{ at: string | null }>('SELECT min(at) AS at FROM costs')?.at ?? null
  return {
    todayUsd: since(startOfDay(nowMs)),
    monthUsd: since(startOfMonth(nowMs)),
    hourUsd: since(nowMs - HOUR_MS),
    sinceMs: first === null ? null : Date.parse(first),
  }
}

/** What recovery spent since midnight, by the incidents of the time. */
export function healerSpent(database: Look, fromMs: number): number {
  const sql = `SELECT coalesce(sum(json_extract(record, '$.costUsd')), 0) AS usd FROM incidents WHERE opened_at >= ? AND json_valid(record)`
  return database.get<{ usd: number }>(sql, isoOf(fromMs))?.usd ?? 0
}

/** What the money is put together of. */
export type MoneyParts = {
  readonly agent: Reading<AgentSpent>
  readonly healerTodayUsd: Reading<number>
  readonly unpricedCalls: number
  readonly settings: Pick<Settings, 'budget' | 'recovery'>
}

/** The figures. What could not be read counts as nothing here, and stands among the unknown. */
export function moneyOf({ agent, healerTodayUsd, unpricedCalls, settings }: MoneyParts, nowMs: number): Money {
  const spent = agent.ok ? agent.value : NOTHING
  const { budget, recovery } = settings
  return {
    todayUsd: spent.todayUsd,
    limitUsd: budget.dayUsd,
    healerTodayUsd: healerTodayUsd.ok ? healerTodayUsd.value : 0,
    healerLimitUsd: recovery.dayUsd,
    burnUsdPerHour: agent.ok ? burnOf(spent, nowMs) : null,
    monthUsd: spent.monthUsd,
    monthForecastUsd: agent.ok ? forecastOf(spent.monthUsd, nowMs) : null,
    monthLimitUsd: budget.monthUsd || null,
    unpricedCalls,
  }
}

/** The last hour; the time since the first call where that is shorter. */
function burnOf({ hourUsd, sinceMs }: AgentSpent, nowMs: number): number | null {
  if (sinceMs === null) return null
  const lengthMs = Math.min(HOUR_MS, nowMs - sinceMs)
  return lengthMs < SHORTEST_PACE_MS ? null : (hourUsd * HOUR_MS) / lengthMs
}

function forecastOf(monthUsd: number, nowMs: number): number | null {
  const beginMs = startOfMonth(nowMs)
  const begin = new Date(beginMs)
  const endMs = new Date(begin.getFullYear(), begin.getMonth() + 1, 1).getTime()
  const goneMs = nowMs - beginMs
  return goneMs < DAY_MS ? null : (monthUsd * (endMs - beginMs)) / goneMs
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString()
}

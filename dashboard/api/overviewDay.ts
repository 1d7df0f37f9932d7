/**
 * The last 24 hours of the agent's journal, kept in memory and brought forward: each event is read once, however many ask. What was read of another
 * database file, or of one that was put back to an older state, is forgotten.
 */
import type { Look } from '../../src/shared/heldDatabase.ts'

/** An event with what the figures need; null where its type has no such thing. */
export type DayEvent = {
  readonly seq: number
  readonly run: string
  readonly session: string
  readonly type: 'message_in' | 'model_answered' | 'tool_ended' | 'run_ended'
  readonly atMs: number
  readonly provider: string | null
  readonly model: string | null
  readonly isSilent: boolean
  readonly tokens: number
  readonly usd: number
  readonly isPriced: boolean
  readonly latencyMs: number | null
  readonly tool: string | null
  readonly isWell: boolean
  readonly tookMs: number | null
}

/** The window. */
export type DayWindow = {
  /** Reads what is new and gives all events of the last 24 hours, oldest first. `version` names the state of the database. */
  readonly read: (database: Look, version: string, nowMs: number) => readonly DayEvent[]
}

const DAY_MS = 86_400_000
/** A window that is wider than this is no day of a person; the oldest go first. */
const MOST = 100_000

const TYPES = "('message_in', 'model_answered', 'tool_ended', 'run_ended')"
const FACTS = `seq, run, session, type, at,
  json_extract(data, '$.provider') AS provider, json_extract(data, '$.model') AS model,
  json_extract(data, '$.text') IS NULL AS silent,
  coalesce(json_extract(data, '$.usage.inputTokens'), 0) + coalesce(json_extract(data, '$.usage.outputTokens'), 0)
    + coalesce(json_extract(data, '$.usage.cacheReadTokens'), 0) + coalesce(json_extract(data, '$.usage.cacheWriteTokens'), 0) AS tokens,
  coalesce(json_extract(data, '$.costUsd'), 0) AS usd, json_extract(data, '$.isPriced') AS priced,
  json_extract(data, '$.latencyMs') AS latency_ms, json_extract(data, '$.tool') AS tool,
  json_extract(data, '$.ok') AS well, json_extract(data, '$.tookMs') AS took_ms`

/** The last ones by the index of type and time. */
const FIRST = `SELECT ${FACTS} FROM events WHERE type IN ${TYPES} AND at >= ? ORDER BY seq DESC LIMIT ${MOST}`
/** What came since, by its number: the index of types would read far more. */
const SINCE = `SELECT ${FACTS} FROM events WHERE seq > ? AND +type IN ${TYPES} ORDER BY seq LIMIT ${MOST}`

type Row = Omit<DayEvent, 'atMs' | 'isSilent' | 'isPriced' | 'latencyMs' | 'isWell' | 'tookMs'> & {
  readonly at: string
  readonly silent: number
  readonly priced: number | null
  readonly latency_ms: number | null
  readonly well: number | null
  readonly took_ms: number | null
}

/** Begins empty. */
export function createDayWindow(): DayWindow {
  let file = ''
  let lastSeq = 0
  let readOn = ''
  let events: DayEvent[] = []
  const begin = (database: Look, nowMs: number, day: string) => {
    events = database
      .all<Row>(FIRST, new Date(nowMs - DAY_MS).toISOString())
      .map(toEvent)
      .toReversed()
    readOn = day
  }
  return {
    read: (database, version, nowMs) => {
      const newest = database.get<{ seq: number | null }>('SELECT max(seq) AS seq FROM events')?.seq ?? 0
      const opened = version.slice(0, version.lastIndexOf(':'))
      // Once a day all is read anew: a clock that jumped may have left something out.
      const day = new Date(nowMs).toDateString()
      if (opened !== file || newest < lastSeq || day !== readOn) begin(database, nowMs, day)
      else if (newest > lastSeq) events.push(...database.all<Row>(SINCE, lastSeq).map(toEvent))
      file = opened
      lastSeq = newest
      const from = nowMs - DAY_MS
      if (events.length > MOST || (events[0]?.atMs ?? from) < from) {
        events = events.filter(({ atMs }) => atMs >= from).slice(-MOST)
      }
      return events
    },
  }
}

function toEvent({ at, silent, priced, latency_ms, well, took_ms, ...row }: Row): DayEvent {
  return {
    ...row,
    atMs: Date.parse(at),
    isSilent: silent !== 0,
    isPriced: priced !== 0,
    latencyMs: latency_ms,
    isWell: well !== 0,
    tookMs: took_ms,
  }
}

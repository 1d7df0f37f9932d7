/** Read-only look into `data/agent.db` for what model calls consumed. Works with the agent stopped; what cannot be read is said, never guessed. */
import { existsSync } from 'node:fs'
import Database from 'better-sqlite3'
import type { Reading } from './watchdogReader.ts'

/** One model call. Tokens as its provider counted them; `at` ISO 8601, UTC. */
export type CostRow = {
  readonly at: string
  readonly run: string
  readonly session: string
  /** The scheduled job whose run it was; null where a person or a program asked. */
  readonly job: string | null
  /** `provider/model`, or the model alone in journals of before there were providers. */
  readonly model: string
  readonly inputTokens: number
  readonly cachedTokens: number
  readonly outputTokens: number
  readonly usd: number
  /** False where nobody knows the price. */
  readonly isPriced: boolean
}

/** Sums over some calls. */
export type CostSum = {
  readonly calls: number
  /** All that was read, from the cache too. */
  readonly inputTokens: number
  /** The part of it that was read from the cache. */
  readonly cachedTokens: number
  readonly outputTokens: number
  readonly usd: number
  readonly unpricedCalls: number
}

type Row = Omit<CostRow, 'isPriced' | 'model'> & {
  readonly model: string | null
  readonly provider: string | null
  readonly priced: number | null
}

/** Calls since that moment (ISO 8601, UTC), oldest first. A home without a journal has none. */
export function readCosts(file: string, sinceAt: string): Reading<CostRow[]> {
  if (!existsSync(file)) return { ok: true, value: [] }
  let db: Database.Database | undefined
  try {
    db = new Database(file, { readonly: true, fileMustExist: true, timeout: 500 })
    return { ok: true, value: costsIn(db, sinceAt) }
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) }
  } finally {
    db?.close()
  }
}

/** The same out of a database that is open; with `afterSeq` only what was written down after that event. */
export function costsIn(database: Database.Database, sinceAt: string, afterSeq = 0): CostRow[] {
  return database.prepare<[string, number], Row>(CALLS).all(sinceAt, afterSeq).map(toCost)
}

const CALLS = `
  SELECT told.at, told.run, told.session,
         json_extract(asked.data, '$.job') AS job,
         json_extract(told.data, '$.model') AS model,
         json_extract(told.data, '$.provider') AS provider,
         json_extract(told.data, '$.isPriced') AS priced,
         coalesce(json_extract(told.data, '$.usage.inputTokens'), 0)
           + coalesce(json_extract(told.data, '$.usage.cacheReadTokens'), 0)
           + coalesce(json_extract(told.data, '$.usage.cacheWriteTokens'), 0) AS "inputTokens",
         coalesce(json_extract(told.data, '$.usage.cacheReadTokens'), 0) AS "cachedTokens",
         coalesce(json_extract(told.data, '$.usage.outputTokens'), 0) AS "outputTokens",
         coalesce(json_extract(told.data, '$.costUsd'), 0) AS usd
    FROM events AS told
    LEFT JOIN events AS asked ON asked.run = told.run AND asked.type = 'message_in'
   WHERE told.type = 'model_answered' AND told.at >= ? AND told.seq > ?
   ORDER BY told.seq`

function toCost({ model, provider, priced, ...row }: Row): CostRow {
  const name = model ?? ''
  return { ...row, model: provider ? `${provider}/${name}` : name, isPriced: priced !== 0 }
}

/** A sum of nothing. */
const NOTHING: CostSum = {
  calls: 0,
  inputTokens: 0,
  cachedTokens: 0,
  outputTokens: 0,
  usd: 0,
  unpricedCalls: 0,
}

/** Sums calls up; calls that consumed nothing (nobody was asked, or nobody answered) are no calls. */
export function sumCosts(rows: readonly CostRow[]): CostSum {
  return rows.filter(isPaid).reduce(
    (sum, row) => ({
      calls: sum.calls + 1,
      inputTokens: sum.inputTokens + row.inputTokens,
      cachedTokens: sum.cachedTokens + row.cachedTokens,
      outputTokens: sum.outputTokens + row.outputTokens,
      usd: sum.usd + row.usd,
      unpricedCalls: sum.unpricedCalls + (row.isPriced ? 0 : 1),
    }),
    NOTHING,
  )
}

function isPaid({ inputTokens, outputTokens, usd }: CostRow): boolean {
  return inputTokens + outputTokens > 0 || usd > 0
}

/** What calls are put together by. */
export type CostKey = 'model' | 'day' | 'session' | 'job'

/** Sums for each model, day (of the reader's zone, `2026-11-21`), session or job (null: none); days in their order, the others by cost and tokens. */
export function groupCosts(
  rows: readonly CostRow[],
  by: CostKey,
): { readonly key: string | null; readonly sum: CostSum }[] {
  const groups = Map.groupBy(rows.filter(isPaid), (row) => (by === 'day' ? dayOf(row.at) : row[by]))
  const sums = [...groups].map(([key, group]) => ({ key, sum: sumCosts(group) }))
  if (by === 'day') return sums.toSorted((a, b) => String(a.key).localeCompare(String(b.key)))
  return sums.toSorted((a, b) => b.sum.usd - a.sum.usd || tokensOf(b.sum) - tokensOf(a.sum))
}

function tokensOf({ inputTokens, outputTokens }: CostSum): number {
  return inputTokens + outputTokens
}

function dayOf(at: string): string {
  return new Date(at).toLocaleDateString('sv-SE')
}

import type { Database } from 'better-sqlite3'
import * as z from 'zod'
import { defineTool } from './defineTool.ts'
import { findFile, type PathRefusal, type Place, withFile } from './paths.ts'
import type { ToolOutcome } from './tool.ts'

const MAX_ROWS = 200
const MAX_CELL = 500
/** Most memory that a query may take, in bytes. */
const MAX_HEAP = 256 * 1_024 * 1_024

const schema = z.strictObject({
  path: z.string().min(1).describe('database file'),
  sql: z.string().min(1).max(50_000).describe('one statement'),
})
type Input = z.infer<typeof schema>

/** Looks into a database. */
export const sqliteQueryTool = defineTool({
  name: 'sqlite_query',
  description:
    'Query an SQLite file, read only; begin with SELECT sql FROM sqlite_schema. Returns columns and at most 200 rows. Refuses writes, ATTACH, several statements.',
  schema,
  safety: 'pure',
  risk: 0,
  deadlineMs: 30_000,
  maxOutput: 20_000,
  place: 'sandbox',
  run: async (input: Input, { workspace, signal }) => {
    const place = findFile(workspace, input.path)
    if (!place.ok) return place
    const readable = withFile<{ ok: true } | PathRefusal>(place, () => ({ ok: true }))
    return readable.ok ? query(place, input, signal) : readable
  },
})

async function query(place: Place, { sql }: Input, signal: AbortSignal): Promise<ToolOutcome> {
  const { default: Sqlite } = await import('better-sqlite3')
  let db: Database | undefined
  try {
    db = new Sqlite(place.path, { readonly: true, fileMustExist: true, timeout: 5_000 })
    db.pragma('query_only = ON')
    db.pragma('trusted_schema = OFF')
    db.pragma(`hard_heap_limit = ${MAX_HEAP}`)
    return rows(db, sql, signal)
  } catch (error) {
    return failed(place.shown, error)
  } finally {
    db?.close()
  }
}

function rows(db: Database, sql: string, signal: AbortSignal): ToolOutcome {
  const statement = db.prepare(sql)
  if (!statement.reader || !statement.readonly || /^\s*pragma\b[^;]*=/i.test(sql)) {
    return {
      ok: false,
      reason: 'only statements that read are run',
      hint: 'SELECT, WITH, EXPLAIN, or a PRAGMA that asks',
    }
  }
  statement.raw(true).safeIntegers(true)
  const columns = statement.columns().map(({ name }) => name)
  const shown: string[] = []
  let hasMore = false
  for (const row of statement.iterate() as IterableIterator<unknown[]>) {
    if (signal.aborted) return { ok: false, reason: 'it was cancelled' }
    hasMore = shown.length >= MAX_ROWS
    if (hasMore) break
    shown.push(row.map(cell).join(' | '))
  }
  const count = hasMore ? `[first ${MAX_ROWS} rows; use LIMIT and OFFSET, or count(*)]` : `[${shown.length} rows]`
  return { ok: true, text: [columns.map(cell).join(' | '), ...shown, count].join('\n') }
}

function cell(value: unknown): string {
  if (value === null) return 'NULL'
  if (value instanceof Uint8Array) return `<${value.length} bytes>`
  const text = String(value)
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('|', '\\|')
  return text.length <= MAX_CELL ? text : `${text.slice(0, MAX_CELL)}… (${text.length} characters)`
}

function failed(shown: string, error: unknown): ToolOutcome {
  const message = error instanceof Error ? error.message : String(error)
  if (/more than one statement/.test(message))
    return { ok: false, reason: 'only one statement at a time', hint: 'call it once for each' }
  if (/file is not a database/.test(message)) return { ok: false, reason: `${shown} is no SQLite database` }
  const isName = /no such (table|column)/.test(message)
  return {
    ok: false,
    reason: message,
    ...(isName ? { hint: 'SELECT name, sql FROM sqlite_schema shows what there is' } : {}),
  }
}

/** Reads all that can still be read of a damaged database. */
import type Database from 'better-sqlite3'

/** One table as its database describes it. */
export type Table = {
  readonly name: string
  readonly sql: string
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  /** False for tables `WITHOUT ROWID`. */
  readonly hasRowid: boolean
  /** True when a column is the row number, so that it need not be kept beside. */
  readonly rowidIsColumn: boolean
}

/** The tables, and what else is to be made once they are filled. */
export type Schema = {
  readonly tables: readonly Table[]
  readonly virtual: readonly string[]
  /** Indexes that hold a promise: made before the tables are filled, so that no row breaks it. */
  readonly unique: readonly string[]
  /** Other indexes, views, triggers: SQL texts, in the order in which they can be made. */
  readonly others: readonly string[]
  readonly userVersion: number
  readonly applicationId: number
}

/** A row as it was read: the row number (null for tables without one), then the columns in the order of the table. */
export type Row = { readonly rowid: bigint | null; readonly values: readonly unknown[] }

/** How many missing row numbers are asked for one by one between the last that was read from the front and the first from the back. */
const MAX_LOOKUPS = 200_000n

const UNIQUE = /^CREATE UNIQUE INDEX/i
const LATER = { index: 0, view: 1, trigger: 2 } as const

/** Reads the schema; throws what SQLite throws when it cannot. */
export function readSchema(db: Database.Database): Schema {
  const kinds = new Map(
    (db.pragma('table_list') as { schema: string; name: string; type: string; wr: number | bigint }[])
      .filter(({ schema }) => schema === 'main')
      .map((entry) => [entry.name, entry]),
  )
  const master = db.prepare('SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL').all() as {
    type: string
    name: string
    sql: string
  }[]
  const ours = master.filter(({ name }) => !name.startsWith('sqlite_'))
  const tables = ours.filter(({ type }) => type === 'table')
  const kindOf = (name: string) => kinds.get(name)?.type
  return {
    tables: tables
      .filter(({ name }) => kindOf(name) === 'table')
      .map(({ name, sql }) => describeTable(db, name, sql, Number(kinds.get(name)?.wr) === 0)),
    virtual: tables.filter(({ name }) => kindOf(name) === 'virtual').map(({ sql }) => sql),
    unique: ours.filter(({ type, sql }) => type === 'index' && UNIQUE.test(sql)).map(({ sql }) => sql),
    others: ours
      .filter(({ type, sql }) => type in LATER && !UNIQUE.test(sql))
      .toSorted((a, b) => LATER[a.type as keyof typeof LATER] - LATER[b.type as keyof typeof LATER])
      .map(({ sql }) => sql),
    userVersion: Number(db.pragma('user_version', { simple: true })),
    applicationId: Number(db.pragma('application_id', { simple: true })),
  }
}

function describeTable(db: Database.Database, name: string, sql: string, hasRowid: boolean): Table {
  const columns = db.pragma(`table_info(${quoteName(name)})`) as { name: string; type: string; pk: number | bigint }[]
  const keys = columns.filter(({ pk }) => Number(pk) > 0)
  const rowidIsColumn = hasRowid && keys.length === 1 && keys[0]?.type.toUpperCase() === 'INTEGER'
  return {
    name,
    sql,
    columns: columns.map((column) => ({ name: column.name, type: column.type })),
    hasRowid,
    rowidIsColumn,
  }
}

/** A name as SQL text. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/**
 * Hands over every row that can be read: from the front until a damaged page, from the back until a damaged page, and one by one between.
 * True when the front reading came to the end, so that nothing is missing.
 */
export function readRows(db: Database.Database, table: Table, onRow: (row: Row) => void): boolean {
  const columns = table.columns.map(({ name }) => quoteName(name)).join(', ')
  const rowid = table.hasRowid ? '_rowid_' : 'NULL'
  const select = `SELECT ${rowid}, ${columns} FROM ${quoteName(table.name)}`
  if (!table.hasRowid) return readUntilDamage(db, select, onRow)
  let last: bigint | undefined
  const isWhole = readUntilDamage(db, `${select} ORDER BY _rowid_`, (row) => {
    last = row.rowid ?? last
    onRow(row)
  })
  if (isWhole) return true
  let first: bigint | undefined
  readUntilDamage(db, `${select} ORDER BY _rowid_ DESC`, (row) => {
    if (row.rowid === null || (last !== undefined && row.rowid <= last)) return
    first = row.rowid
    onRow(row)
  })
  if (last !== undefined || first !== undefined) readBetween(db, `${select} WHERE _rowid_ = ?`, { last, first }, onRow)
  return false
}

function toRow([rowid, ...values]: readonly unknown[]): Row {
  return { rowid: typeof rowid === 'bigint' ? rowid : null, values }
}

function readUntilDamage(db: Database.Database, sql: string, onRow: (row: Row) => void): boolean {
  try {
    for (const row of db.prepare(sql).raw(true).safeIntegers(true).iterate()) onRow(toRow(row as unknown[]))
    return true
  } catch (error) {
    if (isDamage(error)) return false
    throw error
  }
}

function readBetween(
  db: Database.Database,
  sql: string,
  edges: { readonly last: bigint | undefined; readonly first: bigint | undefined },
  onRow: (row: Row) => void,
): void {
  const from = (edges.last ?? 0n) + 1n
  const wanted = edges.first ?? from + MAX_LOOKUPS
  const to = wanted - from > MAX_LOOKUPS ? from + MAX_LOOKUPS : wanted
  const lookup = db.prepare(sql).raw(true).safeIntegers(true)
  for (let rowid = from; rowid < to; rowid++) {
    try {
      const row = lookup.get(rowid)
      if (row) onRow(toRow(row as unknown[]))
    } catch (error) {
      if (!isDamage(error)) throw error
    }
  }
}

/** True for errors that tell of damaged content, not of a mistake of ours. */
export function isDamage(error: unknown): boolean {
  const { code } = error as { code?: string }
  return (
    code?.startsWith('SQLITE_CORRUPT') === true ||
    code?.startsWith('SQLITE_NOTADB') === true ||
    code?.startsWith('SQLITE_IOERR') === true
  )
}

/** False for values that a column of this type cannot have been given by us: what a damaged page makes up. */
export function isPlausible(row: Row, table: Table): boolean {
  return table.columns.every(({ name, type }, index) => {
    const value = row.values[index]
    // What our columns of this name hold is JSON in every table, and a row that is none would stop whoever reads it.
    if (name === 'data' && typeof value === 'string' && !isJson(value)) return false
    if (value === null || value === undefined) return true
    if (/INT/i.test(type)) return typeof value === 'bigint' || typeof value === 'number'
    return /TEXT|CHAR|CLOB/i.test(type) ? typeof value === 'string' : true
  })
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

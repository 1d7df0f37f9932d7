/** Builds a sound database out of a backup and of what a damaged one still gives, and says exactly what is missing. */
import { copyFileSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type Database from 'better-sqlite3'
import { JOURNAL_TABLE, openReadonly, readGivenOut, readHeadSeq } from './inspect.ts'
import { describeLoss, type Loss, missingRanges } from './loss.ts'
import { type Damaged, openDamaged } from './openDamaged.ts'
import { readLeaves } from './readLeaves.ts'
import { isPlausible, quoteName, type Row, readRows, readSchema, type Schema, type Table } from './readTable.ts'
import { type BesideAgent, settleAgent } from './settleAgent.ts'

/** What a rebuild starts from. Nothing but files in `folder` is written. */
export type RebuildInput = {
  /** The damaged database; it may be missing. */
  readonly path: string
  /** The newest sound backup. */
  readonly backup: string | undefined
  /** A working folder. */
  readonly folder: string
  /** The highest event number that is known to have been acknowledged; 0 where unknown. */
  readonly witness: number
  /** What is known beside the agent's database. */
  readonly beside: BesideAgent
}

/** What came of it: the new file (undefined when nothing at all could be restored), and what is missing in words. */
export type Rebuilt = { readonly file: string | undefined; readonly note: string }

/** Name of the working copy. */
const COPY = 'damaged.db'
const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/

type Sources = {
  readonly damaged: Damaged | undefined
  /** Known to be older than the backup: its write-ahead log is gone. */
  readonly isOlder: boolean
  readonly backup: { readonly db: Database.Database; readonly schema: Schema } | undefined
}

/** Builds the new database. */
export async function rebuildDatabase(input: RebuildInput): Promise<Rebuilt> {
  mkdirSync(input.folder, { recursive: true, mode: 0o700 })
  const sources = await openSources(input)
  try {
    const schema = sources.damaged?.schema ?? sources.backup?.schema
    if (!schema) return { file: undefined, note: describeLoss(nothingLeft(input.witness)) }
    const file = join(input.folder, 'rebuilt.db')
    const losses = await fill(file, schema, sources, input)
    return { file, note: describeLoss(losses) }
  } finally {
    sources.damaged?.db.close()
    sources.backup?.db.close()
  }
}

function nothingLeft(witness: number): Loss {
  return { ranges: witness > 0 ? [[1, witness]] : [], unsureTables: [], isAll: true }
}

async function openSources(input: RebuildInput): Promise<Sources> {
  const damaged = await openCopy(input)
  const backup = await openBackup(input.backup)
  const [head, backupHead] = [damaged && headOf(damaged.db), backup && headOf(backup.db)]
  const isOlder = typeof head === 'number' && typeof backupHead === 'number' && head < backupHead
  return { damaged, backup, isOlder }
}

async function openCopy({ path, folder, backup }: RebuildInput): Promise<Damaged | undefined> {
  if (!existsSync(path)) return undefined
  const copy = join(folder, COPY)
  copyFileSync(path, copy)
  const hasWal = existsSync(`${path}-wal`)
  if (hasWal) copyFileSync(`${path}-wal`, `${copy}-wal`)
  return openDamaged({ copy, hasWal, backup })
}

async function openBackup(path: string | undefined): Promise<Sources['backup']> {
  if (!path) return undefined
  const db = await openReadonly(path)
  return { db, schema: readSchema(db) }
}

async function fill(file: string, schema: Schema, sources: Sources, input: RebuildInput): Promise<Loss> {
  const { default: Sqlite } = await import('better-sqlite3')
  const target = new Sqlite(file)
  try {
    target.pragma('foreign_keys = OFF')
    const unsure = target.transaction(() => {
      for (const sql of [...schema.tables.map(({ sql }) => sql), ...schema.unique]) target.exec(sql)
      return schema.tables.filter((table) => !fillTable(target, table, sources)).map(({ name }) => name)
    })()
    if (unsure.includes(JOURNAL_TABLE)) await addLeaves(target, sources, input)
    target.transaction(() => finishSchema(target, schema))()
    const loss = lossOf(target, sources, unsure, input.witness)
    raiseSequence(target, loss.head)
    const notes = target.transaction(() =>
      settleAgent(target, { ranges: loss.ranges, unsure: new Set(loss.unsureTables) }, input.beside),
    )()
    return { ...loss, notes }
  } finally {
    target.close()
  }
}

/**
 * The newer source comes first, and the older one adds what that one lacks. A table that the damaged file gives whole is taken from there alone: it is the
 * newest state, and what it does not have was deleted. True when nothing of the table can be missing.
 */
function fillTable(target: Database.Database, table: Table, { damaged, backup, isOlder }: Sources): boolean {
  const fromBackup = () => {
    const older = backup?.schema.tables.find(({ name }) => name === table.name)
    if (backup && older) readRows(backup.db, older, inserter(target, older))
  }
  if (isOlder) fromBackup()
  if (damaged && readPlausible(damaged.db, table, inserter(target, table)) && !isOlder) return true
  if (!isOlder) fromBackup()
  return false
}

/** Events that no tree leads to any more. Of the journal alone: nothing of it is ever deleted, so what is found is not out of date. */
async function addLeaves(target: Database.Database, { damaged }: Sources, { folder }: RebuildInput): Promise<void> {
  const table = damaged?.schema.tables.find(({ name }) => name === JOURNAL_TABLE)
  if (!table) return
  const insert = inserter(target, table)
  const at = table.columns.findIndex(({ name }) => name === 'at')
  const isEvent = (row: Row) => ISO_TIME.test(String(row.values[at])) && isPlausible(row, table)
  await readLeaves(join(folder, COPY), table, (row) => isEvent(row) && insert(row))
}

/** True when everything was read, and all of it can have been written by us. */
function readPlausible(db: Database.Database, table: Table, insert: (row: Row) => void): boolean {
  let isClean = true
  const isWhole = readRows(db, table, (row) => {
    if (isPlausible(row, table)) insert(row)
    else isClean = false
  })
  return isWhole && isClean
}

function inserter(target: Database.Database, table: Table): (row: Row) => void {
  const keepsRowid = table.hasRowid && !table.rowidIsColumn
  const names = [...(keepsRowid ? ['_rowid_'] : []), ...table.columns.map(({ name }) => quoteName(name))]
  const marks = names.map(() => '?').join(', ')
  const statement = target.prepare(
    `INSERT OR IGNORE INTO ${quoteName(table.name)} (${names.join(', ')}) VALUES (${marks})`,
  )
  return ({ rowid, values }) => statement.run(...(keepsRowid ? [rowid] : []), ...values)
}

function finishSchema(target: Database.Database, schema: Schema): void {
  // Search indexes are derived: they are made empty and built again from their content.
  for (const sql of schema.virtual) target.exec(sql)
  for (const sql of schema.others) target.exec(sql)
  target.pragma(`user_version = ${schema.userVersion}`)
  target.pragma(`application_id = ${schema.applicationId}`)
}

function lossOf(
  target: Database.Database,
  { damaged, backup }: Sources,
  unsure: readonly string[],
  witness: number,
): Loss & { readonly head: number } {
  const others = (names: readonly string[]) => names.filter((name) => name !== JOURNAL_TABLE)
  const restored = readHeadSeq(target)
  if (restored === null) return { ranges: [], unsureTables: others(unsure), isAll: false, head: 0 }
  const backupHead = backup ? (headOf(backup.db) ?? 0) : 0
  const head = Math.max(witness, restored, backupHead, damaged ? (headOf(damaged.db) ?? 0) : 0)
  const numbers = target.prepare(`SELECT seq FROM ${JOURNAL_TABLE} ORDER BY seq`).pluck().all() as number[]
  // What a sound source does not have was deleted on purpose; only beyond it something can be lost.
  const soundUntil = unsure.includes(JOURNAL_TABLE) ? backupHead : restored
  const ranges = missingRanges(numbers, soundUntil + 1, head)
  // Without the end of the journal everything may be older than it: the same log held them all.
  const isBehind = ranges.at(-1)?.[1] === head
  const unsureTables = others(isBehind && damaged ? damaged.schema.tables.map(({ name }) => name) : unsure)
  return { ranges, unsureTables, isAll: false, head }
}

/** The highest number that a damaged database still tells of: by its last event, or by the counter that gave it out. */
function headOf(db: Database.Database): number | null {
  try {
    return readHeadSeq(db)
  } catch {
    return readCounter(db)
  }
}

function readCounter(db: Database.Database): number | null {
  try {
    return readGivenOut(db, ['sqlite_sequence']) ?? null
  } catch {
    return null
  }
}

/** A number that was given out is never given out again, also when its event is lost. */
function raiseSequence(target: Database.Database, head: number): void {
  const hasSequence = target.prepare("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'").get()
  if (head === 0 || !hasSequence) return
  const { changes } = target
    .prepare('UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?')
    .run(head, JOURNAL_TABLE)
  if (changes === 0) target.prepare('INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)').run(JOURNAL_TABLE, head)
}

/** Builds a sound database out of a backup and of what a damaged one still gives, and says exactly what is missing. */
import { copyFileSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type Database from 'better-sqlite3'
import { JOURNAL_TABLE, openReadonly, readHeadSeq } from './inspect.ts'
import { describeLoss, type Loss, missingRanges } from './loss.ts'
import { type Damaged, openDamaged } from './openDamaged.ts'
import { isPlausible, quoteName, type Row, readRows, readSchema, type Schema, type Table } from './readTable.ts'

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
}

/** What came of it: the new file (undefined when nothing at all could be restored), and what is missing in words. */
export type Rebuilt = { readonly file: string | undefined; readonly note: string }

const SAVEPOINT = { begin: 'SAVEPOINT whole', keep: 'RELEASE whole', drop: 'ROLLBACK TO whole; RELEASE whole' } as const

type Sources = {
  readonly damaged: Damaged | undefined
  readonly backup: { readonly db: Database.Database; readonly schema: Schema } | undefined
}

/** Builds the new database. */
export async function rebuildDatabase(input: RebuildInput): Promise<Rebuilt> {
  mkdirSync(input.folder, { recursive: true, mode: 0o700 })
  const sources: Sources = { damaged: await openCopy(input), backup: await openBackup(input.backup) }
  try {
    const schema = sources.damaged?.schema ?? sources.backup?.schema
    if (!schema) return { file: undefined, note: describeLoss(nothingLeft(input.witness)) }
    const file = join(input.folder, 'rebuilt.db')
    const losses = await fill(file, schema, sources, input.witness)
    return { file, note: describeLoss(losses) }
  } finally {
    sources.damaged?.db.close()
    sources.backup?.db.close()
  }
}

function nothingLeft(witness: number): Loss {
  return { ranges: witness > 0 ? [[1, witness]] : [], unsureTables: [], isAll: true }
}

async function openCopy({ path, folder, backup }: RebuildInput): Promise<Damaged | undefined> {
  if (!existsSync(path)) return undefined
  const copy = join(folder, 'damaged.db')
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

async function fill(file: string, schema: Schema, sources: Sources, witness: number): Promise<Loss> {
  const { default: Sqlite } = await import('better-sqlite3')
  const target = new Sqlite(file)
  try {
    target.pragma('foreign_keys = OFF')
    const unsure = target.transaction(() => {
      for (const { sql } of schema.tables) target.exec(sql)
      const notWhole = schema.tables.filter((table) => !fillTable(target, table, sources)).map(({ name }) => name)
      finishSchema(target, schema)
      return notWhole
    })()
    const loss = lossOf(target, sources, unsure, witness)
    raiseSequence(target, loss.head)
    return loss
  } finally {
    target.close()
  }
}

/**
 * A table that the damaged file gives whole is taken from there alone: it is the newest state. Otherwise the backup comes first, and
 * what the damaged file still gives is added where the backup has nothing. True when nothing of the table can be missing.
 */
function fillTable(target: Database.Database, table: Table, { damaged, backup }: Sources): boolean {
  const insert = inserter(target, table)
  target.exec(SAVEPOINT.begin)
  if (damaged && readRows(damaged.db, table, insert)) {
    target.exec(SAVEPOINT.keep)
    return true
  }
  target.exec(SAVEPOINT.drop)
  const older = backup?.schema.tables.find(({ name }) => name === table.name)
  if (backup && older) readRows(backup.db, older, inserter(target, older))
  if (damaged) readRows(damaged.db, table, (row) => isPlausible(row, table) && insert(row))
  return false
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
  const unsureTables = unsure.filter((name) => name !== JOURNAL_TABLE)
  const restored = readHeadSeq(target)
  if (restored === null) return { ranges: [], unsureTables, isAll: false, head: 0 }
  const backupHead = backup ? (headOf(backup.db) ?? 0) : 0
  const head = Math.max(witness, restored, backupHead, damaged ? (headOf(damaged.db) ?? 0) : 0)
  const numbers = target.prepare(`SELECT seq FROM ${JOURNAL_TABLE} ORDER BY seq`).pluck().all() as number[]
  // What a sound source does not have was deleted on purpose; only beyond it something can be lost.
  const soundUntil = unsure.includes(JOURNAL_TABLE) ? backupHead : restored
  return { ranges: missingRanges(numbers, soundUntil + 1, head), unsureTables, isAll: false, head }
}

function headOf(db: Database.Database): number | null {
  try {
    return readHeadSeq(db)
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

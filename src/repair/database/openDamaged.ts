/** Opens a copy of a damaged database in spite of a damaged first page. */
import { closeSync, copyFileSync, existsSync, openSync, readFileSync, readSync, statSync, writeSync } from 'node:fs'
import type Database from 'better-sqlite3'
import { openReadonly } from './inspect.ts'
import { readSchema, type Schema } from './readTable.ts'

const HEADER_BYTES = 100
/** Offsets in the header of a database file (https://www.sqlite.org/fileformat.html#the_database_header). */
const AT = { pageSize: 16, formats: 18, changes: 24, pages: 28, freelist: 32, validFor: 92 } as const
const WAL_PAGE_SIZE_AT = 8
const DEFAULT_PAGE_SIZE = 4_096

/** A damaged database that could be opened, with the schema that could be read. */
export type Damaged = { readonly db: Database.Database; readonly schema: Schema }

/** Where the copy lies, and a sound database of the same kind to take a first page from. */
export type DamagedFile = { readonly copy: string; readonly hasWal: boolean; readonly backup: string | undefined }

/**
 * Tries the copy as it is, then with a header that was made anew, then with the whole first page of a backup (it holds the list of tables).
 * Undefined when none of it can be read.
 */
export async function openDamaged(file: DamagedFile): Promise<Damaged | undefined> {
  const pageSize = pageSizeOf(file)
  const original = `${file.copy}.as-it-was`
  copyFileSync(file.copy, original)
  const template = file.backup ? readStart(file.backup, pageSize) : await freshHeader(`${file.copy}.fresh`)
  const attempts = [
    () => {},
    () => patch(file, template.subarray(0, HEADER_BYTES), pageSize),
    () => patch(file, template, pageSize),
  ]
  for (const prepare of attempts) {
    copyFileSync(original, file.copy)
    prepare()
    const damaged = await tryOpen(file.copy)
    if (damaged) return damaged
  }
  return undefined
}

async function tryOpen(path: string): Promise<Damaged | undefined> {
  let db: Database.Database | undefined
  try {
    db = await openReadonly(path)
    const schema = readSchema(db)
    if (schema.tables.length > 0) return { db, schema }
  } catch {
    // Not in this way.
  }
  db?.close()
  return undefined
}

function readStart(path: string, bytes: number): Buffer {
  const start = Buffer.alloc(bytes)
  const fd = openSync(path, 'r')
  try {
    return start.subarray(0, readSync(fd, start, 0, bytes, 0))
  } finally {
    closeSync(fd)
  }
}

function pageSizeOf({ copy, hasWal, backup }: DamagedFile): number {
  const fromWal =
    hasWal && statSync(`${copy}-wal`).size > WAL_PAGE_SIZE_AT + 4
      ? readStart(`${copy}-wal`, 32).readUInt32BE(WAL_PAGE_SIZE_AT)
      : 0
  if (isPageSize(fromWal)) return fromWal
  const fromBackup = backup ? readStart(backup, HEADER_BYTES).readUInt16BE(AT.pageSize) : 0
  // 1 stands for 65536, which does not fit.
  const size = fromBackup === 1 ? 65_536 : fromBackup
  return isPageSize(size) ? size : DEFAULT_PAGE_SIZE
}

function isPageSize(size: number): boolean {
  return size >= 512 && size <= 65_536 && (size & (size - 1)) === 0
}

async function freshHeader(path: string): Promise<Buffer> {
  const { default: Sqlite } = await import('better-sqlite3')
  if (!existsSync(path)) {
    const db = new Sqlite(path)
    db.prepare('CREATE TABLE empty (id INTEGER)').run()
    db.close()
  }
  return readFileSync(path).subarray(0, HEADER_BYTES)
}

function patch({ copy, hasWal }: DamagedFile, template: Buffer, pageSize: number): void {
  const page = Buffer.from(template)
  page.writeUInt16BE(pageSize === 65_536 ? 1 : pageSize, AT.pageSize)
  page.fill(hasWal ? 2 : 1, AT.formats, AT.formats + 2)
  page.writeUInt32BE(Math.floor(statSync(copy).size / pageSize), AT.pages)
  // An empty list of free pages: only reading follows.
  page.fill(0, AT.freelist, AT.freelist + 8)
  page.copy(page, AT.validFor, AT.changes, AT.changes + 4)
  const fd = openSync(copy, 'r+')
  try {
    writeSync(fd, page, 0, page.length, 0)
  } finally {
    closeSync(fd)
  }
}

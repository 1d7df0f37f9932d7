/** Reads rows past a broken tree: where an inner page of a table is damaged, the pages that hold its rows are still there, and nothing leads to them. */
import { closeSync, copyFileSync, existsSync, openSync, readSync } from 'node:fs'
import type Database from 'better-sqlite3'
import { type Row, readRows, type Table } from './readTable.ts'

/** First byte of a page that holds rows of a table (https://sqlite.org/fileformat.html, 1.6). */
const LEAF = 0x0d
/** So many pages are looked at: a gigabyte of them. */
const MAX_PAGES = 262_144

/**
 * Hands over what every such page of the file gives when it is read as a page of this table. Rows of other tables come as well: whoever asks must know his
 * own by what they hold. `copy` is a working copy; another one is made beside it and written to. Only for tables of which nothing is ever deleted.
 */
export async function readLeaves(copy: string, table: Table, onRow: (row: Row) => void): Promise<void> {
  const { default: Sqlite } = await import('better-sqlite3')
  const file = `${copy}.leaves`
  for (const log of ['', '-wal']) if (existsSync(`${copy}${log}`)) copyFileSync(`${copy}${log}`, `${file}${log}`)
  const db = new Sqlite(file)
  try {
    // What stands in the log goes into the file, whose bytes are looked at.
    db.pragma('journal_mode = DELETE')
    db.unsafeMode(true)
    db.pragma('writable_schema = ON')
    for (const page of leavesOf(file, Number(db.pragma('page_size', { simple: true })))) {
      readAs(db, table, page, onRow)
    }
  } catch {
    // As far as it could be read.
  } finally {
    db.close()
  }
}

function readAs(db: Database.Database, table: Table, page: number, onRow: (row: Row) => void): void {
  try {
    db.prepare("UPDATE sqlite_master SET rootpage = ? WHERE type = 'table' AND name = ?").run(page, table.name)
    // Reads the schema anew, and switches off what allowed the change.
    db.pragma('writable_schema = RESET')
    readRows(db, table, onRow)
  } finally {
    db.pragma('writable_schema = ON')
  }
}

function leavesOf(file: string, pageSize: number): number[] {
  const fd = openSync(file, 'r')
  try {
    const leaves: number[] = []
    const byte = Buffer.alloc(1)
    for (let page = 2; page <= MAX_PAGES && readSync(fd, byte, 0, 1, (page - 1) * pageSize) === 1; page++) {
      if (byte[0] === LEAF) leaves.push(page)
    }
    return leaves
  } finally {
    closeSync(fd)
  }
}

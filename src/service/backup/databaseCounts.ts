/** What a database holds, in figures that a copy can be compared by. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { openReadonly } from '../../repair/database/inspect.ts'

/** The figures: `form` is the number of its tables' form, `head` the number of its last event (null without a journal). */
export type DatabaseCounts = {
  readonly form: number
  readonly head: number | null
  readonly rows: Readonly<Record<string, number>>
  /** SHA-256 of the file, which no process has open. */
  readonly sha256: string
}

/** Counts a database that nobody writes. Throws where it cannot be read. */
export async function countDatabase(path: string): Promise<DatabaseCounts> {
  const db = await openReadonly(path)
  try {
    const form = Number(db.pragma('user_version', { simple: true }))
    // Tables of an index hold no rows of their own.
    const tables = db
      .prepare<[], { name: string }>(
        `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
            AND name NOT LIKE 'session\\_words%' ESCAPE '\\' ORDER BY name`,
      )
      .all()
    const count = (table: string) =>
      (db.prepare(`SELECT count(*) AS rows FROM "${table.replaceAll('"', '""')}"`).get() as { rows: number }).rows
    const rows = Object.fromEntries(tables.map(({ name }) => [name, count(name)]))
    const hasJournal = tables.some(({ name }) => name === 'events')
    const head = hasJournal ? db.prepare<[], number | null>('SELECT max(seq) FROM events').pluck().get() : null
    return { form, head: head ?? null, rows, sha256: await hashOf(path) }
  } finally {
    db.close()
  }
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer)
  return hash.digest('hex')
}

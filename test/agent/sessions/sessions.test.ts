import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { migrate } from '../../../src/agent/journal/schema.ts'
import { journalOver } from '../../../src/agent/journal/sqliteJournal.ts'
import { openSqliteSessions } from '../../../src/agent/sessions/sqliteSessions.ts'
import { SESSION_TABLES } from '../../../src/agent/sessions/tables.ts'
import { withSessions } from '../../../src/shared/sessions/sessionsReader.ts'
import { asked } from './sessionHistory.ts'
import { sessionsContract } from './sessionsContract.ts'

/** The database as the agent has it. */
function openDatabase(file: string) {
  const database = new Database(file)
  database.pragma('journal_mode = WAL')
  migrate(database)
  // The journal's own migrations may bring the index already.
  if (!database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'session_words'").get()) database.exec(SESSION_TABLES)
  return database
}

function openOne() {
  const folder = mkdtempSync(join(tmpdir(), 'ottugi-sessions-'))
  const file = join(folder, 'agent.db')
  const database = openDatabase(file)
  const journal = journalOver(database)
  return {
    ...{ file, database, journal },
    sessions: openSqliteSessions(database, (session, body) => journal.append('', session, body)),
    raw: () =>
      readdirSync(folder)
        .map((name) => readFileSync(join(folder, name), 'latin1'))
        .join(''),
    close: () => {
      journal.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

sessionsContract('SQLite', openOne)

it('keeps its index in the same transaction, and indexes what was there before it', () => {
  const own = openOne()
  own.database.exec('DROP TRIGGER session_words_said; DROP TRIGGER session_words_forgotten; DROP TABLE session_words;')
  own.journal.append('r', 's', asked('from before the index'))
  const search = () => withSessions(own.file, [], (reader) => reader.search('before', 5).map(({ excerpt }) => excerpt))
  expect(search()).toEqual({ ok: true, value: ['from before the index'] })
  own.database.exec(SESSION_TABLES)
  expect(search()).toEqual({ ok: true, value: ['from before the index'] })
  expect(() =>
    own.database.transaction(() => {
      own.journal.append('r2', 's', asked('never before'))
      throw new Error('back')
    })(),
  ).toThrow('back')
  expect(search()).toEqual({ ok: true, value: ['from before the index'] })
  own.close()
})

it('reads nothing where there is no file, and says why where it is no database', () => {
  expect(withSessions('/nowhere/agent.db', 'none', () => 'some')).toEqual({ ok: true, value: 'none' })
  expect(withSessions(import.meta.filename, [], (reader) => reader.list(1))).toMatchObject({ ok: false })
})

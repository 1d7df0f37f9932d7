import type { Journal } from '../../../src/agent/journal/journal.ts'
import { openSqliteJournal } from '../../../src/agent/journal/sqliteJournal.ts'

/** Opens the store of the suite, in whatever process. */
export function openStore(place: string): Journal {
  return openSqliteJournal(place)
}

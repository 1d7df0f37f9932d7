import type Database from 'better-sqlite3'

/** For readers that prepare their own statements: `look.prepared(theDatabase)`. */
export function theDatabase(database: Database.Database): Database.Database {
  return database
}

/** A prepared statement by a name of our own: what exports many of them has types that a declaration file can tell. */
import type { Database, RunResult } from 'better-sqlite3'

/** A statement with the types of what it takes and of the rows that it gives. */
type PreparedStatement<Bind extends unknown[], Row> = {
  readonly run: (...bind: Bind) => RunResult
  readonly get: (...bind: Bind) => Row | undefined
  readonly all: (...bind: Bind) => Row[]
}

/** Prepares one statement. Throws where the SQL does not fit the database. */
export type Prepare = <Bind extends unknown[], Row = unknown>(sql: string) => PreparedStatement<Bind, Row>

/** How statements of a database are prepared. */
export function preparing(database: Database): Prepare {
  return <Bind extends unknown[], Row>(sql: string) => database.prepare<Bind, Row>(sql)
}

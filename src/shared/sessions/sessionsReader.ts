/** Reads sessions out of `data/agent.db`: for the agent itself, and read-only for everybody else, also while no agent runs. */
import { existsSync } from 'node:fs'
import Database from 'better-sqlite3'
import { chainOf, toRecorded } from './chain.ts'
import type { FoundText, RecordedEvent, SessionSummary } from './recorded.ts'
import { excerptOf, likePattern, readQuery, type SearchQuery } from './searchQuery.ts'
import { prepareSessionStatements, type SessionRow, type SessionStatements } from './sessionStatements.ts'

const LONGEST_TITLE = 60
/** How long reading waits while a page is locked, in milliseconds. */
const BUSY_MS = 500

/** What can be read. A session that was deleted is not there. */
export type SessionsReader = {
  /** Last used first, at most `limit`. */
  readonly list: (limit: number) => SessionSummary[]
  readonly find: (session: string) => SessionSummary | undefined
  /** Everything that this session remembers, oldest first: what it shares with the one it was branched off, then its own. */
  readonly history: (session: string) => RecordedEvent[]
  readonly eventsOfRun: (run: string) => RecordedEvent[]
  /** Newest first, at most `limit`. What is shorter than three letters is found without the index, and slowly. */
  readonly search: (query: string, limit: number) => FoundText[]
}

/** Over a database that is open. */
export function readSessions(database: Database.Database): SessionsReader {
  const statements = prepareSessionStatements(database)
  const find = (session: string) => {
    const row = statements.one.get(session)
    return row && summarise(statements, row)
  }
  return {
    list: (limit) => statements.all.all(limit).map((row) => summarise(statements, row)),
    find,
    history: (session) =>
      chainOf(statements, session).flatMap((link) =>
        statements.between.all(link.session, link.after, link.upTo).map(toRecorded),
      ),
    eventsOfRun: (run) => statements.ofRun.all(run).map(toRecorded),
    search: (query, limit) => {
      const asked = readQuery(query)
      return asked ? searchIn(statements, asked, limit) : []
    },
  }
}

/** What was read, or why it could not be. */
export type SessionsReading<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: string }

/** Opens the file read-only, reads, closes. A home without one has no sessions: `whenMissing`. */
export function withSessions<T>(file: string, whenMissing: T, read: (reader: SessionsReader) => T): SessionsReading<T> {
  if (!existsSync(file)) return { ok: true, value: whenMissing }
  let database: Database.Database | undefined
  try {
    database = new Database(file, { readonly: true, fileMustExist: true, timeout: BUSY_MS })
    return { ok: true, value: read(readSessions(database)) }
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) }
  } finally {
    database?.close()
  }
}

function summarise(statements: SessionStatements, row: SessionRow): SessionSummary {
  const { session, from_seq: from, last_at: lastAt } = row
  const first = statements.firstQuestion.get(session, from)
  const { name, runs, ended } = statements.facts.get({ session, from }) ?? { name: null, runs: 0, ended: 0 }
  const branch = statements.branch.get(session, from)
  const spent = statements.cost.get(session, from)
  return {
    session,
    name,
    title: name ?? shorten(first?.text ?? ''),
    startedAt: row.first_at,
    lastAt,
    runs,
    costUsd: spent?.usd ?? 0,
    tokens: spent?.tokens ?? 0,
    state: runs > ended ? 'working' : 'idle',
    branchOf: branch ? { session: branch.origin, seq: branch.at_seq } : null,
  }
}

function shorten(text: string): string {
  const letters = [
    ...text
      .slice(0, LONGEST_TITLE * 4)
      .replace(/\s+/g, ' ')
      .trim(),
  ]
  return letters.length > LONGEST_TITLE ? `${letters.slice(0, LONGEST_TITLE).join('')}…` : letters.join('')
}

function searchIn(statements: SessionStatements, { terms, match, patterns }: SearchQuery, limit: number): FoundText[] {
  const rows =
    match !== null && statements.matching
      ? statements.matching.all({ match, patterns: JSON.stringify(patterns), limit })
      : statements.containing.all({ patterns: JSON.stringify(terms.map(likePattern)), limit })
  return rows.map(({ type, text, ...place }) => ({
    ...place,
    who: type === 'model_answered' ? ('model' as const) : ('person' as const),
    excerpt: excerptOf(text, terms),
  }))
}

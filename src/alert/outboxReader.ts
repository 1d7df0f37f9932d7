/** Read-only look into the outbox, for the command line: who was told, who acknowledged, what failed and why. */
import { existsSync } from 'node:fs'
import Database from 'better-sqlite3'
import type { Phrase } from '../shared/messages/phrase.ts'
import type { Acknowledgement } from './deskState.ts'
import type { Severity } from './severity.ts'

/** What became of one message on one channel. */
export type MessageView = {
  readonly channel: string
  readonly kind: string
  readonly state: 'waiting' | 'delivered' | 'failed' | 'dropped'
  readonly attempts: number
  readonly queuedAt: string
  readonly endedAt: string | null
  /** Of the last attempt that failed. */
  readonly reason: Phrase | null
}

/** One alert as the outbox knows it. */
export type ThreadView = {
  readonly id: string
  readonly severity: Severity
  readonly fault: string
  readonly acknowledged: Acknowledgement | null
  readonly messages: readonly MessageView[]
}

/** What was read, or why it could not be. */
export type OutboxReading =
  | { readonly ok: true; readonly threads: ReadonlyMap<string, ThreadView> }
  | { readonly ok: false; readonly reason: string }

type ThreadRow = { id: string; record: string }
type MessageRow = Omit<MessageView, 'reason'> & { thread: string; reason: string | null }

/** All alerts that are kept. A missing database, or one from before there were alerts in it, is an empty outbox. */
export function readOutbox(file: string): OutboxReading {
  if (!existsSync(file)) return { ok: true, threads: new Map() }
  let db: Database.Database | undefined
  try {
    db = new Database(file, { readonly: true, fileMustExist: true, timeout: 500 })
    return { ok: true, threads: hasTables(db) ? threadsIn(db) : new Map() }
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) }
  } finally {
    db?.close()
  }
}

function hasTables(db: Database.Database): boolean {
  return db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'alert_messages'").get() !== undefined
}

function threadsIn(db: Database.Database): Map<string, ThreadView> {
  const messages = db
    .prepare<[], MessageRow>(
      `SELECT thread, channel, kind, state, attempts, queued_at AS queuedAt, ended_at AS endedAt, reason
       FROM alert_messages ORDER BY seq`,
    )
    .all()
  const byThread = Map.groupBy(messages, ({ thread }) => thread)
  const threads = db.prepare<[], ThreadRow>('SELECT id, record FROM alert_threads ORDER BY rowid').all()
  return new Map(threads.map(({ id, record }) => [id, viewOf(record, byThread.get(id) ?? [])]))
}

function viewOf(record: string, messages: readonly MessageRow[]): ThreadView {
  const { id, severity, fault, ack } = JSON.parse(record)
  const views = messages.map(({ thread: _, reason, ...message }) => ({
    ...message,
    reason: reason === null ? null : (JSON.parse(reason) as Phrase),
  }))
  return { id, severity, fault, acknowledged: ack ?? null, messages: views }
}

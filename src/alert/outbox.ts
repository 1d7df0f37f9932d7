/**
 * The outbox: what is to be delivered, and what became of it, in the tables that the watchdog keeps in its own database. A message is stored in the
 * same transaction as the desk that decided it, and taken out only by an answer: a kill between any two steps loses nothing, and repeats at most
 * the message that was on its way (with the same key).
 */
import type BetterSqlite3 from 'better-sqlite3'
import type { Phrase } from '../shared/messages/phrase.ts'
import type { DeskState, Thread } from './deskState.ts'
import type { Notice } from './notice.ts'

/** The tables, for the list of migrations of `watchdog.db`. Times named `…_mono_ms` are of the boot in `boot_id`. */
export const ALERT_SCHEMA = `
CREATE TABLE alert_state (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE alert_threads (id TEXT PRIMARY KEY, record TEXT NOT NULL, closed_at TEXT) STRICT;
CREATE TABLE alert_messages (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL UNIQUE,
  thread TEXT NOT NULL,
  channel TEXT NOT NULL,
  kind TEXT NOT NULL,
  severity TEXT NOT NULL,
  notice TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'failed', 'dropped')),
  attempts INTEGER NOT NULL DEFAULT 0,
  boot_id TEXT NOT NULL,
  due_mono_ms REAL NOT NULL,
  queued_at TEXT NOT NULL,
  ended_at TEXT,
  reason TEXT
) STRICT;
CREATE INDEX alert_messages_waiting ON alert_messages (channel, seq) WHERE state = 'waiting';
CREATE INDEX alert_messages_by_thread ON alert_messages (thread);
`

/** A message that is still to be delivered. */
export type Waiting = {
  readonly key: string
  readonly channel: string
  readonly attempts: number
  /** Not before this moment (monotonic); 0 for one of another boot. */
  readonly due: number
  readonly notice: Notice
}

/** A message to be put in. */
export type NewMessage = { readonly channel: string; readonly notice: Notice }

/** When something is done to a message. */
export type Now = { readonly bootId: string; readonly monoMs: number; readonly at: string }

export type Outbox = {
  /** What the desk knew; `isSameBoot` tells whether its times still mean anything. */
  readonly loadDesk: (bootId: string) => { readonly state: DeskState; readonly isSameBoot: boolean } | undefined
  /** The desk, the threads that changed and the new messages, all or nothing. */
  readonly save: (change: {
    readonly state: DeskState
    readonly threads: readonly Thread[]
    readonly ended: readonly { readonly id: string; readonly at: string }[]
    readonly messages: readonly NewMessage[]
    readonly now: Now
  }) => void
  /** The first messages of each channel, in their order, at most `limit` each. */
  readonly waiting: (bootId: string, limit: number) => Waiting[]
  readonly countWaiting: () => number
  readonly delivered: (key: string, now: Now) => void
  /** Tried in vain: again at `due`. */
  readonly postponed: (key: string, due: number, reason: Phrase, now: Now) => void
  /** It never will be delivered. What only makes sense after it on its channel goes with it. */
  readonly failed: (key: string, reason: Phrase, now: Now) => void
  /** Does several of these as one: all or nothing. */
  readonly asOne: (act: () => void) => void
  /** A small value that outlives the process. */
  readonly recall: (key: string) => string | undefined
  readonly remember: (key: string, value: string) => void
}

/** So many messages and threads that are done with are kept to be looked at. */
const KEEP_MESSAGES = 2_000
const KEEP_THREADS = 500

/** The outbox in an open database which has {@link ALERT_SCHEMA}. */
export function createOutbox(db: BetterSqlite3.Database): Outbox {
  const values = createValues(db)
  const put = createMessageWriter(db)
  const saveThreads = createThreadWriter(db)
  const countWaiting = db.prepare<[], { count: number }>(
    "SELECT count(*) AS count FROM alert_messages WHERE state = 'waiting'",
  )
  const save: Outbox['save'] = ({ state, threads, ended, messages, now }) => {
    values.remember('desk', JSON.stringify({ bootId: now.bootId, state }))
    saveThreads(threads, ended)
    put(messages, now)
  }
  return {
    ...values,
    ...createAnswers(db),
    loadDesk: (bootId) => {
      const stored = values.recall('desk')
      if (stored === undefined) return undefined
      const { bootId: known, state } = JSON.parse(stored) as { bootId: string; state: DeskState }
      return { state, isSameBoot: known === bootId }
    },
    save: db.transaction(save),
    asOne: (act) => void db.transaction(act)(),
    waiting: createWaiting(db),
    countWaiting: () => countWaiting.get()?.count ?? 0,
  }
}

function createValues(db: BetterSqlite3.Database): Pick<Outbox, 'recall' | 'remember'> {
  const read = db.prepare<[string], { value: string }>('SELECT value FROM alert_state WHERE key = ?')
  const write = db.prepare(
    'INSERT INTO alert_state (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  )
  return { recall: (key) => read.get(key)?.value, remember: (key, value) => void write.run(key, value) }
}

function createMessageWriter(db: BetterSqlite3.Database) {
  const insert = db.prepare(
    `INSERT INTO alert_messages (key, thread, channel, kind, severity, notice, boot_id, due_mono_ms, queued_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING`,
  )
  // A newer word of a thread makes a reminder that never left pointless.
  const supersede = db.prepare(
    `UPDATE alert_messages SET state = 'dropped', ended_at = ?
     WHERE thread = ? AND channel = ? AND kind = 'reminder' AND state = 'waiting'`,
  )
  const prune = db.prepare(
    `DELETE FROM alert_messages WHERE state <> 'waiting'
     AND seq <= (SELECT max(seq) FROM alert_messages) - ${KEEP_MESSAGES}`,
  )
  return (messages: readonly NewMessage[], now: Now) => {
    for (const { channel, notice } of messages) {
      const { key, thread, kind, severity, at } = notice
      if (kind === 'reminder' || kind === 'recovery') supersede.run(now.at, thread, channel)
      insert.run(key, thread, channel, kind, severity, JSON.stringify(notice), now.bootId, now.monoMs, at)
    }
    if (messages.length > 0) prune.run()
  }
}

function createThreadWriter(db: BetterSqlite3.Database) {
  const write = db.prepare(
    `INSERT INTO alert_threads (id, record, closed_at) VALUES (?, ?, NULL)
     ON CONFLICT (id) DO UPDATE SET record = excluded.record, closed_at = NULL`,
  )
  const close = db.prepare('UPDATE alert_threads SET closed_at = ? WHERE id = ?')
  const prune = db.prepare(
    `DELETE FROM alert_threads WHERE closed_at IS NOT NULL AND id IN
     (SELECT id FROM alert_threads ORDER BY rowid DESC LIMIT -1 OFFSET ${KEEP_THREADS})`,
  )
  return (threads: readonly Thread[], ended: readonly { readonly id: string; readonly at: string }[]) => {
    for (const thread of threads) write.run(thread.id, JSON.stringify(thread))
    for (const { id, at } of ended) close.run(at, id)
    if (ended.length > 0) prune.run()
  }
}

type Row = { key: string; channel: string; attempts: number; boot_id: string; due_mono_ms: number; notice: string }

function createWaiting(db: BetterSqlite3.Database): Outbox['waiting'] {
  const read = db.prepare<[number], Row>(
    `SELECT key, channel, attempts, boot_id, due_mono_ms, notice FROM
     (SELECT *, row_number() OVER (PARTITION BY channel ORDER BY seq) AS place
      FROM alert_messages WHERE state = 'waiting')
     WHERE place <= ? ORDER BY seq`,
  )
  return (bootId, limit) =>
    read.all(limit).map(({ key, channel, attempts, boot_id, due_mono_ms, notice }) => ({
      key,
      channel,
      attempts,
      due: boot_id === bootId ? due_mono_ms : 0,
      notice: JSON.parse(notice) as Notice,
    }))
}

/** What only makes sense on a channel that had the first word. */
const FOLLOWERS = "('worse', 'reminder', 'recovery')"

function createAnswers(db: BetterSqlite3.Database): Pick<Outbox, 'delivered' | 'postponed' | 'failed'> {
  const end = db.prepare(
    `UPDATE alert_messages SET state = ?, attempts = attempts + 1, ended_at = ?, reason = ?
     WHERE key = ? AND state = 'waiting'`,
  )
  const postpone = db.prepare(
    `UPDATE alert_messages SET attempts = attempts + 1, boot_id = ?, due_mono_ms = ?, reason = ?
     WHERE key = ? AND state = 'waiting'`,
  )
  const dropFollowers = db.prepare(
    `UPDATE alert_messages SET state = 'dropped', ended_at = @at
     WHERE state = 'waiting' AND kind IN ${FOLLOWERS} AND (thread, channel) =
     (SELECT thread, channel FROM alert_messages WHERE key = @key AND kind IN ('open', 'escalation'))`,
  )
  return {
    delivered: (key, { at }) => void end.run('delivered', at, null, key),
    postponed: (key, due, reason, { bootId }) => void postpone.run(bootId, due, JSON.stringify(reason), key),
    failed: (key, reason, { at }) => {
      end.run('failed', at, JSON.stringify(reason), key)
      dropFollowers.run({ at, key })
    },
  }
}

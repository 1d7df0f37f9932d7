import type { Database } from 'better-sqlite3'
import { readSessions } from '../../shared/sessions/sessionsReader.ts'
import type { RunEvent, RunEventBody } from '../journal/event.ts'
import { createRecall } from './recall.ts'
import type { AppendToSession, BranchWish, Changed, Sessions } from './sessions.ts'
import { withoutTexts } from './withoutTexts.ts'

const OK: Changed = { ok: true }

/** Sessions in `agent.db`, whose connection the journal hands over; it has its newest form. */
export function openSqliteSessions(database: Database, append: AppendToSession): Sessions {
  const reader = readSessions(database)
  const purge = preparePurge(database)
  const { recall, forget } = createRecall(database)
  const { list, find, search } = reader
  const history = (session: string) => reader.history(session) as RunEvent[]
  const change = (session: string, body: RunEventBody): Changed => {
    if (!find(session)) return { ok: false, why: 'unknown' }
    append(session, body)
    return OK
  }
  return {
    list,
    find,
    search,
    history,
    recall,
    rename: (session, name) => change(session, { type: 'session_changed', data: { do: 'name', name } }),
    branch: ({ from, session, seq }) => {
      const wish = { from, session, ...(seq === undefined ? {} : { seq }) }
      const place = branchPlace(wish, { find, history })
      if (!place.ok) return place
      append(session, { type: 'session_changed', data: { do: 'branch', from: place.session, seq: place.seq } })
      return OK
    },
    remove: (session, how) => {
      const found = find(session)
      if (!found && !(how.purge && purge.hasEvents(session))) return { ok: false, why: 'unknown' }
      if (found?.state === 'working') return { ok: false, why: 'busy' }
      if (found) append(session, { type: 'session_changed', data: { do: 'delete' } })
      if (how.purge) {
        purge.overwrite(session)
        forget()
      }
      return OK
    },
  }
}

type BranchPlace =
  | { readonly ok: true; readonly session: string; readonly seq: number }
  | Extract<Changed, { ok: false }>

/** The event after which a branch goes its own way, and the session that it happened in: that of the wish, or one that it shares a past with. */
function branchPlace(
  { from, session, seq }: BranchWish,
  { find, history }: Pick<Sessions, 'find' | 'history'>,
): BranchPlace {
  if (!find(from)) return { ok: false, why: 'unknown' }
  if (find(session)) return { ok: false, why: 'taken' }
  const events = history(from)
  const last = seq === undefined ? events.at(-1) : events.find((event) => event.seq === seq)
  return last ? { ok: true, session: last.session, seq: last.seq } : { ok: false, why: 'bad-seq' }
}

/**
 * Overwrites the texts of a session that is deleted, all or nothing. Then nothing of them is left in the file: freed pages are zeroed (`secure_delete`), the
 * index is rewritten without what it forgot, and the log that still had the old pages is emptied as far as no reader holds it.
 */
function preparePurge(database: Database) {
  const ofSession = database.prepare<[string], { seq: number; type: string; data: string }>(
    'SELECT seq, type, data FROM events WHERE session = ? ORDER BY seq',
  )
  const write = database.prepare<[string, number]>('UPDATE events SET data = ? WHERE seq = ?')
  const optimize = database.prepare("INSERT INTO session_words (session_words) VALUES ('optimize')")
  const overwriteAll = database.transaction((session: string) => {
    for (const { seq, type, data } of ofSession.all(session)) {
      const body = withoutTexts({ type, data: JSON.parse(data) } as RunEventBody)
      write.run(JSON.stringify(body.data), seq)
    }
    optimize.run()
  })
  return {
    hasEvents: (session: string) => ofSession.get(session) !== undefined,
    overwrite: (session: string) => {
      const before = database.pragma('secure_delete', { simple: true })
      database.pragma('secure_delete = ON')
      overwriteAll.immediate(session)
      database.pragma(`secure_delete = ${Number(before)}`)
      database.pragma('wal_checkpoint(TRUNCATE)')
    },
  }
}

/** What is cleared, and what stays because something needs it. */
import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, describe, expect, it } from 'vitest'
import { findLeftovers, measureHome, removeLeftovers } from '../../../src/service/data/files.ts'
import { countRows, limitsOf, removeRows } from '../../../src/service/data/sweep.ts'
import { trialFolder } from '../../../src/service/update/tryAgent.ts'
import type { HomePaths } from '../../../src/shared/paths.ts'
import { bareHome, fillJournal, livedHome, removeHomes } from '../backup/livedHome.ts'

afterEach(removeHomes)

const NOW = Date.parse('2026-06-01T00:00:00Z')
const CUTOFF = '2026-01-01T00:00:00.000Z'

/** A home with an empty journal of the newest form; gives a writer. */
type Said = { readonly type?: string; readonly data?: object }

function journal(): { paths: HomePaths; say: (session: string, run: string, at: string, said?: Said) => void } {
  const paths = bareHome()
  fillJournal(paths.agentDb, 0)
  const db = new Sqlite(paths.agentDb)
  db.exec('DELETE FROM session_words; DELETE FROM events; DELETE FROM leases')
  db.close()
  const say = (session: string, run: string, at: string, said: Said = {}) => {
    const { type = 'message_in', data = { text: 'hello there' } } = said
    const open = new Sqlite(paths.agentDb)
    const add = open.prepare('INSERT INTO events (run, session, type, at, data) VALUES (?, ?, ?, ?, ?)')
    add.run(run, session, type, at, JSON.stringify(data))
    open.close()
  }
  return { paths, say }
}

function query<T>(file: string, sql: string): T[] {
  const db = new Sqlite(file, { readonly: true })
  try {
    return db.prepare<[], T>(sql).all()
  } finally {
    db.close()
  }
}

const sessionsOf = ({ agentDb }: HomePaths) =>
  query<{ session: string }>(agentDb, 'SELECT DISTINCT session FROM events ORDER BY session').map(
    ({ session }) => session,
  )

describe('sessions', () => {
  it('go when nothing was said since, with their words; open ones, their trees and later ones stay', () => {
    const { paths, say } = journal()
    const old = '2025-05-05T00:00:00.000Z'
    const ended = (session: string, run: string, at = old) => {
      say(session, run, at)
      say(session, run, at, { type: 'run_ended', data: { finish: 'done' } })
    }
    ended('gone', 'a')
    ended('late', 'b', '2026-03-03T00:00:00.000Z')
    say('open', 'c', old)
    ended('origin', 'd')
    ended('branch', 'e', '2026-03-03T00:00:00.000Z')
    say('branch', '', old, { type: 'session_changed', data: { do: 'branch', from: 'origin', seq: 1 } })
    ended('sister', 'f')
    say('sister', '', old, { type: 'session_changed', data: { do: 'branch', from: 'origin', seq: 1 } })
    expect(countRows(paths, { sessions: CUTOFF })).toEqual({ sessions: 1 })
    expect(removeRows(paths, { sessions: CUTOFF })).toMatchObject({ counts: { sessions: 1 } })
    expect(sessionsOf(paths)).toEqual(['branch', 'late', 'open', 'origin', 'sister'])
    const words = query<{ rows: number }>(
      paths.agentDb,
      "SELECT count(*) AS rows FROM session_words WHERE session_words MATCH 'hello'",
    )
    const said = query<{ rows: number }>(paths.agentDb, "SELECT count(*) AS rows FROM events WHERE type = 'message_in'")
    expect(words).toEqual(said)
    // No number is given out again.
    say('new', 'z', old)
    expect(query(paths.agentDb, 'SELECT max(seq) AS seq FROM events')).toEqual([{ seq: 15 }])
  })
})

describe('figures of model calls', () => {
  it('stay while their run is open, or young', () => {
    const { paths, say } = journal()
    const cost = (run: string, at: string) => {
      const db = new Sqlite(paths.agentDb)
      db.prepare("INSERT INTO costs (run, session, job, at, usd, tokens) VALUES (?, 's', '', ?, 1, 1)").run(run, at)
      db.close()
    }
    for (const run of ['open', 'ended']) say('s', run, '2020-01-01T00:00:00.000Z')
    say('s', 'ended', '2020-01-01T00:00:00.000Z', { type: 'run_ended', data: {} })
    for (const run of ['open', 'ended', 'cleared']) cost(run, '2020-01-01T00:00:00.000Z')
    cost('ended', '2026-05-01T00:00:00.000Z')
    removeRows(paths, { costs: CUTOFF })
    expect(query(paths.agentDb, 'SELECT run, at FROM costs ORDER BY seq')).toEqual([
      { run: 'open', at: '2020-01-01T00:00:00.000Z' },
      { run: 'ended', at: '2026-05-01T00:00:00.000Z' },
    ])
  })
})

describe('incidents and alerts', () => {
  it('stay while they are open', () => {
    const paths = livedHome()
    const db = new Sqlite(paths.watchdogDb)
    db.exec(`INSERT INTO incidents VALUES ('I1', '2020', NULL, '{}'), ('I2', '2020', '2020', '{}'), ('I3', '2026-05', '2026-05', '{}');
      INSERT INTO recoveries VALUES ('I1', '2020', '{}'), ('I2', '2020', '{}');
      INSERT INTO alert_threads VALUES ('t1', '{}', NULL), ('t2', '{}', '2020');`)
    const message = db.prepare(
      `INSERT INTO alert_messages (key, thread, channel, kind, severity, notice, state, boot_id, due_mono_ms, queued_at, ended_at)
       VALUES (?, ?, 'c', 'k', 's', '{}', ?, 'b', 0, '2020', '2020')`,
    )
    message.run('m1', 't1', 'delivered')
    message.run('m2', 't2', 'delivered')
    message.run('m3', 't3', 'waiting')
    db.close()
    removeRows(paths, { incidents: CUTOFF, alerts: CUTOFF })
    expect(query(paths.watchdogDb, 'SELECT id FROM incidents ORDER BY id')).toEqual([{ id: 'I1' }, { id: 'I3' }])
    expect(query(paths.watchdogDb, 'SELECT incident FROM recoveries')).toEqual([{ incident: 'I1' }])
    expect(query(paths.watchdogDb, 'SELECT key FROM alert_messages ORDER BY key')).toEqual([
      { key: 'm1' },
      { key: 'm3' },
    ])
    expect(query(paths.watchdogDb, 'SELECT id FROM alert_threads')).toEqual([{ id: 't1' }])
  })
})

describe('room', () => {
  it('is given back to the disk', () => {
    const paths = livedHome()
    const db = new Sqlite(paths.agentDb)
    const add = db.prepare("INSERT INTO events (run, session, type, at, data) VALUES (?, 'big', 'note', '2020', ?)")
    for (let index = 0; index < 200; index++) add.run(`r${index}`, JSON.stringify({ text: 'x'.repeat(10_000) }))
    db.close()
    const before = measureHome(paths).agentDb
    removeRows(paths, { sessions: CUTOFF })
    expect(measureHome(paths).agentDb).toBeLessThan(before / 4)
  })
})

describe('files', () => {
  it('go by age and number; what the last restore or update needs stays', () => {
    const paths = bareHome()
    const aged = (path: string, days: number) => {
      mkdirSync(join(path, '..'), { recursive: true })
      writeFileSync(path, 'x')
      const at = new Date(NOW - days * 86_400_000)
      utimesSync(path, at, at)
    }
    aged(join(paths.logs, 'agent.1.jsonl'), 40)
    aged(join(paths.logs, 'agent.2.jsonl.gz'), 40)
    aged(join(paths.logs, 'agent.jsonl'), 40)
    aged(join(paths.logs, 'agent.3.jsonl'), 3)
    for (let day = 1; day <= 4; day++) aged(join(paths.backups, `ottugi-2026-01-0${day}T00-00-00-000Z.backup`), 0)
    aged(join(paths.backups, 'agent-2026-01-01T00-00-00-000Z.db'), 400)
    aged(join(paths.data, 'swaps', 'old'), 40)
    aged(join(paths.data, 'swaps', 'needed'), 40)
    aged(join(paths.quarantine, 'q'), 40)
    aged(trialFolder(paths), 40)
    writeFileSync(join(paths.data, 'swap.json'), JSON.stringify({ id: 'needed', state: 'done', items: [] }))
    const limits = { logsMs: 30 * 86_400_000, asideMs: 30 * 86_400_000, backupsKeep: 3 }
    const found = findLeftovers(paths, limits, NOW)
    expect(found.map(({ path }) => path.slice(paths.home.length + 1))).toEqual([
      'logs/agent.1.jsonl',
      'logs/agent.2.jsonl.gz',
      'data/backups/ottugi-2026-01-01T00-00-00-000Z.backup',
      'data/quarantine/q',
      'data/swaps/old',
      'data/trial',
    ])
    removeLeftovers(found)
    expect(readdirSync(paths.logs)).toEqual(['agent.3.jsonl', 'agent.jsonl'])
    expect(existsSync(join(paths.data, 'swaps', 'needed'))).toBe(true)
  })
})

it('retention of nothing keeps everything', () => {
  const days = { sessionsDays: 0, costsDays: 100, incidentsDays: 0, logsDays: 0, asideDays: 0, backupsKeep: 5 }
  expect(limitsOf(days, NOW)).toEqual({ rows: { costs: '2026-02-21T00:00:00.000Z' }, files: { backupsKeep: 5 } })
})

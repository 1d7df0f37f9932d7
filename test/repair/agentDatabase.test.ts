/** The agent's own database in its newest form, really damaged in every way, and what the agent finds afterwards. */
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunEventBody } from '../../src/agent/journal/event.ts'
import { journalOver, openAgentDatabase } from '../../src/agent/journal/sqliteJournal.ts'
import { createScheduleStore } from '../../src/agent/schedule/store.ts'
import { openSqliteSessions } from '../../src/agent/sessions/sqliteSessions.ts'
import { NO_USAGE } from '../../src/model/modelCall.ts'
import { rebuildDatabase } from '../../src/repair/database/rebuild.ts'
import { execute } from '../../src/repair/execute.ts'
import { backupDatabase } from '../../src/shared/backup.ts'
import { type HomePaths, homePaths } from '../../src/shared/paths.ts'
import { temporaryFolder, temporaryHome } from './support.ts'

const PAGE = 4_096
const CLAIM = { owner: 'old', leaseMs: 60_000, nowMs: 1_000 }
const DUE = Date.parse('2026-05-04T08:00:00.000Z')
const USED = { ...NO_USAGE, inputTokens: 10 }

/** What the first half of a history knows, and all of it. */
type Made = { readonly file: string; readonly backup: string; readonly folder: string }
let made: Made

const answered = (text: string): RunEventBody => ({
  type: 'model_answered',
  data: { text, model: 'm', usage: USED, costUsd: 0.01, latencyMs: 1, stopReason: 'end_turn' },
})

/** Runs `from` to `to`: every fifth stays unfinished, with a fence that was raised twice. */
async function addRuns(db: Sqlite.Database, from: number, to: number): Promise<void> {
  const journal = { ...journalOver(db), close: () => {} }
  for (let number = from; number <= to; number++) {
    const run = `run-${number}`
    const text = `오뚝이 question${number} ${'가나다 '.repeat(60)}`
    const taken = await journal.take({ run, session: `s${number % 7}`, data: { text, job: 'j1' } }, CLAIM)
    if (!taken.ok) throw new Error('not taken')
    const bodies = [answered(`answer${number} ${'x'.repeat(300)}`)]
    if (number % 5 !== 0) bodies.push({ type: 'run_ended', data: { finish: 'answered' } })
    await journal.write({ lease: taken.lease, session: `s${number % 7}`, bodies })
    for (let again = 0; again < 2 && number % 5 === 0; again++) {
      journal.releaseAll('old')
      journal.claim(run, CLAIM)
    }
  }
}

function addJobs(db: Sqlite.Database, from: number, to: number): void {
  const store = createScheduleStore(db)
  for (let number = from; number <= to; number++) {
    const id = `j${number}`
    const trigger = number % 2 ? { kind: 'cron' as const, line: '0 8 * * 1-5' } : { kind: 'incident' as const }
    const policies = { catchUp: 'once', overlap: 'skip', gates: 'deny', zone: 'UTC' } as const
    const rest = { jitterMs: 0, limits: {}, notify: [], paused: false, createdBy: 'owner', createdMs: DUE - 1_000 }
    const job = { id, name: id, prompt: 'p '.repeat(100), trigger, ...policies, ...rest }
    store.addJob(job, { nextMs: DUE, eventCursor: '5', tokenHash: '' })
    for (let slot = 0; slot < 4; slot++) {
      const state = slot === 0 ? 'claimed' : 'done'
      const dueMs = DUE + slot * 60_000
      store.claim({
        id: `${id}:${slot}`,
        job: id,
        run: `job-${id}-${slot}`,
        dueMs,
        startMs: dueMs,
        state,
        outcome: '',
        payload: '',
      })
    }
    store.advance(id, DUE + 240_000, DUE + 300_000)
  }
}

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ottugi-agent-db-'))
  const file = join(folder, 'agent.db')
  const db = openAgentDatabase(file)
  db.pragma('wal_autocheckpoint = 0')
  await addRuns(db, 1, 20)
  db.pragma('wal_checkpoint(TRUNCATE)')
  await addRuns(db, 21, 40)
  addJobs(db, 1, 12)
  await backupDatabase({ dbPath: file, backupsDir: folder, keep: 3, at: '2026-05-04T08:10:00.000Z' })
  await addRuns(db, 41, 60)
  addJobs(db, 13, 24)
  db.exec("UPDATE slots SET state = 'done', outcome = 'answered'")
  copyFileSync(file, join(folder, 'without-log.db'))
  db.pragma('wal_checkpoint(TRUNCATE)')
  db.close()
  made = { folder, file, backup: join(folder, 'agent-2026-05-04T08-10-00-000Z.db') }
}, 60_000)
afterAll(() => rmSync(made.folder, { recursive: true, force: true }))

const schemaOf = (db: Sqlite.Database) =>
  db.prepare("SELECT type || ' ' || name FROM sqlite_master WHERE sql IS NOT NULL ORDER BY 1").pluck().all()
const numbersIn = (db: Sqlite.Database, table = 'events') =>
  db.prepare(`SELECT seq FROM ${table} ORDER BY seq`).pluck().all() as number[]
const spentIn = (db: Sqlite.Database) => db.prepare('SELECT sum(usd) FROM costs').pluck().get() as number

function stated(note: string): Set<number> {
  const list = /events ([\d–, ]+) \(\d+\) could not be restored/.exec(note)?.[1] ?? ''
  return new Set(
    list.split(', ').flatMap((part) => {
      const [first = 0, last = first] = part.split('–').map(Number)
      return Array.from({ length: last - first + 1 }, (_, index) => first + index)
    }),
  )
}

/** Usage as the ledger of model calls has it: one line a run. */
const ledger = () =>
  Array.from({ length: 60 }, (_, index) => ({
    ...{ run: `run-${index + 1}`, session: `s${(index + 1) % 7}`, job: 'j1', at: '2026-05-04T08:00:00.000Z' },
    ...{ usd: 0.01, tokens: 10 },
  }))

async function rebuilt(path: string, backup: string | undefined) {
  const folder = join(temporaryFolder(), 'work')
  mkdirSync(folder)
  const beside = { nowMs: DUE + 900_000, begunUntilMs: DUE + 600_000, usage: ledger() }
  return rebuildDatabase({ path, backup, folder, witness: 0, beside })
}

function expectSafe(file: string, note: string, original: Sqlite.Database): void {
  const db = openAgentDatabase(file)
  try {
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
    expect(db.pragma('user_version', { simple: true })).toBe(original.pragma('user_version', { simple: true }))
    expect(schemaOf(db)).toEqual(schemaOf(original))
    const there = new Set(numbersIn(db))
    const lost = numbersIn(original).filter((seq) => !there.has(seq))
    expect(lost.filter((seq) => !stated(note).has(seq))).toEqual([])
    expect(spentIn(db)).toBeGreaterThanOrEqual(spentIn(original) - 1e-9)
    expectSearch(db)
    expectFences(db, original, lost.length > 0)
    const pending = "SELECT count(*) FROM slots WHERE state IN ('claimed', 'starting', 'started')"
    expect(db.prepare(pending).pluck().get()).toBe(0)
  } finally {
    db.close()
  }
}

/** Every text that is there is found, in Korean too. */
function expectSearch(db: Sqlite.Database): void {
  const said = db.prepare("SELECT count(*) FROM events WHERE type IN ('message_in', 'model_answered')").pluck().get()
  expect(db.prepare('SELECT count(*) FROM session_words').pluck().get()).toBe(said)
  const sessions = openSqliteSessions(db, () => undefined)
  const [first] = db.prepare("SELECT json_extract(data, '$.text') FROM events WHERE type = 'message_in'").pluck().all()
  const word = /question\d+/.exec(String(first))?.[0] ?? ''
  expect(sessions.search(word, 5).length).toBeGreaterThan(0)
  expect(sessions.search('오뚝이', 100).length).toBeGreaterThan(0)
}

/** A run that can be gone on with is claimed under a fence that nobody had. */
function expectFences(db: Sqlite.Database, original: Sqlite.Database, isLost: boolean): void {
  const fence = original.prepare<[string], number>('SELECT fence FROM leases WHERE run = ?').pluck()
  const journal = journalOver(db)
  for (const run of journal.unfinishedRuns()) {
    const before = Number(fence.get(run) ?? 0)
    const claimed = journal.claim(run, { owner: 'new', leaseMs: 1, nowMs: CLAIM.nowMs + CLAIM.leaseMs + 1 })
    expect(claimed?.fence ?? 0).toBeGreaterThan(before)
  }
  if (isLost) expect(db.prepare('SELECT count(*) FROM leases WHERE owner = ?').pluck().get('old')).toBe(0)
}

describe('the agent’s database, damaged', () => {
  it('is whole again but for what stood on the page alone, whichever page it is', async () => {
    const original = new Sqlite(made.file, { readonly: true })
    const bytes = readFileSync(made.file)
    const damaged = join(made.folder, 'damaged.db')
    const pages = Array.from({ length: bytes.length / PAGE }, (_, page) => page)
    expect(pages.length).toBeGreaterThan(40)
    for (const page of pages) {
      const copy = Buffer.from(bytes)
      copy.fill(0xa5, page * PAGE, (page + 1) * PAGE)
      writeFileSync(damaged, copy)
      const { file, note } = await rebuilt(damaged, made.backup)
      try {
        expectSafe(file ?? '', note, original)
      } catch (error) {
        throw new Error(`page ${page + 1}: ${note}`, { cause: error })
      }
    }
    original.close()
  }, 240_000)

  it('has the form it had where the header is gone and there is no backup', async () => {
    const original = new Sqlite(made.file, { readonly: true })
    const bytes = readFileSync(made.file).fill(0xa5, 0, 100)
    const damaged = join(made.folder, 'header.db')
    writeFileSync(damaged, bytes)
    const { file = '', note } = await rebuilt(damaged, undefined)
    expect(note).toContain('no event was lost')
    expectSafe(file, note, original)
    original.close()
  })

  it('gives its events without a backup and without the page that leads to them', async () => {
    const original = new Sqlite(made.file, { readonly: true })
    const root = original.prepare("SELECT rootpage FROM sqlite_master WHERE name = 'events'").pluck().get() as number
    const bytes = readFileSync(made.file).fill(0xa5, (root - 1) * PAGE, root * PAGE)
    const damaged = join(made.folder, 'root.db')
    writeFileSync(damaged, bytes)
    const { file = '', note } = await rebuilt(damaged, undefined)
    expect(note).toContain('no event was lost')
    expectSafe(file, note, original)
    const events = (db: Sqlite.Database) => db.prepare('SELECT * FROM events ORDER BY seq').all()
    const db = new Sqlite(file, { readonly: true })
    expect(events(db)).toEqual(events(original))
    for (const one of [db, original]) one.close()
  })

  it('takes the backup first where the write-ahead log is gone and the file is older than it', async () => {
    const original = new Sqlite(made.file, { readonly: true })
    const { file = '', note } = await rebuilt(join(made.folder, 'without-log.db'), made.backup)
    const db = new Sqlite(file, { readonly: true })
    const backup = new Sqlite(made.backup, { readonly: true })
    expect(numbersIn(db)).toEqual(expect.arrayContaining(numbersIn(backup)))
    for (const one of [db, backup, original]) one.close()
    expect(note).toContain('in leases, costs, jobs, slots')
  })
})

describe('restore_database of the agent', () => {
  const restore = (paths: HomePaths) =>
    execute(
      { paths, environment: {} },
      { action: 'restore_database', args: { database: 'agent' }, by: 'test', fault: 'database-corrupt' },
    )

  /** A home whose file ends in the middle: the end of the journal is lost, and a ledger of model calls is there. */
  function cutHome(): HomePaths {
    const paths = homePaths(temporaryHome().home)
    copyFileSync(made.file, paths.agentDb)
    mkdirSync(paths.backups, { recursive: true })
    copyFileSync(made.backup, join(paths.backups, 'agent-2026-05-04T08-10-00-000Z.db'))
    truncateSync(paths.agentDb, Math.floor(readFileSync(paths.agentDb).length / PAGE / 2) * PAGE)
    const head = new Sqlite(made.file, { readonly: true })
    writeFileSync(paths.journalWitness, JSON.stringify({ seq: numbersIn(head).at(-1) }))
    head.close()
    utimesSync(paths.journalWitness, (DUE + 600_000) / 1_000, (DUE + 600_000) / 1_000)
    mkdirSync(paths.logs, { recursive: true })
    const lines = ledger().map(({ usd, tokens, ...rest }) => ({ ...rest, costUsd: usd, inputTokens: tokens }))
    writeFileSync(join(paths.logs, 'usage.jsonl'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
    return paths
  }

  it('forgets no money of a file that ends in the middle, ends its runs, and lets no due moment come twice', async () => {
    const paths = cutHome()
    const result = await restore(paths)
    expect(result).toMatchObject({ ok: true, note: expect.stringContaining('could not be restored') })
    const { note } = result as { note: string }
    expect(note).toContain('counts as spent')
    expect(note).toContain('what was due before and has no record is not made up for')
    const db = openAgentDatabase(paths.agentDb)
    const original = new Sqlite(made.file, { readonly: true })
    expect(spentIn(db)).toBeCloseTo(spentIn(original), 9)
    expect(journalOver(db).unfinishedRuns()).toEqual([])
    const cursors = db.prepare('SELECT min(cursor_ms) AS least, max(event_cursor) AS events FROM jobs').get()
    expect(cursors).toEqual({ least: DUE + 600_000, events: '' })
    expect(note).toContain('ended ')
    db.close()
    original.close()
  })

  it('brings a file that is gone back, without beginning anything again that may have been begun', async () => {
    const paths = cutHome()
    rmSync(paths.agentDb)
    const result = await restore(paths)
    expect(result).toMatchObject({ ok: true })
    const db = openAgentDatabase(paths.agentDb)
    expect(db.prepare("SELECT DISTINCT state || ' ' || outcome FROM slots ORDER BY 1").pluck().all()).toEqual([
      'done ',
      'skipped unknown',
    ])
    expect(journalOver(db).unfinishedRuns()).toEqual([])
    db.close()
  })
})

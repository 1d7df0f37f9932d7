import { existsSync, readdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { execute } from '../../src/repair/execute.ts'
import { backupDatabase, newestSoundBackup } from '../../src/shared/backup.ts'
import type { HomePaths } from '../../src/shared/paths.ts'
import { addEvents, eventsIn, makeDatabase, temporaryHome } from './support.ts'

const PAGE = 4_096
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)

/** 300 events in a backup, 100 more after it. */
async function home(): Promise<HomePaths> {
  const paths = temporaryHome()
  makeDatabase(paths.agentDb, 300)
  await backupDatabase({ dbPath: paths.agentDb, backupsDir: paths.backups, keep: 3, at: '2026-01-01T00:00:00.000Z' })
  makeDatabase(paths.agentDb, 100)
  return paths
}

const restore = (paths: HomePaths, args: object = {}) =>
  execute(
    { paths, environment: {} },
    { action: 'restore_database', args: { database: 'agent', ...args }, by: 'test', fault: 'database-corrupt' },
  )

/** The page of the file in which an event's row lies. */
function pageOf(file: string, text: string): number {
  return Math.floor(readFileSync(file).lastIndexOf(text) / PAGE)
}

function damage(file: string, at: number, length: number): void {
  const bytes = readFileSync(file)
  bytes.fill(0xa5, at, at + length)
  writeFileSync(file, bytes)
}

describe('restore_database', () => {
  it('loses nothing where only the header is damaged', async () => {
    const paths = await home()
    damage(paths.agentDb, 0, 100)
    expect(await restore(paths)).toMatchObject({ ok: true, note: expect.stringContaining('no event was lost') })
    expect(eventsIn(paths.agentDb)).toEqual(range(1, 400))
  })

  it('loses nothing where only the header is damaged and there is no backup', async () => {
    const paths = await home()
    rmSync(paths.backups, { recursive: true })
    damage(paths.agentDb, 0, 100)
    expect(await restore(paths)).toMatchObject({ ok: true, note: expect.stringContaining('no event was lost') })
    expect(eventsIn(paths.agentDb)).toEqual(range(1, 400))
  })

  it('reads around the whole first page with the help of a backup', async () => {
    const paths = await home()
    damage(paths.agentDb, 0, PAGE)
    expect(await restore(paths)).toMatchObject({ ok: true })
    expect(eventsIn(paths.agentDb)).toEqual(range(1, 400))
  })

  it('takes a damaged page out of the backup, and counts what only that page had', async () => {
    const paths = await home()
    const db = new Sqlite(paths.agentDb)
    const insert = db.prepare("INSERT INTO events (type, data) VALUES ('message', ?)")
    for (let index = 0; index < 100; index++) insert.run(JSON.stringify(`late event ${index} ${'y'.repeat(150)}`))
    db.close()
    damage(paths.agentDb, pageOf(paths.agentDb, 'late event 50 ') * PAGE, PAGE)
    const result = await restore(paths, { witnessSeq: 500 })
    const restored = eventsIn(paths.agentDb)
    const missing = range(1, 500).filter((seq) => !restored.includes(seq))
    expect(missing).toContain(451)
    expect(missing.length).toBeLessThan(30)
    const named = `events ${missing[0]}–${missing.at(-1)} (${missing.length}) could not be restored`
    expect(result).toMatchObject({ ok: true, note: expect.stringContaining(named) })
    expect(missing).toEqual(range(missing[0] ?? 0, missing.at(-1) ?? 0))
  })

  it('states what a cut write-ahead log had, and never gives a number out twice', async () => {
    const paths = await home()
    const db = new Sqlite(paths.agentDb)
    db.pragma('wal_autocheckpoint = 0')
    for (let index = 0; index < 10; index++) addEvents(db, 1)
    renameSync(paths.agentDb, `${paths.agentDb}.moved`)
    writeFileSync(paths.agentDb, readFileSync(`${paths.agentDb}.moved`))
    const wal = readFileSync(`${paths.agentDb}-wal`)
    db.close()
    rmSync(`${paths.agentDb}.moved`)
    rmSync(`${paths.agentDb}-shm`, { force: true })
    writeFileSync(`${paths.agentDb}-wal`, wal)
    truncateSync(`${paths.agentDb}-wal`, Math.floor(wal.length / 2))
    const result = await restore(paths, { witnessSeq: 410 })
    const last = eventsIn(paths.agentDb).at(-1) ?? 0
    expect(last).toBeGreaterThanOrEqual(400)
    expect(last).toBeLessThan(410)
    const named = last === 409 ? 'events 410 (1)' : `events ${last + 1}–410 (${410 - last})`
    expect(result).toMatchObject({ ok: true, note: expect.stringContaining(`${named} could not be restored`) })
    const again = new Sqlite(paths.agentDb)
    addEvents(again, 1)
    again.close()
    expect(eventsIn(paths.agentDb).at(-1)).toBe(411)
  })

  it('brings a file that is gone back from its backup, and names what came after it', async () => {
    const paths = await home()
    rmSync(paths.agentDb)
    writeFileSync(join(paths.data, 'journal-witness.json'), '{"seq":400}')
    expect(await restore(paths)).toMatchObject({
      ok: true,
      note: expect.stringContaining('events 301–400 (100) could not be restored'),
    })
    expect(eventsIn(paths.agentDb)).toEqual(range(1, 300))
  })

  it('lets a new database begin where nothing is left, says so, and keeps the damaged one', async () => {
    const paths = temporaryHome()
    writeFileSync(paths.agentDb, Buffer.alloc(10 * PAGE, 0xa5))
    const result = await restore(paths, { witnessSeq: 40 })
    expect(result).toMatchObject({
      ok: true,
      note: expect.stringContaining('nothing was left to restore: events 1–40 (40)'),
    })
    expect(existsSync(paths.agentDb)).toBe(false)
    const [folder = ''] = readdirSync(paths.quarantine)
    expect(readFileSync(join(paths.quarantine, folder, 'agent.db')).length).toBe(10 * PAGE)
  })

  it('passes over a backup that is damaged itself', async () => {
    const paths = await home()
    writeFileSync(join(paths.backups, 'agent-2027-01-01T00-00-00-000Z.db'), 'no database')
    expect(await newestSoundBackup(paths.backups, 'agent')).toMatch(/agent-2026/)
  })

  it('refuses a sound database, and one that somebody may write, but not one that somebody reads', async () => {
    const paths = await home()
    expect(await restore(paths)).toMatchObject({
      ok: false,
      kind: 'refused',
      reason: expect.stringContaining('is sound'),
    })
    damage(paths.agentDb, 0, 100)
    const holder = new Sqlite(paths.agentDb)
    expect(await restore(paths)).toMatchObject({
      ok: false,
      kind: 'refused',
      reason: expect.stringContaining('has the database open'),
    })
    holder.close()
    const reader = new Sqlite(paths.agentDb, { readonly: true })
    expect(await restore(paths)).toMatchObject({ ok: true })
    reader.close()
  })
})

describe('backups', () => {
  it('are taken while the database is written, and rotated', async () => {
    const paths = temporaryHome()
    makeDatabase(paths.agentDb, 10)
    const writer = new Sqlite(paths.agentDb)
    for (const day of ['01', '02', '03', '04']) {
      addEvents(writer, 1)
      const at = `2026-01-${day}T00:00:00.000Z`
      expect(await backupDatabase({ dbPath: paths.agentDb, backupsDir: paths.backups, keep: 2, at })).toMatchObject({
        ok: true,
      })
    }
    writer.close()
    expect(readdirSync(paths.backups)).toEqual([
      'agent-2026-01-03T00-00-00-000Z.db',
      'agent-2026-01-04T00-00-00-000Z.db',
    ])
    expect(eventsIn(join(paths.backups, 'agent-2026-01-04T00-00-00-000Z.db')).length).toBe(14)
  })

  it('say why there is none', async () => {
    const paths = temporaryHome()
    expect(await backupDatabase({ dbPath: paths.agentDb, backupsDir: paths.backups, keep: 2, at: 'x' })).toMatchObject({
      ok: false,
    })
    expect(readdirSync(paths.backups)).toEqual([])
  })
})

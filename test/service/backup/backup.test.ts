/** A backup is whole, proved, and comes back; whatever is wrong with one is said, and the home is as it was. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, describe, expect, it } from 'vitest'
import { DATABASE_FILES, isOfBackup, namesToSwap } from '../../../src/service/backup/contents.ts'
import { settleStaged, stageRestore } from '../../../src/service/backup/stageRestore.ts'
import { type BackupOrder, type BackupTaken, takeBackup } from '../../../src/service/backup/takeBackup.ts'
import { incomingFolder, settleSwap, swapBack, swapHome } from '../../../src/service/homeSwap.ts'
import { writeArchive } from '../../../src/shared/archive/writeArchive.ts'
import type { HomePaths } from '../../../src/shared/paths.ts'
import { ownProgram } from '../../../src/shared/programOf.ts'
import { bareHome, FILES, fillJournal, journalOf, livedHome, newFolder, removeHomes, writeFiles } from './livedHome.ts'

afterEach(removeHomes)

const AT = '2026-02-03T04:05:06.000Z'
const PLENTY = () => ({ freeBytes: 1e12, freeInodes: 1e6, isLow: false, isFull: false })

function orderFor(paths: HomePaths, more: Partial<BackupOrder> = {}): BackupOrder {
  const file = join(newFolder(), 'b.backup')
  const facts = { version: '0.1.0', at: AT, environment: {}, readRoom: PLENTY, cost: 4 }
  return { paths, file, secrets: false, workspace: false, ...facts, ...more }
}

async function taken(order: BackupOrder): Promise<Extract<BackupTaken, { ok: true }>> {
  const result = await takeBackup(order)
  if (!result.ok) throw new Error(result.detail)
  return result
}

function staged(paths: HomePaths, file: string, passphrase?: string, version = '0.1.0') {
  const facts = { at: AT, program: ownProgram(), environment: {}, readRoom: PLENTY }
  return stageRestore({ paths, file, passphrase, version, ...facts })
}

/** Restores as the command does, with nothing running. */
async function restored(paths: HomePaths, file: string, passphrase?: string) {
  const ready = await staged(paths, file, passphrase)
  if (!ready.ok) return ready
  const ended = settleStaged(paths, ready.id, { nowMs: Date.parse(AT), reason: 'restored' })
  return { ...swapHome(paths, { id: ready.id, why: 'restore', at: AT, names: ready.names }), ended, id: ready.id }
}

const textOf = (paths: HomePaths, name: string) => readFileSync(join(paths.home, name), 'utf8')

describe('a backup', () => {
  it('is taken while the databases are written to, and proved', async () => {
    const paths = livedHome()
    const open = new Sqlite(paths.agentDb)
    open.prepare("INSERT INTO events (run, session, type, at, data) VALUES ('r', 's', 'note', '', '{}')").run()
    const order = orderFor(paths)
    const result = await taken(order)
    open.close()
    expect(result).toMatchObject({
      files: 3,
      leftOut: 0,
      complaints: [],
      manifest: { version: '0.1.0', hasSecrets: false },
    })
    expect(result.manifest.databases['agent']).toMatchObject({ form: 4, head: 8, rows: { events: 8, leases: 1 } })
    expect(Object.keys(result.manifest.databases)).toEqual(Object.keys(DATABASE_FILES))
    expect(statSync(order.file).mode & 0o777).toBe(0o600)
    expect(readdirSync(paths.backups)).toEqual([])
  })

  it('holds the secrets only when it is told so', async () => {
    const paths = livedHome()
    const [without, withSecrets] = [orderFor(paths), orderFor(paths, { secrets: true })]
    await taken(without)
    await taken(withSecrets)
    const [a, b] = [bareHome(), bareHome()]
    expect(await restored(a, without.file)).toMatchObject({ ok: true })
    expect(await restored(b, withSecrets.file)).toMatchObject({ ok: true })
    expect([existsSync(a.env), textOf(b, '.env')]).toEqual([false, FILES['.env']])
    expect(statSync(b.env).mode & 0o777).toBe(0o600)
  })

  it('follows no link, and says what it left out', async () => {
    const paths = livedHome()
    symlinkSync('/etc/passwd', join(paths.workspace, 'link'))
    symlinkSync('/etc', join(paths.workspace, 'folder'))
    const order = orderFor(paths, { workspace: true })
    expect(await taken(order)).toMatchObject({ files: 4, leftOut: 2 })
    const home = bareHome()
    await restored(home, order.file)
    expect(readdirSync(home.workspace)).toEqual(['notes'])
    expect(textOf(home, 'workspace/notes/a.txt')).toBe('a note')
  })

  it('says why a start from it would be refused, and is taken all the same', async () => {
    const paths = livedHome()
    writeFileSync(paths.settings, 'agent:\n  port: many\n')
    expect((await taken(orderFor(paths))).complaints.join()).toMatch(/port/)
  })

  it('of a damaged database is none', async () => {
    const paths = livedHome()
    writeFileSync(paths.watchdogDb, 'no database at all, and long enough to be looked at as one')
    const order = orderFor(paths)
    expect(await takeBackup(order)).toMatchObject({ ok: false, fault: 'failed' })
    expect([existsSync(order.file), existsSync(`${order.file}.part`), readdirSync(paths.backups)]).toEqual([
      false,
      false,
      [],
    ])
  })

  it('is not begun where there is no room for it', async () => {
    const paths = livedHome()
    const order = orderFor(paths, { readRoom: () => ({ ...PLENTY(), freeBytes: 1_000_000 }) })
    expect(await takeBackup(order)).toMatchObject({ ok: false, fault: 'no-room' })
    expect(existsSync(order.file)).toBe(false)
  })

  it('that is killed at any step leaves the home as it was, and the next one sweeps up', async () => {
    const steps: string[] = []
    await taken(orderFor(livedHome(), { progress: (step) => void steps.push(step) }))
    expect(steps).toEqual(['copied agent', 'copied watchdog', 'written', 'proved', 'named'])
    for (const step of steps) {
      const paths = livedHome()
      const order = orderFor(paths)
      const before = journalOf(paths.agentDb)
      const { readRoom: _, progress: __, ...plain } = order
      expect(await killedAt('backup', step, plain), step).toBe('SIGKILL')
      expect(existsSync(order.file), step).toBe(step === 'named')
      expect(journalOf(paths.agentDb), step).toEqual(before)
      const again = orderFor(paths)
      await taken(again)
      expect(readdirSync(paths.backups), step).toEqual([])
    }
  })
})

describe('a restore', () => {
  it.each([undefined, '오뚝이 passphrase'])(
    'into an empty home gives the same state, passphrase %s',
    async (passphrase) => {
      const order = orderFor(livedHome(), { passphrase, secrets: true, workspace: true })
      await taken(order)
      const home = bareHome()
      expect(await restored(home, order.file, passphrase)).toMatchObject({ ok: true, ended: 1 })
      for (const [name, content] of Object.entries(FILES)) expect(textOf(home, name)).toBe(content)
      expect(journalOf(home.agentDb).ends).toEqual(['done', 'done', 'done', 'failed'])
      const db = new Sqlite(home.watchdogDb, { readonly: true })
      expect(db.prepare("SELECT value FROM state WHERE key = 'mark'").pluck().get()).toBe('here')
      db.close()
    },
  )

  it('over a home keeps what was there, never gives a number twice, and goes back', async () => {
    const paths = livedHome()
    const order = orderFor(paths)
    await taken(order)
    fillJournal(paths.agentDb, 20, 'later')
    writeFiles(paths.home, { 'ottugi.yaml': 'language: ko\n', 'data/parked.json': '{}', 'tools/new.ts': 'x' })
    const later = journalOf(paths.agentDb)
    expect(await restored(paths, order.file)).toMatchObject({ ok: true })
    expect(journalOf(paths.agentDb)).toMatchObject({ ends: ['done', 'done', 'done', 'failed'], last: later.last + 1 })
    expect([textOf(paths, 'ottugi.yaml'), readdirSync(paths.tools), existsSync(paths.parked)]).toEqual([
      FILES['ottugi.yaml'],
      ['hello.ts'],
      false,
    ])
    expect(textOf(paths, '.env')).toBe(FILES['.env'])
    expect(swapBack(paths)).toBe(true)
    expect(journalOf(paths.agentDb)).toEqual(later)
    expect([textOf(paths, 'ottugi.yaml'), readdirSync(paths.tools)]).toEqual(['language: ko\n', ['hello.ts', 'new.ts']])
  })

  it('that is killed at any step leaves the old state whole', async () => {
    const source = livedHome()
    const order = orderFor(source)
    await taken(order)
    const steps = ['unpacked', 'proved', 'staged', 'begun', 'out data/agent.db', 'in data/agent.db', 'in tools', 'done']
    for (const step of steps) {
      const paths = livedHome(7)
      const before = journalOf(paths.agentDb)
      const plain = { paths, file: order.file, version: '0.1.0', at: AT, program: ownProgram(), environment: {} }
      expect(await killedAt('restore', step, plain), step).toBe('SIGKILL')
      settleSwap(paths)
      const expected = step === 'done' ? ['done', 'done', 'done', 'failed'] : before.ends
      expect(journalOf(paths.agentDb).ends, step).toEqual(expected)
    }
  })
})

describe('what is refused', () => {
  it('leaves nothing behind, and says why', async () => {
    const order = orderFor(livedHome(), { passphrase: 'right passphrase' })
    await taken(order)
    const whole = readFileSync(order.file)
    const cut = join(newFolder(), 'cut')
    writeFileSync(cut, whole)
    truncateSync(cut, whole.length - 20)
    const nothing = join(newFolder(), 'nothing')
    writeFileSync(nothing, 'hello')
    const paths = bareHome()
    const faults = [
      await staged(paths, order.file),
      await staged(paths, order.file, 'wrong'),
      await staged(paths, cut, 'right passphrase'),
      await staged(paths, nothing),
      await staged(paths, join(newFolder(), 'missing')),
      await staged(paths, order.file, 'right passphrase', '0.0.9'),
    ].map((result) => (result.ok ? 'none' : result.fault))
    expect(faults).toEqual(['passphrase-needed', 'wrong-passphrase', 'truncated', 'no-archive', 'unreadable', 'newer'])
    expect(readdirSync(join(paths.data, 'swaps'))).toEqual([])
  })

  it('is a name that no backup has, wherever it would lead', async () => {
    for (const name of ['data/desired', 'run/link.sock', 'bin/ottugi', 'package.json', 'data/boots.jsonl', '.ssh/id']) {
      expect(isOfBackup(name), name).toBe(false)
      const file = join(newFolder(), 'b')
      const manifest = { kind: 'ottugi-backup', form: 1, version: '0.1.0', createdAt: AT, databases: {} }
      const entry = (given: string, content: string) => ({
        name: given,
        mode: 0o600,
        content: () => [Buffer.from(content)],
      })
      await writeArchive(file, [entry('manifest.json', JSON.stringify(manifest)), entry(name, 'x')])
      expect(await staged(bareHome(), file)).toMatchObject({ ok: false, fault: 'unsafe-name' })
    }
  })

  it('is a database that is not what the backup says it is', async () => {
    const file = join(newFolder(), 'b')
    const paths = livedHome()
    const counts = { form: 4, head: 1, rows: {}, sha256: '00' }
    const manifest = {
      kind: 'ottugi-backup',
      form: 1,
      version: '0.1.0',
      createdAt: AT,
      databases: { watchdog: counts },
    }
    const bytes = readFileSync(paths.watchdogDb)
    await writeArchive(file, [
      { name: 'manifest.json', mode: 0o600, content: () => [Buffer.from(JSON.stringify(manifest))] },
      { name: 'data/watchdog.db', mode: 0o600, content: () => [bytes] },
    ])
    expect(await staged(bareHome(), file)).toMatchObject({ ok: false, fault: 'broken' })
  })

  it('is more than the disk holds', async () => {
    const order = orderFor(livedHome())
    await taken(order)
    const paths = bareHome()
    const readRoom = () => ({ ...PLENTY(), freeBytes: 64 * 1_024 * 1_024 + 10_000 })
    const facts = { file: order.file, version: '0.1.0', at: AT, program: ownProgram(), environment: {}, readRoom }
    expect(await stageRestore({ paths, ...facts })).toMatchObject({ ok: false, fault: 'no-room' })
    expect(existsSync(incomingFolder(paths, 'any'))).toBe(false)
  })
})

it('a database is never exchanged without what SQLite keeps beside it, nor the other way round', () => {
  expect(namesToSwap(['data/agent.db'])).toEqual(
    expect.arrayContaining(['data/agent.db', 'data/agent.db-wal', 'data/agent.db-shm']),
  )
  expect(namesToSwap(['ottugi.yaml']).some((name) => /\.db/.test(name))).toBe(false)
})

async function killedAt(what: 'backup' | 'restore', step: string, order: unknown): Promise<NodeJS.Signals | null> {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'untilKilled.ts'), JSON.stringify({ what, step, order })],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  const [, signal] = await once(child, 'exit')
  return signal as NodeJS.Signals | null
}

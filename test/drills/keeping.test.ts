/** Backup, restore and clearing of a home that is in use. */
import { readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import type { Ring } from '../../src/drill/ring.ts'
import { waitFor } from '../../src/drill/waitFor.ts'
import { writeDesired } from '../../src/shared/desired.ts'
import { APPS } from '../../src/shared/paths.ts'
import { atEnd, startedRing } from './startedRing.ts'

const pids = (ring: Ring) => APPS.map((app) => ring.living(app)?.pid)

function inDatabase<T>(file: string, work: (db: Sqlite.Database) => T): T {
  const db = new Sqlite(file, { timeout: 5_000 })
  try {
    return work(db)
  } finally {
    db.close()
  }
}

/** A start returns when all of it answers; the watchdog says so with its next look. */
const isHealthy = (ring: Ring) =>
  waitFor('a healthy agent', 30_000, async () => ((await ring.status()).agent.ready ? true : undefined))

const say = (ring: Ring, session: string) =>
  inDatabase(ring.paths.agentDb, (db) => {
    const add = db.prepare(
      "INSERT INTO events (run, session, type, at, data) VALUES (?, ?, ?, '2020-01-01T00:00:00.000Z', ?)",
    )
    add.run(session, session, 'message_in', '{"text":"hello there"}')
    add.run(session, session, 'run_ended', '{"finish":"done"}')
  })
const sessionsOf = (ring: Ring) =>
  inDatabase(ring.paths.agentDb, (db) =>
    db.prepare('SELECT DISTINCT session FROM events ORDER BY session').pluck().all(),
  )

describe('a home in use', () => {
  it('is backed up without a pause, goes back to the backup, and forward again', async () => {
    const ring = await startedRing()
    say(ring, 'first')
    const before = pids(ring)
    const file = join(tmpdir(), `ottugi-keeping-${process.pid}.backup`)
    atEnd(() => rmSync(file, { force: true }))
    expect(await ring.ottugi('backup', file)).toMatchObject({ code: 0 })
    expect(pids(ring)).toEqual(before)
    say(ring, 'second')
    expect(await ring.ottugi('restore', file, '--yes')).toMatchObject({ code: 0 })
    expect(sessionsOf(ring)).toEqual(['first'])
    await isHealthy(ring)
    expect(await ring.incidents()).toEqual([])
    expect(pids(ring).filter((pid) => pid === undefined || before.includes(pid))).toEqual([])
    expect(await ring.ottugi('restore', '--back')).toMatchObject({ code: 0 })
    expect(sessionsOf(ring)).toEqual(['first', 'second'])
    await isHealthy(ring)
    expect(await ring.incidents()).toEqual([])
  })

  it('is at rest once it is ended: its next start tells of no exit that nobody wanted', async () => {
    const ring = await startedRing()
    const [watchdog, supervisor] = [ring.living('watchdog'), ring.supervisorPid()]
    // Nobody brings it back meanwhile, and no beat comes between the wish and the end.
    process.kill(supervisor, 'SIGSTOP')
    atEnd(() => void process.kill(supervisor, 'SIGCONT'))
    writeDesired(ring.paths.desired, 'stopped')
    process.kill(watchdog?.pid ?? 0, 'SIGTERM')
    await waitFor('the watchdog to be gone', 20_000, () => (ring.living('watchdog') ? undefined : true))
    const stored = inDatabase(ring.paths.watchdogDb, (db) =>
      db.prepare<[], string>("SELECT value FROM state WHERE key = 'watch'").pluck().get(),
    )
    expect(JSON.parse(stored ?? '{}')).toMatchObject({ watch: { state: { name: 'maintenance' } } })
  })

  it('is cleared by those who keep its databases, while they go on', async () => {
    const ring = await startedRing()
    say(ring, 'old')
    inDatabase(ring.paths.watchdogDb, (db) =>
      db.exec("INSERT INTO incidents VALUES ('I900', '2020', '2020', '{}'), ('I901', '2020', NULL, '{}')"),
    )
    const before = pids(ring)
    const cleared = await ring.ottugi('data', 'clear', 'sessions', 'incidents', '--yes', '--json')
    expect(JSON.parse(cleared.out)).toMatchObject({ removed: true, rows: { sessions: 1, incidents: 1 } })
    expect([cleared.code, pids(ring), sessionsOf(ring)]).toEqual([0, before, []])
    expect(inDatabase(ring.paths.watchdogDb, (db) => db.prepare('SELECT id FROM incidents').pluck().all())).toEqual([
      'I901',
    ])
  })

  it('is cleared only by who may: the scope admin', async () => {
    const ring = await startedRing()
    const ask = (token: string, body: unknown) =>
      fetch(`${ring.living('agent')?.url}/api/data/sweep`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }).then(({ status }) => status)
    const admin = /^OTTUGI_TOKEN=(.*)$/m.exec(readFileSync(ring.paths.env, 'utf8'))?.[1] ?? ''
    expect([
      await ask('nobody', {}),
      await ask(admin, { sessions: 'yesterday' }),
      await ask(admin, { incidents: '2020-01-01T00:00:00Z' }),
    ]).toEqual([401, 400, 400])
    expect(await ask(admin, { sessions: '2020-01-01T00:00:00Z' })).toBe(200)
  })

  it('ends for good with uninstall, and leaves no process', async () => {
    const ring = await startedRing()
    expect(await ring.ottugi('uninstall', '--purge', '--yes')).toMatchObject({ code: 0 })
    expect(ring.processes()).toEqual([])
  })
})

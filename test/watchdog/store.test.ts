import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Incident } from '../../src/shared/incident.ts'
import { readIncident, readIncidents, readWatch } from '../../src/shared/watchdogReader.ts'
import { openWatchStore, type WatchStore } from '../../src/watchdog/store.ts'
import { newWatch, type Policy } from '../../src/watchdog/watch.ts'

let folder: string
let file: string
const stores: WatchStore[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ottugi-store-'))
  file = join(folder, 'watchdog.db')
})
afterEach(() => {
  for (const store of stores.splice(0)) store.close()
  rmSync(folder, { recursive: true, force: true })
})

function open(): WatchStore {
  const store = openWatchStore(file)
  stores.push(store)
  return store
}

const incident = (id: number, more: Partial<Incident> = {}): Incident => ({
  id: `I${id}`,
  openedAt: new Date(1_800_000_000_000 + id * 1_000).toISOString(),
  closedAt: null,
  fault: 'exited',
  symptom: 'exited',
  tier: 'keepalive',
  outcome: 'open',
  downMs: null,
  detectMs: 3,
  actions: [],
  modelCalls: 0,
  costUsd: 0,
  human: null,
  ...more,
})

it('is for the owner only, and keeps what it was told over its own end', () => {
  const store = open()
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect([store.loadWatch(), store.incident('I1')]).toEqual([undefined, undefined])
  const watch = newWatch(5, { startTimeoutMs: 20_000 } as Policy)
  store.saveWatch({ ...watch, lastIncidentId: 3 })
  store.saveWatch({ ...watch, lastIncidentId: 4 })
  store.saveIncident(incident(4))
  store.saveIncident(incident(4, { closedAt: '2027-01-01T00:00:00.000Z', outcome: 'healed' }))
  store.close()
  stores.length = 0
  const again = open()
  expect(again.loadWatch()).toEqual({ watch: { ...watch, lastIncidentId: 4 }, isSameBoot: true })
  expect(again.incident('I4')).toMatchObject({ outcome: 'healed' })
})

it('says that a watch is of another boot, whose clock means nothing now', () => {
  const store = open()
  const watch = newWatch(5, { startTimeoutMs: 20_000 } as Policy)
  store.saveWatch(watch)
  const db = new Database(file)
  db.exec("UPDATE state SET value = json_set(value, '$.bootId', 'another')")
  db.close()
  expect(store.loadWatch()).toEqual({ watch, isSameBoot: false })
  expect(readWatch(file)).toMatchObject({ ok: true, value: { name: 'restarting', sinceMs: null } })
})

it('keeps the newest 5,000 incidents', () => {
  const store = open()
  const db = new Database(file)
  const insert = db.prepare('INSERT INTO incidents (id, opened_at, closed_at, record) VALUES (?, ?, NULL, ?)')
  db.transaction(() => {
    for (let id = 1; id <= 5_000; id++) insert.run(`I${id}`, incident(id).openedAt, JSON.stringify(incident(id)))
  })()
  db.close()
  store.saveIncident(incident(5_001))
  expect([store.incident('I1'), store.incident('I2')?.id, store.incident('I5001')?.id]).toEqual([
    undefined,
    'I2',
    'I5001',
  ])
})

it('is read by others while it is open: newest first, by name in any case, and never guessed', () => {
  const store = open()
  for (const id of [1, 2, 3]) store.saveIncident(incident(id))
  const listed = readIncidents(file, 2)
  expect(listed.ok && listed.value.map(({ id }) => id)).toEqual(['I3', 'I2'])
  expect(readIncident(file, 'i2')).toMatchObject({ ok: true, value: { id: 'I2' } })
  expect(readIncident(file, 'I9')).toEqual({ ok: true, value: undefined })
  expect([readIncidents(join(folder, 'none.db'), 9), readWatch(join(folder, 'none.db'))]).toEqual([
    { ok: true, value: [] },
    { ok: true, value: undefined },
  ])
})

it('refuses what it cannot understand: a damaged file, and one of a newer version', () => {
  writeFileSync(file, 'no database, but long enough to be taken for one'.repeat(40))
  expect(() => open()).toThrow('not a database')
  expect(readIncidents(file, 1)).toMatchObject({ ok: false, reason: expect.stringContaining('not a database') })
  rmSync(file)
  const db = new Database(file)
  db.pragma('user_version = 99')
  db.close()
  expect(() => open()).toThrow('it is of a newer Ottugi')
})

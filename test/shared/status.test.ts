/** The status of a home out of what lies in it, without a single process of ours. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { appendBoot } from '../../src/shared/bootledger.ts'
import { ownIdentity } from '../../src/shared/identity.ts'
import type { Incident } from '../../src/shared/incident.ts'
import { type AppName, type HomePaths, homePaths } from '../../src/shared/paths.ts'
import { writeRuntimeFile } from '../../src/shared/runtimeFile.ts'
import { readStatus, type Status, startOfDay } from '../../src/shared/status.ts'
import type { Supervisor } from '../../src/shared/supervisor/supervisor.ts'
import { openWatchStore } from '../../src/watchdog/store.ts'
import { newWatch, type Policy, type Watch } from '../../src/watchdog/watch.ts'

let paths: HomePaths
beforeEach(() => {
  paths = homePaths(mkdtempSync(join(tmpdir(), 'ottugi-status-')))
  for (const folder of [paths.data, paths.run, paths.logs, paths.alerts]) mkdirSync(folder)
})
afterEach(() => rmSync(paths.home, { recursive: true, force: true }))

const NOBODY = { kind: 'none', find: () => undefined } as unknown as Supervisor
const status = (now?: number): Status => readStatus(paths, NOBODY, 5, now)

/** This process stands for one of ours: it lives, and that is what counts. */
function announce(app: AppName, startedAt = new Date(0).toISOString(), notes: string[] = []): void {
  writeRuntimeFile(paths, { app, url: `http://${app}`, version: '1', supervisorPid: 0, startedAt, notes })
}

function remember(state: Partial<Watch>, ...incidents: Partial<Incident>[]): void {
  const store = openWatchStore(paths.watchdogDb)
  const watch = newWatch(0, { startTimeoutMs: 1 } as Policy)
  store.saveWatch({ ...watch, ...state })
  for (const incident of incidents) store.saveIncident(incident as Incident)
  store.close()
}

const want = (desired: string) => writeFileSync(paths.desired, `${desired}\n`)

describe('the state', () => {
  it('is stopped where nothing was wanted, and unknown where nobody watches', () => {
    expect(status()).toMatchObject({ state: 'stopped', since: null, agent: { pid: null, ready: false }, unknown: [] })
    want('running')
    expect(status()).toMatchObject({ state: 'unknown', watchdog: { pid: null, alive: false } })
    remember({ state: { name: 'healthy', since: 0, identity: ownIdentity() } })
    expect(status()).toMatchObject({ state: 'unknown', since: null })
  })

  it('is the word of a living watchdog', () => {
    want('running')
    announce('watchdog')
    announce('agent', '2026-11-20T21:00:00.000Z', ['port: 1 is taken'])
    remember({ state: { name: 'healthy', since: 0, identity: ownIdentity() }, degraded: ['model: no key'] })
    expect(status(Date.parse('2026-11-20T21:00:05.400Z'))).toMatchObject({
      state: 'healthy',
      since: expect.stringMatching(/Z$/),
      agent: {
        pid: process.pid,
        url: 'http://agent',
        ready: true,
        degraded: ['model: no key'],
        notes: ['port: 1 is taken'],
        uptimeSec: 5,
        version: '1',
      },
      watchdog: { pid: process.pid, alive: true },
      supervisor: { kind: 'none', pid: null, alive: false },
    })
    remember({ state: { name: 'repairing', since: 0, deadline: 1 } })
    expect(status()).toMatchObject({ state: 'repairing', agent: { ready: false } })
  })

  it('tells an open incident from the last closed one', () => {
    const at = (minute: number) => `2026-11-20T21:0${minute}:00.000Z`
    remember({}, { id: 'I1', openedAt: at(1), closedAt: at(2) })
    expect(status()).toMatchObject({ incident: null, lastIncident: { id: 'I1' } })
    remember({}, { id: 'I2', openedAt: at(3), closedAt: null })
    expect(status()).toMatchObject({ incident: { id: 'I2' }, lastIncident: null })
  })
})

it('says what cannot be read, and tells the rest', () => {
  want('running')
  announce('agent')
  writeFileSync(paths.watchdogDb, 'no database, but long enough to be taken for one'.repeat(40))
  mkdirSync(paths.alertsOpen)
  const { unknown, agent, alertsOpen } = status()
  expect(unknown).toEqual([expect.stringContaining('watchdog.db: '), expect.stringContaining('EISDIR')])
  expect({ pid: agent.pid, alertsOpen }).toEqual({ pid: process.pid, alertsOpen: 0 })
})

it('counts alerts, unplanned ends of a day, and what today cost', () => {
  writeFileSync(paths.alertsOpen, 'I1\nI2\n')
  const end = (planned: boolean) => ({ kind: 'end', code: 1, reason: 'r', planned }) as const
  for (const planned of [true, false, false]) appendBoot(paths.boots, 'agent', end(planned))
  appendBoot(paths.boots, 'dashboard', end(false))
  const now = Date.now()
  const usage = [
    { at: new Date(startOfDay(now)).toISOString(), costUsd: 0.25 },
    { at: new Date(startOfDay(now) - 1).toISOString(), costUsd: 100 },
    { at: new Date(now).toISOString(), costUsd: 1 },
    { at: 'never', costUsd: 100 },
    { at: new Date(now).toISOString(), costUsd: 'much' },
  ]
  const lines = [...usage.map((line) => JSON.stringify(line)), 'no json', '']
  writeFileSync(join(paths.logs, 'usage.jsonl'), lines.join('\n'))
  expect(status(now)).toMatchObject({
    alertsOpen: 2,
    agent: { restarts24h: 2 },
    spend: { todayUsd: 1.25, limitUsd: 5 },
  })
  expect(status(now + 2 * 86_400_000)).toMatchObject({ agent: { restarts24h: 0 }, spend: { todayUsd: 0 } })
})

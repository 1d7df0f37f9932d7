import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import express from 'express'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createMachineReader } from '../../../dashboard/api/hostMachine.ts'
import { createHostReader } from '../../../dashboard/api/hostNow.ts'
import { metricRoutes } from '../../../dashboard/api/metrics.ts'
import { csvOf } from '../../../dashboard/api/seriesCsv.ts'
import type { Host, Series } from '../../../dashboard/contractViews.ts'
import { openSqliteJournal } from '../../../src/agent/journal/sqliteJournal.ts'
import { holdDatabase } from '../../../src/shared/heldDatabase.ts'
import { ownIdentity } from '../../../src/shared/identity.ts'
import { bucketOf } from '../../../src/shared/metrics/bucket.ts'
import { SERIES } from '../../../src/shared/metrics/seriesNames.ts'
import { homePaths } from '../../../src/shared/paths.ts'
import { createToken } from '../../../src/shared/tokens.ts'
import { createMetricStore } from '../../../src/watchdog/metrics/metricStore.ts'
import { openWatchStore } from '../../../src/watchdog/store.ts'
import { newWatch, type Policy } from '../../../src/watchdog/watch.ts'
import { readExposition } from '../../shared/metrics/strictExposition.ts'

const MINUTE = 60_000
const read = createToken('read')
let home: string
let url: string
const endings: (() => unknown)[] = []

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'ottugi-routes-'))
  const paths = homePaths(home)
  for (const folder of [paths.data, paths.run]) mkdirSync(folder)
  const databases = { agentDb: holdDatabase(paths.agentDb), watchdogDb: holdDatabase(paths.watchdogDb) }
  const context = { paths, environment: {}, language: 'en' as const, ...databases }
  const readTokens = () => [{ scope: 'read' as const, token: read }]
  const app = express().use(metricRoutes({ ...context, readTokens, readHost: createHostReader(context) }))
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  endings.push(
    databases.agentDb.close,
    databases.watchdogDb.close,
    () => new Promise((resolve) => server.close(resolve)),
  )
})
afterEach(async () => {
  for (const end of endings.splice(0)) await end()
  rmSync(home, { recursive: true, force: true })
})

function writeSome(nowMs: number): void {
  const store = openWatchStore(homePaths(home).watchdogDb)
  const begin = Math.floor(nowMs / MINUTE) * MINUTE - 10 * MINUTE
  const values = Array.from({ length: 11 }, (_, index) => [begin + index * MINUTE, bucketOf(index / 10)] as const)
  const buckets = new Map([
    ['host.cpu', new Map(values)],
    ['host.load1', new Map(values)],
  ])
  createMetricStore(store.database)({ buckets, health: new Map([[begin, { up: MINUTE }]]) })
  store.saveWatch({ ...newWatch(1, { startTimeoutMs: 1 } as Policy), lastIncidentId: 4 })
  store.close()
}

const json = async <T>(path: string): Promise<T> => (await (await fetch(`${url}${path}`)).json()) as T

it('answers with columns for a chart, and as a table for a spreadsheet', async () => {
  const nowMs = Date.now()
  writeSome(nowMs)
  const begin = Math.floor(nowMs / MINUTE) * MINUTE - 10 * MINUTE
  const address = `/api/series?name=host.cpu,host.load1,host.cpu&from=${begin - MINUTE}&to=${begin + 3 * MINUTE}&points=4`
  const { asOf, ...series } = await json<Series>(address)
  expect(Number.isFinite(Date.parse(asOf))).toBe(true)
  const column = [null, 0, Math.fround(0.1), Math.fround(0.2)]
  expect(series).toEqual({
    stepMs: MINUTE,
    at: [-1, 0, 1, 2].map((index) => begin + index * MINUTE),
    columns: [
      { name: 'host.cpu', unit: 'share', mean: column, min: column, max: column },
      { name: 'host.load1', unit: 'load', mean: column, min: column, max: column },
    ],
  })
  const csv = await fetch(`${url}${address}&format=csv`)
  expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8')
  expect(csv.headers.get('content-disposition')).toMatch(/^attachment; filename="ottugi-[\dT-]+\.csv"$/)
  const lines = (await csv.text()).split('\r\n')
  expect(lines[0]).toBe(
    'at,host.cpu mean (share),host.cpu min (share),host.cpu max (share),host.load1 mean (load),host.load1 min (load),host.load1 max (load)',
  )
  expect(lines[1]).toBe(`${new Date(begin - MINUTE).toISOString()},,,,,,`)
  expect(lines[2]).toBe(`${new Date(begin).toISOString()},0,0,0,0,0,0`)
  expect([lines.length, lines.at(-1)]).toEqual([6, ''])
})

it('makes no formula out of a text', () => {
  const columns = [{ name: '=cmd|"a"', unit: 'count' as const, mean: [-1], min: [-1], max: [1] }]
  expect(
    csvOf({ at: [0], columns })
      .split('\r\n')
      .slice(0, 2),
  ).toEqual([
    `at,"'=cmd|""a"" mean (count)","'=cmd|""a"" min (count)","'=cmd|""a"" max (count)"`,
    '1970-01-01T00:00:00.000Z,-1,-1,1',
  ])
})

it.each([
  '',
  '?name=',
  '?name=host.cpu,nothing',
  "?name=host.cpu'--",
  '?name=__proto__',
  '?name=host.cpu&name=host.cpu',
  '?name=host.cpu&points=0',
  '?name=host.cpu&points=-1',
  '?name=host.cpu&points=1e9',
  '?name=host.cpu&points=x',
  '?name=host.cpu&from=yesterday',
  '?name=host.cpu&from=2&to=1',
  '?name=host.cpu&from=0&to=999999999999999',
  '?name=host.cpu&from=9999999999999999',
  '?name=host.cpu&format=xml',
])('refuses /api/series%s with a problem', async (query) => {
  writeSome(Date.now())
  const response = await fetch(`${url}/api/series${query}`)
  expect([response.status, response.headers.get('content-type')]).toEqual([
    400,
    'application/problem+json; charset=utf-8',
  ])
})

it.each(['/api/series', '/api/host', '/metrics'])('knows %s by GET only', async (path) => {
  expect((await fetch(`${url}${path}`, { method: 'POST' })).status).toBe(405)
})

it('says so when the measurements cannot be read, and shows the machine all the same', async () => {
  const missing = await fetch(`${url}/api/series?name=host.cpu`)
  expect([missing.status, (await missing.json()) as object]).toMatchObject([
    503,
    { type: 'urn:ottugi:problem:unreadable' },
  ])
  writeFileSync(
    homePaths(home).watchdogDb,
    'this is no database at all, but it is long enough to be looked at'.repeat(40),
  )
  expect((await fetch(`${url}/api/series?name=host.cpu`)).status).toBe(503)
  const host = await json<Host>('/api/host')
  expect(host.unknown).toMatchObject([{ what: 'watchdog.db' }])
  expect(host.now?.memoryTotal).toBeGreaterThan(0)
  expect(host.machine).toMatchObject({ node: process.version, cores: expect.any(String) })
  expect(host.series).toEqual([...SERIES.keys()])
})

it('shows at first what was written last, and then what it measured itself', async () => {
  writeSome(Date.now())
  const paths = homePaths(home)
  const file = {
    ...ownIdentity(),
    app: 'dashboard',
    url: null,
    version: '1',
    supervisorPid: 0,
    startedAt: '',
    notes: [],
  }
  writeFileSync(paths.identityOf('dashboard'), JSON.stringify(file))
  const { now, unknown } = await json<Host>('/api/host')
  expect(unknown).toEqual([])
  expect(now?.cpu).toBeGreaterThan(0.7)
  expect(now?.networkSentPerSec).toBeNull()
  expect(now?.processes).toMatchObject([{ app: 'dashboard', pid: process.pid, cpu: null, memory: expect.any(Number) }])
})

it('tells Prometheus of the ring while the agent is down and no database is there', async () => {
  const scrape = (token: string) => fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } })
  expect([(await fetch(`${url}/metrics`)).status, (await scrape(createToken('read'))).status]).toEqual([401, 401])
  const response = await scrape(read)
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  const before = readExposition(await response.text())
  expect(before.get('ottugi_up')?.samples.map(({ labels, value }) => [labels['app'], value])).toEqual([
    ['agent', 0],
    ['watchdog', 0],
    ['dashboard', 0],
    ['supervisor', 0],
  ])
  expect(before.has('ottugi_incidents_total') || before.has('ottugi_model_calls_total')).toBe(false)
  expect(existsSync(homePaths(home).watchdogDb)).toBe(false)
  writeSome(Date.now())
  const journal = openSqliteJournal(homePaths(home).agentDb)
  const usage = { inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0 }
  journal.append('r', 's', {
    type: 'model_answered',
    data: { text: 'x', model: 'm', usage, costUsd: 2, latencyMs: 1, stopReason: 'end_turn' },
  })
  journal.close()
  const after = readExposition(await (await scrape(read)).text())
  const of = (name: string) =>
    after.get(name)?.samples.map(({ labels, value }) => [...Object.values(labels), value].join(' '))
  expect(of('ottugi_incidents_total')).toEqual(['4'])
  expect(of('ottugi_model_cost_usd_total')).toEqual(['2'])
  expect(of('ottugi_service_available_ratio')).toEqual(['1'])
  expect(of('ottugi_watch_state')).toContain('restarting 1')
  expect(of('ottugi_watch_state')).toContain('healthy 0')
  expect(of('ottugi_host_memory_total_bytes')?.map(Number)[0]).toBeGreaterThan(0)
})

it('asks the system once for what hardly changes, and again after a failure', async () => {
  let asked = 0
  const machine = createMachineReader(async () => {
    asked++
    if (asked === 1) throw new Error('no such program')
    return { system: 'A system' }
  })
  expect((await machine())['system']).not.toBe('A system')
  expect([(await machine())['system'], (await machine())['system'], asked]).toEqual(['A system', 'A system', 2])
})

it('does not keep a page waiting for a system that says nothing', async () => {
  const machine = createMachineReader(() => new Promise(() => {}), 1)
  expect((await machine())['node']).toBe(process.version)
})

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Incident } from '../../../src/shared/incident.ts'
import { readHeartbeat } from '../../../src/shared/metrics/heartbeatReader.ts'
import { createMetricStore, type WordTimes } from '../../../src/watchdog/metrics/metricStore.ts'
import { openWatchStore, type WatchStore } from '../../../src/watchdog/store.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** Noon of a day. */
const NOON = 20_000 * DAY + 12 * HOUR

let folder: string
let store: WatchStore
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ottugi-heartbeat-'))
  store = openWatchStore(join(folder, 'watchdog.db'))
})
afterEach(() => {
  store.close()
  rmSync(folder, { recursive: true, force: true })
})

function lived(fromMs: number, minutes: number, times: WordTimes = { up: MINUTE }): void {
  const health = new Map(Array.from({ length: minutes }, (_, index) => [fromMs + index * MINUTE, times] as const))
  createMetricStore(store.database)({ buckets: new Map(), health })
}

const incident = (openedMs: number, downMs: number | null): Incident => ({
  id: `I${openedMs}`,
  openedAt: new Date(openedMs).toISOString(),
  closedAt: null,
  fault: 'exited',
  symptom: 'exited',
  tier: 'keepalive',
  outcome: 'open',
  downMs,
  detectMs: 3,
  actions: [],
  modelCalls: 0,
  costUsd: 0,
  human: null,
})

const wordsOf = (window: '24h' | '7d' | '90d', nowMs = NOON) =>
  readHeartbeat(store.database, window, nowMs).cells.map(({ word }) => word)

it.each([
  ['24h', 96, 15 * MINUTE],
  ['7d', 84, 2 * HOUR],
  ['90d', 90, DAY],
] as const)('knows nothing of %s before anything was written, in %i cells without a gap', (window, length, cellMs) => {
  const { cells, available } = readHeartbeat(store.database, window, NOON)
  expect(cells).toEqual(
    cells.map((_, index) => ({
      at: new Date((Math.floor(NOON / cellMs) - length + 1 + index) * cellMs).toISOString(),
      word: 'unknown',
      downMs: 0,
      incidents: 0,
    })),
  )
  expect([cells.length, available]).toEqual([length, null])
})

it('has the worst word of each time, and says what is not known', () => {
  lived(NOON - 60 * MINUTE, 15)
  lived(NOON - 45 * MINUTE, 14)
  lived(NOON - 31 * MINUTE, 1, { up: 30_000, degraded: 30_000 })
  lived(NOON - 30 * MINUTE, 7)
  lived(NOON - 15 * MINUTE, 14, { maintenance: MINUTE })
  lived(NOON - 1 * MINUTE, 1, { up: 59_000, down: 1_000 })
  expect(wordsOf('24h', NOON).slice(-5)).toEqual(['up', 'degraded', 'unknown', 'down', 'unknown'])
  lived(NOON, 2)
  // The cell of now counts by the time that has passed of it.
  expect(wordsOf('24h', NOON + 2 * MINUTE).at(-1)).toBe('up')
  expect(wordsOf('7d', NOON + 2 * MINUTE).slice(-2)).toEqual(['down', 'up'])
})

it('takes the time without service from the incidents, where they know it better', () => {
  lived(NOON - 2 * HOUR, 120)
  store.saveIncident(incident(NOON - 31 * MINUTE, 2 * MINUTE))
  store.saveIncident(incident(NOON - 16 * MINUTE, 218))
  store.saveIncident(incident(NOON - 5 * MINUTE, null))
  store.saveIncident(incident(NOON - 100 * DAY, 5_000))
  const { cells, available } = readHeartbeat(store.database, '24h', NOON)
  expect(cells.slice(-5).map(({ word, downMs, incidents }) => [word, downMs, incidents])).toEqual([
    ['up', 0, 0],
    ['down', MINUTE, 1],
    ['down', MINUTE + 218, 1],
    ['up', 0, 1],
    ['unknown', 0, 0],
  ])
  expect(available).toBeCloseTo(1 - (2 * MINUTE + 218) / (2 * HOUR), 9)
})

it('counts a pause that somebody wanted neither for nor against', () => {
  lived(NOON - 4 * HOUR, 60)
  lived(NOON - 3 * HOUR, 60, { stopped: MINUTE })
  lived(NOON - 2 * HOUR, 60, { maintenance: MINUTE })
  lived(NOON - HOUR, 60, { down: MINUTE })
  expect(readHeartbeat(store.database, '90d', NOON).available).toBe(0.5)
})

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Identity } from '../../../src/shared/identity.ts'
import { readHeartbeat } from '../../../src/shared/metrics/heartbeatReader.ts'
import { SERIES } from '../../../src/shared/metrics/seriesNames.ts'
import { readSeries } from '../../../src/shared/metrics/seriesReader.ts'
import { HEALTH_WORDS } from '../../../src/shared/metrics/tiers.ts'
import { homePaths } from '../../../src/shared/paths.ts'
import type { LinkState } from '../../../src/watchdog/linkServer.ts'
import { createMetricsChore } from '../../../src/watchdog/metrics/metricsChore.ts'
import { openWatchStore, type WatchStore } from '../../../src/watchdog/store.ts'
import { newWatch, type OpenIncident, type Policy, type Watch, type WatchState } from '../../../src/watchdog/watch.ts'

const MINUTE = 60_000
const DAY = 1_440 * MINUTE
const T0 = 20_000 * DAY

let home: string
let store: WatchStore
let watch: Watch
let wall: number
let mono: number
let isLow: boolean
const told: unknown[] = []
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'ottugi-chore-'))
  mkdirSync(join(home, 'data'))
  store = openWatchStore(join(home, 'data', 'watchdog.db'))
  watch = healthy()
  wall = T0
  mono = 1_000
  isLow = false
  told.length = 0
})
afterEach(() => {
  store.close()
  rmSync(home, { recursive: true, force: true })
})

const policy = { startTimeoutMs: 20_000 } as Policy
const identity: Identity = { pid: 2, startTicks: 1, nonce: 'a' }
const incident = { id: 7 } as OpenIncident

function inState(state: WatchState, more: Partial<Watch> = {}): Watch {
  return { ...newWatch(0, policy), state, ...more }
}
function healthy(more: Partial<Watch> = {}): Watch {
  return inState({ name: 'healthy', since: 0, identity }, more)
}

const link: LinkState = {
  identity,
  connected: true,
  lastAt: 0,
  beat: { type: 'beat', phase: 'ready', mainAgeMs: 560, busyUntilMonoMs: null },
  stack: [],
}

function chore() {
  return createMetricsChore({
    paths: homePaths(home),
    store,
    link: () => link,
    watch: () => watch,
    environment: {},
    log: { warn: (about: unknown) => void told.push(about) } as never,
    wall: () => wall,
    isDiskLow: () => isLow,
  })
}

/** Beats for so long, twice a second where nothing else is said. */
function run(beat: (now: number, isResting: boolean) => void, forMs: number, everyMs = 500): void {
  for (let passed = 0; passed < forMs; passed += everyMs) {
    wall += everyMs
    mono += everyMs
    beat(mono, false)
  }
}

const series = (names: readonly string[], fromMs = T0, toMs = wall) =>
  readSeries(store.database, { names, fromMs, toMs, points: 2_000, nowMs: wall }).columns
const counts = () =>
  Object.fromEntries(
    HEALTH_WORDS.map((word) => [
      word,
      store.database.prepare(`SELECT coalesce(sum(${word}), 0) FROM health_minutes`).pluck().get(),
    ]),
  )
const written = () => store.database.prepare('SELECT count(*) FROM metric_seconds').pluck().get()

it('measures once in each five seconds and writes once a minute', () => {
  const { beat } = chore()
  run(beat, MINUTE - 500)
  expect(written()).toBe(0)
  run(beat, 500)
  const [cpu, load, delay] = series(['host.cpu', 'host.load1', 'agent.loopDelay'])
  // What needs two readings is not known at the first.
  expect(cpu?.mean[0]).toBeNull()
  expect(load?.mean.every((value) => value !== null)).toBe(true)
  expect(delay?.mean).toEqual(Array(12).fill(60))
  const [own] = series(['watchdog.memory'])
  expect(own?.mean.every((value) => Number(value) > 1e6)).toBe(true)
  const names = store.database.prepare('SELECT DISTINCT series FROM metric_seconds').pluck().all() as string[]
  expect(names.filter((name) => !SERIES.has(name))).toEqual([])
})

it('writes at once when an incident begins or ends, and looks closely in between', () => {
  const { beat } = chore()
  run(beat, 10_000)
  watch = inState({ name: 'repairing', since: 0, deadline: 0 }, { incident })
  run(beat, 500)
  expect(Number(written())).toBeGreaterThan(0)
  run(beat, 10_000)
  watch = healthy({ incident: null })
  run(beat, 500)
  const rows = store.database
    .prepare<[], { buckets: Buffer }>("SELECT buckets FROM metric_seconds WHERE series = 'host.load1'")
    .all()
  const samples = rows.flatMap(({ buckets }) =>
    [...new Float32Array(new Uint8Array(buckets).buffer)].filter((_, at) => at % 4 === 3),
  )
  expect(Math.max(...samples)).toBe(5)
  expect(readHeartbeat(store.database, '24h', wall).cells.at(-1)).toMatchObject({ word: 'down' })
})

it('counts each word for as long as it held, and a suspicion for what it proved to be', () => {
  const { beat, write } = chore()
  run(beat, 500)
  run(beat, 4_000)
  watch = inState({ name: 'suspect', since: 0, identity, symptom: 'silent', deadline: 0 })
  run(beat, 3_000)
  watch = healthy()
  run(beat, 2_000)
  watch = inState({ name: 'suspect', since: 0, identity, symptom: 'silent', deadline: 0 })
  run(beat, 2_000)
  watch = inState({ name: 'repairing', since: 0, deadline: 0 }, { incident })
  run(beat, 1_000)
  watch = healthy({ degraded: ['model: no key'] })
  run(beat, 1_000)
  watch = inState({ name: 'maintenance', since: 0, until: 5_000_000 })
  run(beat, 1_000)
  watch = inState({ name: 'maintenance', since: 0, until: Number.MAX_SAFE_INTEGER })
  run(beat, 1_500)
  // A start that no incident stands behind.
  watch = newWatch(0, policy)
  run(beat, 3_000)
  write()
  expect(counts()).toEqual({ up: 9_500, down: 3_000, degraded: 1_000, maintenance: 1_000, stopped: 1_500 })
})

it('knows nothing of a time in which it did not look, and nothing of a clock that jumped', () => {
  const { beat, write } = chore()
  run(beat, 2_000)
  mono += 60_000
  wall += 60_000
  run(beat, 500)
  wall += 40 * DAY
  run(beat, 1_000)
  wall -= 80 * DAY
  run(beat, 1_000)
  write()
  expect(counts()).toEqual({ up: 3_500, down: 0, degraded: 0, maintenance: 0, stopped: 0 })
})

it('writes nothing on a disk that runs low, keeps an hour of it, and goes on when there is room', () => {
  const { beat } = chore()
  isLow = true
  run(beat, 90 * MINUTE, 5_000)
  expect([written(), told]).toEqual([0, []])
  isLow = false
  run(beat, MINUTE)
  const [load] = series(['host.load1'], T0, wall)
  const known = load?.mean.filter((value) => value !== null).length ?? 0
  expect(known).toBeGreaterThanOrEqual(719)
  expect(known).toBeLessThanOrEqual(721)
})

it('says once that it cannot write, never throws, and writes it later', () => {
  const { beat } = chore()
  store.database.exec("CREATE TRIGGER no BEFORE INSERT ON metric_hours BEGIN SELECT raise(ABORT, 'no room'); END")
  run(beat, 3 * MINUTE)
  expect(told).toHaveLength(1)
  store.database.exec('DROP TRIGGER no')
  run(beat, MINUTE)
  expect(series(['host.load1'])[0]?.mean.filter((value) => value === null).length).toBeLessThanOrEqual(1)
})

/** What the dashboard's questions cost over ninety days of data. */
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createHostReader } from '../../dashboard/api/hostNow.ts'
import { createOverview } from '../../dashboard/api/overview.ts'
import { theDatabase } from '../../dashboard/api/theDatabase.ts'
import { openAgentDatabase } from '../../src/agent/journal/sqliteJournal.ts'
import { defaultSettings } from '../../src/shared/config/load.ts'
import { type HeldDatabase, holdDatabase } from '../../src/shared/heldDatabase.ts'
import { bucketOf } from '../../src/shared/metrics/bucket.ts'
import { readHeartbeat } from '../../src/shared/metrics/heartbeatReader.ts'
import { SERIES } from '../../src/shared/metrics/seriesNames.ts'
import { readSeries } from '../../src/shared/metrics/seriesReader.ts'
import { type HomePaths, homePaths } from '../../src/shared/paths.ts'
import { createMetricStore } from '../../src/watchdog/metrics/metricStore.ts'
import { openWatchStore } from '../../src/watchdog/store.ts'
import { HISTORY, writeHistory } from './dashboardHistory.ts'
import type { Bench, Figure, Outcome } from './measurement.ts'

const DAY_MS = 86_400_000
const WINDOWS = { '24h': 1, '7d': 7, '90d': 90 } as const
const CHART = ['host.cpu', 'host.memoryUsed', 'agent.cpu', 'agent.memory']
const POINTS = 600
/** An answer is given again to whoever asks within a quarter of a second. */
const FORGOTTEN_MS = 300

/** `--rows dashboard-data`. */
export const DASHBOARD_DATA_BENCH: Bench = {
  id: 'dashboard-data',
  groups: ['dashboard', 'promises'],
  title: `the dashboard's questions over ${HISTORY.days} days`,
  async run({ times }) {
    const paths = homePaths(mkdtempSync(join(tmpdir(), 'ottugi-dashboard-data-')))
    for (const folder of [paths.data, paths.run]) mkdirSync(folder)
    const nowMs = Date.now()
    writeHistory(paths, nowMs)
    const watchdogDb = holdDatabase(paths.watchdogDb)
    try {
      const overview = await measureOverview(paths, times)
      const readers = measureReaders(watchdogDb, times, nowMs)
      return { figures: { ...overview, ...readers, ...measureWriting(paths, times, nowMs) } }
    } finally {
      watchdogDb.close()
      rmSync(paths.home, { recursive: true, force: true })
    }
  },
}

/** The first question of a process, and each one after a change of the journal. */
async function measureOverview(paths: HomePaths, times: number): Promise<Outcome['figures']> {
  const writer = openAgentDatabase(paths.agentDb)
  const insert = writer.prepare(
    "INSERT INTO events (run, session, type, at, data) VALUES ('', 'bench', 'hinted', ?, '{}')",
  )
  const first: number[] = []
  const again: number[] = []
  for (let turn = 0; turn < times; turn++) {
    const { ask, close } = openOverview(paths)
    first.push(timed(ask))
    await delay(FORGOTTEN_MS)
    insert.run(new Date().toISOString())
    again.push(timed(ask))
    close()
  }
  writer.close()
  return {
    overviewFirst: { title: 'first screen, first question of the process', unit: 'ms', values: first },
    overview: { title: 'first screen after a change', unit: 'ms', values: again, target: 20 },
  }
}

function openOverview(paths: HomePaths) {
  const databases = { agentDb: holdDatabase(paths.agentDb), watchdogDb: holdDatabase(paths.watchdogDb) }
  const context = { paths, environment: {}, settings: defaultSettings(), ...databases }
  const supervisor = { kind: 'pm2', find: () => undefined }
  const overview = createOverview({ ...context, supervisor, readHost: createHostReader(context) })
  return {
    ask: () => overview('en', Date.now()),
    close: () => {
      databases.agentDb.close()
      databases.watchdogDb.close()
    },
  }
}

function measureReaders(db: HeldDatabase, times: number, nowMs: number): Outcome['figures'] {
  const figures: Record<string, Figure> = {}
  for (const [window, days] of Object.entries(WINDOWS)) {
    const question = { names: CHART, fromMs: nowMs - days * DAY_MS, toMs: nowMs, points: POINTS, nowMs }
    figures[`series${window}`] = {
      title: `four series of ${window}, ${POINTS} points`,
      unit: 'ms',
      values: repeat(times, () => must(db.read((look) => readSeries(look.prepared(theDatabase), question)))),
      target: 10,
    }
    figures[`heartbeat${window}`] = {
      title: `heartbeat of ${window}`,
      unit: 'ms',
      values: repeat(times, () =>
        must(db.read((look) => readHeartbeat(look.prepared(theDatabase), window as keyof typeof WINDOWS, nowMs))),
      ),
      target: 10,
    }
  }
  return figures
}

function measureWriting(paths: HomePaths, times: number, nowMs: number): Outcome['figures'] {
  const sizeMib = statSync(paths.watchdogDb).size / 1_024 ** 2
  const store = openWatchStore(paths.watchdogDb)
  const write = createMetricStore(store.database)
  const minute = (from: number) =>
    Array.from({ length: 12 }, (_, index) => [from + index * 5_000, bucketOf(index)] as const)
  let from = Math.floor(nowMs / 60_000) * 60_000
  const values = repeat(times, () => {
    from += 60_000
    const buckets = new Map([...SERIES.keys()].map((name) => [name, new Map(minute(from))]))
    write({ buckets, health: new Map([[from, { up: 60_000 }]]) })
  })
  store.close()
  return {
    write: { title: 'a minute of measurements written', unit: 'ms', values },
    size: { title: 'watchdog.db', unit: 'MiB', values: [Math.round(sizeMib * 10) / 10] },
  }
}

function repeat(times: number, act: () => unknown): number[] {
  return Array.from({ length: times }, () => timed(act))
}

function timed(act: () => unknown): number {
  const from = performance.now()
  act()
  return Math.round((performance.now() - from) * 100) / 100
}

function must(reading: { readonly ok: boolean; readonly reason?: string }): void {
  if (!reading.ok) throw new Error(reading.reason)
}

/** Ninety days of a home that was busy: measurements, the journal of the agent, incidents. Made with the owners' own forms, in seconds. */
import { openAgentDatabase } from '../../src/agent/journal/sqliteJournal.ts'
import type { Incident } from '../../src/shared/incident.ts'
import { type Bucket, bucketOf, merged } from '../../src/shared/metrics/bucket.ts'
import { SERIES } from '../../src/shared/metrics/seriesNames.ts'
import type { HomePaths } from '../../src/shared/paths.ts'
import { createMetricStore, type WordTimes } from '../../src/watchdog/metrics/metricStore.ts'
import { openWatchStore, type WatchStore } from '../../src/watchdog/store.ts'
import { newWatch, type Policy } from '../../src/watchdog/watch.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

/** How much there is. */
export const HISTORY = { days: 90, probes: 1_000_000, events: 100_000, incidents: 1_000 } as const

/** Writes it all; `nowMs` is the end of the history. */
export function writeHistory(paths: HomePaths, nowMs: number): void {
  const store = openWatchStore(paths.watchdogDb)
  writeProbes(store, nowMs)
  store.database.transaction(() => {
    for (let number = 1; number <= HISTORY.incidents; number++) store.saveIncident(incidentOf(number, nowMs))
  })()
  const watch = newWatch(0, { startTimeoutMs: 20_000 } as Policy)
  const identity = { pid: 2, startTicks: 1, nonce: 'a' }
  store.saveWatch({ ...watch, lastIncidentId: HISTORY.incidents, state: { name: 'healthy', since: 0, identity } })
  store.close()
  writeJournal(paths, nowMs)
}

/** More than a million probes of each series: one every five seconds, put together by the minute, a day in each transaction. */
function writeProbes(store: WatchStore, nowMs: number): void {
  const write = createMetricStore(store.database)
  const probesAMinute = Math.ceil(HISTORY.probes / HISTORY.days / 1_440)
  const begin = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS - HISTORY.days * DAY_MS
  for (let day = 0; day < HISTORY.days; day++) {
    const minutes = Array.from({ length: 1_440 }, (_, index) => begin + day * DAY_MS + index * MINUTE_MS)
    const buckets = new Map([...SERIES.keys()].map((name, phase) => [name, bucketsOf(minutes, phase, probesAMinute)]))
    const health = new Map(
      minutes.map((at, index): [number, WordTimes] => [
        at,
        index === 700 ? { up: 59_000, down: 1_000 } : { up: MINUTE_MS },
      ]),
    )
    write({ buckets, health })
  }
}

function bucketsOf(minutes: readonly number[], phase: number, probes: number): ReadonlyMap<number, Bucket> {
  return new Map(
    minutes.map((at, index) => {
      const low = bucketOf(1e8 * (1 + Math.sin(index / 200 + phase)))
      const high = { ...bucketOf(low.mean + 1e6), count: probes - 1 }
      return [at, merged(low, high)]
    }),
  )
}

function incidentOf(number: number, nowMs: number): Incident {
  const openedMs = nowMs - ((HISTORY.incidents - number + 1) / (HISTORY.incidents + 1)) * HISTORY.days * DAY_MS
  const at = new Date(openedMs).toISOString()
  const action = {
    action: 'restart',
    args: { pid: number },
    at,
    verdict: 'allowed',
    result: 'the agent answers',
    undone: false,
  } as const
  return {
    id: `I${number}`,
    openedAt: at,
    closedAt: new Date(openedMs + 3_000).toISOString(),
    fault: 'exited',
    symptom: 'exited',
    tier: number % 10 === 0 ? 'guardian' : 'keepalive',
    outcome: number % 50 === 0 ? 'degraded' : 'healed',
    downMs: 218 + (number % 97) * 10,
    detectMs: 3,
    actions: [action, action, action],
    modelCalls: 0,
    costUsd: 0,
    human: null,
  }
}

const RUN = [
  'message_in',
  'model_asked',
  'model_answered',
  'gate_decided',
  'tool_started',
  'tool_ended',
  'model_answered',
  'run_ended',
] as const
const USAGE = { inputTokens: 900, outputTokens: 120, cacheReadTokens: 4_000, cacheWriteTokens: 0 }
const ANSWER = {
  text: 'It is done. '.repeat(30),
  model: 'model-a',
  provider: 'anthropic',
  usage: USAGE,
  costUsd: 0.004,
  latencyMs: 1_800,
  stopReason: 'end_turn',
}
const DATA: Readonly<Record<(typeof RUN)[number], object>> = {
  message_in: { text: 'Please look at the log of this night. '.repeat(5) },
  model_asked: { model: 'model-a', turns: 4 },
  model_answered: ANSWER,
  gate_decided: { call: 'c', tool: 'read_file', verdict: 'allow', rule: 'read', reason: 'reads the workspace' },
  tool_started: { call: 'c', tool: 'read_file', safety: 'pure', key: 'k' },
  tool_ended: {
    call: 'c',
    tool: 'read_file',
    ok: true,
    text: 'a line of a file\n'.repeat(40),
    tookMs: 35,
    how: 'done',
  },
  run_ended: { finish: 'answered' },
}

function writeJournal(paths: HomePaths, nowMs: number): void {
  const database = openAgentDatabase(paths.agentDb)
  const event = database.prepare('INSERT INTO events (run, session, type, at, data) VALUES (?, ?, ?, ?, ?)')
  const cost = database.prepare(
    'INSERT INTO costs (seq, run, session, job, at, usd, tokens) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  database.transaction(() => {
    for (let number = 0; number < HISTORY.events; number++) {
      const type = RUN[number % RUN.length] ?? 'run_ended'
      const run = Math.floor(number / RUN.length)
      const session = `session-${Math.floor(run / 12)}`
      const at = new Date(nowMs - ((HISTORY.events - number) / HISTORY.events) * HISTORY.days * DAY_MS).toISOString()
      const { lastInsertRowid: seq } = event.run(`run-${run}`, session, type, at, JSON.stringify(DATA[type]))
      if (type === 'model_answered') cost.run(seq, `run-${run}`, session, '', at, ANSWER.costUsd, 5_020)
    }
  })()
  database.close()
}

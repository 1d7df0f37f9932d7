/** Two weeks that a home might have had, for pictures of the dashboard: measurements, incidents with their stories, conversations and what they cost. */
import { chmodSync, mkdirSync } from 'node:fs'
import type { RunEventBody } from '../src/agent/journal/event.ts'
import { openAgentDatabase } from '../src/agent/journal/sqliteJournal.ts'
import type { Incident } from '../src/shared/incident.ts'
import { type Bucket, bucketOf } from '../src/shared/metrics/bucket.ts'
import type { HomePaths } from '../src/shared/paths.ts'
import { createMetricStore, type WordTimes } from '../src/watchdog/metrics/metricStore.ts'
import { openWatchStore, type WatchStore } from '../src/watchdog/store.ts'

const SECOND_MS = 1_000
const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const GIB = 1_024 ** 3
const MIB = 1_024 ** 2
const DAYS = 14
const FIRST_ID = 10

/** Writes it before anything runs; `nowMs` is its end. */
export function writePast(paths: HomePaths, nowMs: number): void {
  mkdirSync(paths.data, { recursive: true, mode: 0o700 })
  const incidents = STORIES.map((story, index) => incidentOf(story, index + 1, nowMs))
  const store = openWatchStore(paths.watchdogDb)
  try {
    for (const incident of incidents) store.saveIncident(incident)
    writeMeasurements(store, incidents, nowMs)
  } finally {
    store.close()
  }
  writeConversations(paths, nowMs)
}

type Story = Pick<
  Incident,
  'fault' | 'symptom' | 'tier' | 'outcome' | 'downMs' | 'detectMs' | 'modelCalls' | 'costUsd' | 'human'
> & {
  readonly hoursAgo: number
  readonly deeds: readonly (readonly [action: string, args: Incident['actions'][number]['args'], result: string])[]
}

const PLAIN = { modelCalls: 0, costUsd: 0, human: null, outcome: 'healed' } as const

/** Oldest first. */
const STORIES: readonly Story[] = [
  {
    ...PLAIN,
    hoursAgo: 290,
    fault: 'exited',
    symptom: 'exited',
    tier: 'keepalive',
    downMs: 241,
    detectMs: 4,
    deeds: [['restart', {}, 'the agent answers']],
  },
  {
    ...PLAIN,
    hoursAgo: 167,
    fault: 'settings-invalid',
    symptom: 'refused',
    tier: 'guardian',
    downMs: 3_120,
    detectMs: 60,
    deeds: [['restore_config', { from: 'last known good' }, 'the settings of yesterday 18:02 are back']],
  },
  {
    ...PLAIN,
    hoursAgo: 96,
    outcome: 'escalated',
    fault: 'disk-full',
    symptom: 'degraded',
    tier: 'human',
    downMs: 0,
    detectMs: 1_900,
    human: 'Make room on /: 98 % of it is used, most of it by /var/backups.',
    deeds: [
      ['free_reserve', {}, '64 MiB were freed'],
      ['prune_tmp', {}, 'nothing of ours was left there'],
    ],
  },
  {
    ...PLAIN,
    hoursAgo: 51,
    fault: 'port-taken',
    symptom: 'exited',
    tier: 'recovery',
    downMs: 8_400,
    detectMs: 12,
    modelCalls: 1,
    costUsd: 0.01,
    deeds: [
      ['restart', {}, 'the agent ended again: EADDRINUSE'],
      ['use_fallback_port', { port: 7712 }, 'the agent answers on 7712'],
    ],
  },
  {
    ...PLAIN,
    hoursAgo: 5,
    fault: 'stale-lock',
    symptom: 'exited',
    tier: 'guardian',
    downMs: 6_100,
    detectMs: 9,
    deeds: [
      ['remove_lock', { lock: 'agent.lock' }, 'its owner is gone since 04:11; the lock was removed'],
      ['restart', {}, 'the agent answers'],
    ],
  },
]

function incidentOf({ hoursAgo, deeds, ...facts }: Story, number: number, nowMs: number): Incident {
  const openedMs = nowMs - hoursAgo * HOUR_MS
  const tookMs = Math.max(facts.downMs ?? 0, 400)
  return {
    // Beyond those that the ring itself may come to have meanwhile.
    id: `I${FIRST_ID + number}`,
    openedAt: isoOf(openedMs),
    closedAt: isoOf(openedMs + tookMs),
    ...facts,
    actions: deeds.map(([action, args, result], index) => ({
      action,
      args,
      at: isoOf(openedMs + ((index + 1) * tookMs) / (deeds.length + 1)),
      verdict: 'allowed',
      result,
      undone: false,
    })),
  }
}

/** A curve for each series: a mean, a swing over the day, and something that looks like chance and is none. */
const CURVES: Readonly<Record<string, readonly [mean: number, swing: number]>> = {
  'host.cpu': [0.17, 0.1],
  'host.load1': [0.6, 0.35],
  'host.memoryUsed': [3.1 * GIB, 0.3 * GIB],
  'host.diskUsed': [41 * GIB, 0.2 * GIB],
  'host.networkReceived': [90_000, 60_000],
  'host.networkSent': [40_000, 30_000],
  'agent.loopDelay': [2.1, 1.4],
  'agent.cpu': [0.03, 0.02],
  'agent.memory': [118 * MIB, 14 * MIB],
  'watchdog.cpu': [0.004, 0.002],
  'watchdog.memory': [72 * MIB, 3 * MIB],
  'dashboard.cpu': [0.002, 0.001],
  'dashboard.memory': [81 * MIB, 4 * MIB],
  'supervisor.cpu': [0.001, 0.0005],
  'supervisor.memory': [58 * MIB, 1 * MIB],
}

function valueAt([mean, swing]: readonly [number, number], atMs: number, phase: number): number {
  const day = Math.sin((atMs / DAY_MS) * 2 * Math.PI + phase)
  const ripple = Math.sin(atMs / 97_000 + phase * 7) * Math.sin(atMs / 41_000 + phase)
  const spike = Math.max(0, Math.sin(atMs / 1_900_000 + phase * 3) - 0.96) * 20
  return Math.max(0, mean + swing * (0.6 * day + 0.3 * ripple + spike))
}

/** The finest tier keeps what was written last: the last hours go in by themselves, after all others. */
function writeMeasurements(store: WatchStore, incidents: readonly Incident[], nowMs: number): void {
  const write = createMetricStore(store.database)
  const begin = Math.floor((nowMs - DAYS * DAY_MS) / MINUTE_MS) * MINUTE_MS
  const recent = Math.floor((nowMs - 2 * HOUR_MS) / MINUTE_MS) * MINUTE_MS
  for (const from of range(begin, recent, DAY_MS)) {
    const minutes = range(from, Math.min(from + DAY_MS, recent), MINUTE_MS)
    write({ buckets: bucketsAt(minutes), health: healthAt(minutes, incidents) })
  }
  const last = range(recent, nowMs, MINUTE_MS)
  write({ buckets: bucketsAt(range(recent, nowMs, 5 * SECOND_MS)), health: healthAt(last, incidents) })
}

function bucketsAt(moments: readonly number[]): ReadonlyMap<string, ReadonlyMap<number, Bucket>> {
  return new Map(
    Object.entries(CURVES).map(([name, curve], phase) => [
      name,
      new Map(moments.map((at) => [at, bucketOf(valueAt(curve, at, phase))])),
    ]),
  )
}

function healthAt(minutes: readonly number[], incidents: readonly Incident[]): ReadonlyMap<number, WordTimes> {
  return new Map(minutes.map((at) => [at, wordsAt(at, incidents)]))
}

function range(from: number, to: number, step: number): number[] {
  return Array.from({ length: Math.max(0, Math.ceil((to - from) / step)) }, (_, index) => from + index * step)
}

function wordsAt(at: number, incidents: readonly Incident[]): WordTimes {
  const hit = incidents.find(({ openedAt }) => Date.parse(openedAt) >= at && Date.parse(openedAt) < at + MINUTE_MS)
  if (hit?.outcome === 'escalated') return { degraded: MINUTE_MS }
  const down = Math.min(hit?.downMs ?? 0, MINUTE_MS)
  return { up: MINUTE_MS - down, ...(down > 0 ? { down } : {}) }
}

type Talk = { readonly session: string; readonly question: string; readonly answer: string; readonly tool: string }

const TALKS: readonly Talk[] = [
  {
    session: 'night-log',
    question: 'What happened in the log last night?',
    answer: 'Three warnings, all about the slow backup disk. **Nothing needs you.**',
    tool: 'grep',
  },
  {
    session: 'disk-report',
    question: 'How full will the disk be in a month?',
    answer: 'At the pace of the last two weeks: about **71 %**.',
    tool: 'system_info',
  },
  {
    session: 'release-notes',
    question: 'Draft the release notes from the commits since Monday',
    answer: '## This week\n\n- faster start\n- fewer writes',
    tool: 'git_log',
  },
  {
    session: 'invoices',
    question: 'Sort the invoices of October into folders',
    answer: 'Done: 14 invoices in 3 folders.',
    tool: 'list_dir',
  },
]

function writeConversations(paths: HomePaths, nowMs: number): void {
  const database = openAgentDatabase(paths.agentDb)
  const event = database.prepare('INSERT INTO events (run, session, type, at, data) VALUES (?, ?, ?, ?, ?)')
  const cost = database.prepare(
    'INSERT INTO costs (seq, run, session, job, at, usd, tokens) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  const write = (number: number, talk: Talk, beginMs: number) => {
    const run = `run-${number}`
    let at = beginMs
    for (const body of runOf(talk, number)) {
      at += 'latencyMs' in body.data ? Number(body.data.latencyMs) : 120
      const { lastInsertRowid: seq } = event.run(run, talk.session, body.type, isoOf(at), JSON.stringify(body.data))
      if (body.type !== 'model_answered') continue
      const { usage, costUsd } = body.data
      cost.run(
        seq,
        run,
        talk.session,
        '',
        isoOf(at),
        costUsd,
        usage.inputTokens + usage.outputTokens + usage.cacheReadTokens,
      )
    }
  }
  database.transaction(() => {
    for (let number = 0; number < DAYS * 6; number++) {
      const talk = TALKS[(number * 7) % TALKS.length]
      const beginMs = nowMs - (DAYS * 6 - number) * 4 * HOUR_MS + HOUR_MS
      if (talk) write(number, talk, beginMs)
    }
  })()
  database.close()
  chmodSync(paths.agentDb, 0o600)
}

function runOf({ question, answer, tool }: Talk, number: number): RunEventBody[] {
  const model = number % 3 === 0 ? 'claude-sonnet-4-5' : 'claude-haiku-4-5'
  const latencyMs = 900 + ((number * 373) % 1_900)
  const usage = {
    inputTokens: 1_400 + (number % 9) * 310,
    outputTokens: 180,
    cacheReadTokens: 5_200,
    cacheWriteTokens: 0,
  }
  const answered = (text: string): RunEventBody => ({
    type: 'model_answered',
    data: {
      text,
      model,
      provider: 'anthropic',
      usage,
      costUsd: 0.004 + (number % 9) * 0.0031,
      isPriced: true,
      latencyMs,
      stopReason: 'end_turn',
    },
  })
  const isGood = number % 17 !== 5
  return [
    { type: 'message_in', data: { text: question, by: 'person' } },
    answered('I look at it.'),
    {
      type: 'tool_ended',
      data: {
        call: `c${number}`,
        tool,
        ok: isGood,
        text: isGood ? 'lines 1 to 40' : 'no such file',
        tookMs: 30 + ((number * 53) % 240),
        how: 'done',
      },
    },
    answered(answer),
    { type: 'run_ended', data: { finish: 'answered' } },
  ]
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString()
}

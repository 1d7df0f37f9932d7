/** Answers of the dashboard's server as the contract types them, for tests of the page. Times hang on one moment that the caller gives. */
import type {
  Heartbeat,
  HeartbeatWindow,
  HeartbeatWord,
  IncidentStory,
  Me,
  Overview,
} from '../../dashboard/contract.ts'
import type { Series } from '../../dashboard/contractViews.ts'
import type { Incident } from '../../src/shared/incident.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Text with everything that must never work: markup, a script, marks that turn the text around, an escape of a terminal. */
export const EVIL =
  '<img src=x onerror=alert(1)> \u202Eevil\u202C \u001b[31mred\u001b[0m </script><script>alert(2)</script>'

function iso(ms: number): string {
  return new Date(ms).toISOString()
}

/** Somebody who may do everything. */
export function me(): Me {
  return { language: 'en', version: '0.1.0', basePath: '', can: { approve: true, admin: true, chat: true }, notes: [] }
}

/** One incident that healed. */
export function incident(now: number, more: Partial<Incident> = {}): Incident {
  return {
    id: 'i-1',
    openedAt: iso(now - 2 * HOUR),
    closedAt: iso(now - 2 * HOUR + 6_200),
    fault: 'stale-lock',
    symptom: 'crash-loop',
    tier: 'guardian',
    outcome: 'healed',
    downMs: 6_200,
    detectMs: 260,
    actions: [],
    modelCalls: 1,
    costUsd: 0.01,
    human: null,
    ...more,
  }
}

/** Incidents of a month, newest first. */
export function incidents(now: number): Incident[] {
  return [
    incident(now),
    incident(now, {
      id: 'i-2',
      openedAt: iso(now - DAY),
      closedAt: iso(now - DAY + 1_800),
      fault: 'process-exit',
      symptom: 'link closed',
      tier: 'keepalive',
      downMs: 540,
      modelCalls: 0,
      costUsd: 0,
    }),
    incident(now, {
      id: 'i-3',
      openedAt: iso(now - 3 * DAY),
      closedAt: iso(now - 3 * DAY + HOUR),
      fault: 'disk-full',
      tier: 'recovery',
      outcome: 'degraded',
      downMs: 41_000,
      costUsd: 0.0042,
    }),
    incident(now, {
      id: 'i-4',
      openedAt: iso(now - 9 * DAY),
      closedAt: iso(now - 9 * DAY + 2 * HOUR),
      fault: 'settings-invalid',
      tier: 'human',
      outcome: 'escalated',
      downMs: 2 * HOUR,
      human: 'Correct model.provider in ottugi.yaml.',
    }),
    incident(now, {
      id: 'i-5',
      openedAt: iso(now - 20 * DAY),
      closedAt: iso(now - 20 * DAY + 5_000),
      fault: EVIL,
      downMs: null,
    }),
  ]
}

/** An incident that goes on. */
export function openIncident(now: number): Incident {
  return incident(now, {
    id: 'i-9',
    openedAt: iso(now - 40_000),
    closedAt: null,
    fault: 'crash-loop',
    outcome: 'open',
    tier: 'recovery',
    downMs: null,
    human: 'Look at the disk of the machine: it answers with errors.',
  })
}

/** The first screen on a good day. */
export function overview(now: number, more: Partial<Overview> = {}): Overview {
  return {
    asOf: iso(now),
    status: status(now),
    sentence: 'Healthy for 3 d 4 h. Last healed 14:02: stale lock removed, 6 s down, $0.01.',
    incidents: incidents(now),
    approvalsWaiting: 2,
    money: {
      todayUsd: 1.27,
      limitUsd: 5,
      healerTodayUsd: 0.01,
      healerLimitUsd: 1,
      burnUsdPerHour: 0.14,
      monthUsd: 22.4,
      monthForecastUsd: 31.9,
      monthLimitUsd: 100,
      unpricedCalls: 0,
    },
    models: [
      { model: 'claude-sonnet-4-5', calls: 148, failed: 2, tokens: 812_400, usd: 1.12, medianMs: 2_310, p95Ms: 9_800 },
      { model: 'local/qwen3-8b', calls: 61, failed: 0, tokens: 92_100, usd: 0, medianMs: 640, p95Ms: 1_900 },
    ],
    tools: [
      { tool: 'shell', runs: 212, failed: 9, medianMs: 84, p95Ms: 2_200 },
      { tool: 'read_file', runs: 340, failed: 0, medianMs: 12, p95Ms: 40 },
      { tool: 'web_fetch', runs: 28, failed: 3, medianMs: 720, p95Ms: null },
    ],
    sessions: { active: 1, runs: 37, medianRounds: 4, medianResponseMs: 5_400, p95ResponseMs: 31_000 },
    recovery: { windowDays: 30, healed: 12, of: 13, mttrMs: 4_100, restarts24h: 3 },
    host: host(now),
    unknown: [],
    ...more,
  }
}

function status(now: number): Overview['status'] {
  return {
    home: '/home/kim/.ottugi',
    state: 'healthy',
    since: iso(now - 3 * DAY - 4 * HOUR),
    agent: {
      pid: 4_211,
      url: 'http://127.0.0.1:7710',
      ready: true,
      degraded: [],
      notes: [],
      uptimeSec: 273_600,
      restarts24h: 3,
      version: '0.1.0',
    },
    watchdog: { pid: 4_190, alive: true },
    dashboard: { pid: 4_191, url: 'http://127.0.0.1:7711' },
    supervisor: { kind: 'pm2', pid: 4_180, alive: true },
    incident: null,
    lastIncident: incident(now),
    alertsOpen: 0,
    spend: { todayUsd: 1.27, limitUsd: 5 },
    safeMode: null,
    unknown: [],
  }
}

function host(now: number): Overview['host'] {
  return {
    at: iso(now - 4_000),
    cpu: 0.12,
    load1: 0.4,
    memoryUsed: 1.9 * 1024 ** 3,
    memoryTotal: 3.8 * 1024 ** 3,
    diskUsed: 21 * 1024 ** 3,
    diskTotal: 59 * 1024 ** 3,
    networkReceivedPerSec: 18_400,
    networkSentPerSec: null,
    processes: [
      { app: 'agent', pid: 4_211, cpu: 0.021, memory: 118 * 1024 ** 2, descriptors: 41 },
      { app: 'watchdog', pid: 4_190, cpu: 0.002, memory: 61 * 1024 ** 2, descriptors: 28 },
      { app: 'dashboard', pid: 4_191, cpu: 0.001, memory: 58 * 1024 ** 2, descriptors: null },
    ],
  }
}

const WORDS: Readonly<Record<number, HeartbeatWord>> = {
  9: 'unknown',
  10: 'unknown',
  30: 'degraded',
  31: 'degraded',
  52: 'maintenance',
  53: 'maintenance',
  70: 'stopped',
  87: 'down',
}
const CELL_MS: Readonly<Record<HeartbeatWindow, number>> = { '24h': 15 * MINUTE, '7d': 2 * HOUR, '90d': DAY }

/** A bar with every word in it. */
export function heartbeat(now: number, window: HeartbeatWindow = '24h'): Heartbeat {
  const cellMs = CELL_MS[window]
  const count = window === '7d' ? 84 : window === '90d' ? 90 : 96
  const cells = Array.from({ length: count }, (_, at) => {
    const word = WORDS[at] ?? 'up'
    const isDown = word === 'down'
    return { at: iso(now - (count - at) * cellMs), word, downMs: isDown ? 6_200 : 0, incidents: isDown ? 1 : 0 }
  })
  return { asOf: iso(now), window, cellMs, cells, available: 0.99993 }
}

/** A wave with a gap. */
export function series(now: number, name = 'host.cpu', points = 240): Series {
  const stepMs = HOUR / points
  const mean = Array.from({ length: points }, (_, at) =>
    at > 80 && at < 92 ? null : 0.18 + 0.12 * Math.sin(at / 17) + 0.03 * Math.sin(at * 2.3),
  )
  return {
    asOf: iso(now),
    stepMs,
    at: mean.map((_, at) => now - (points - at) * stepMs),
    columns: [
      {
        name,
        unit: 'share',
        mean,
        min: mean.map((value) => (value === null ? null : Math.max(0, value - 0.05))),
        max: mean.map((value) => (value === null ? null : value + 0.09)),
      },
    ],
  }
}

/** The story of the open incident, with evidence that must stay text. */
export function incidentStory(now: number): IncidentStory {
  const at = (seconds: number) => iso(now - 40_000 + seconds * 1_000)
  return {
    asOf: iso(now),
    incident: openIncident(now),
    story: [
      { at: at(0), kind: 'seen', text: 'The agent ended four times within 20 s.' },
      { at: at(2), kind: 'done', text: 'The guardian removed the stale lock data/agent.lock.' },
      { at: at(9), kind: 'undone', text: 'That did not hold: the lock was put back.' },
      { at: at(12), kind: 'told', text: 'You were told over ntfy.' },
      { at: at(30), kind: 'seen', text: EVIL },
    ],
    evidence: [
      {
        title: 'Repair journal',
        lines: ['{"seq":1,"action":"remove_lock","result":"done"}', `{"seq":2,"note":${JSON.stringify(EVIL)}}`],
      },
      { title: 'Probes', lines: ['port 7710: free', 'disk: 61 % used'] },
    ],
    alert: { text: '# Ottugi needs you\n\nThe agent does not stay up.', acknowledgedBy: null },
  }
}

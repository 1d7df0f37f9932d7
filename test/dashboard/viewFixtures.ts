/** Answers of the server for the views of sessions, approvals, costs, tools, host, logs and settings: typed by the contract, with unfriendly texts in them. */
import type { HostNow, Money } from '../../dashboard/contract.ts'
import type {
  Approvals,
  Costs,
  Host,
  Journal,
  Logs,
  Series,
  Sessions,
  SettingRow,
  SettingsView,
  Tools,
} from '../../dashboard/contractViews.ts'
import type { ListedJob } from '../../src/shared/schedule/job.ts'
import type { RecordedEvent, SessionSummary } from '../../src/shared/sessions/recorded.ts'

const NOON_MS = Date.parse('2026-11-21T12:00:00.000Z')

/** The moment of the fixtures plus so many milliseconds, as ISO 8601. */
export function fixtureTime(ms: number, baseMs = NOON_MS): string {
  return new Date(baseMs + ms).toISOString()
}

/** A text that tries everything: markup, a script, a turned direction, a terminal escape. */
export const UNFRIENDLY = '<img src=x onerror=alert(1)> \u202egnp.exe \u001b[31mred\u0007 </script>'

/** An event of the run `r1` in the session `s1`. */
export function fixtureEvent(seq: number, type: string, data: RecordedEvent['data'], run = 'r1'): RecordedEvent {
  return { seq, run, session: 's1', type, at: fixtureTime(seq * 1_000), data }
}

const USAGE = { inputTokens: 1_200, outputTokens: 90, cacheReadTokens: 800, cacheWriteTokens: 0 }

/** A run with a tool that a person had to allow, a refused one, and an answer. */
export const RUN_EVENTS: readonly RecordedEvent[] = [
  fixtureEvent(1, 'message_in', { text: `Please look why the build is red. ${UNFRIENDLY}`, by: 'person' }),
  fixtureEvent(2, 'model_asked', { model: 'claude-sonnet-5-5', provider: 'anthropic', turns: 1, why: 'the default' }),
  fixtureEvent(3, 'model_answered', {
    text: 'I will **run the tests** first.',
    model: 'claude-sonnet-5-5',
    provider: 'anthropic',
    usage: USAGE,
    costUsd: 0.0123,
    isPriced: true,
    latencyMs: 2_340,
    stopReason: 'tool_use',
    calls: [
      { id: 'c1', name: 'shell', input: { command: 'npm test -- --reporter dot' } },
      { id: 'c2', name: 'http_post', input: { url: 'http://169.254.169.254/', body: 'x'.repeat(900) } },
    ],
  }),
  fixtureEvent(4, 'gate_decided', {
    call: 'c1',
    tool: 'shell',
    verdict: 'ask',
    rule: 'shell.default',
    reason: 'Programs outside the list need a yes.',
    plan: 'run in workspace/: npm test -- --reporter dot',
    approval: 'A7',
  }),
  fixtureEvent(5, 'gate_decided', {
    call: 'c2',
    tool: 'http_post',
    verdict: 'deny',
    rule: 'net.metadata',
    reason: 'Addresses of the cloud host are never called.',
  }),
  fixtureEvent(6, 'tool_ended', {
    call: 'c2',
    tool: 'http_post',
    ok: false,
    text: 'refused',
    tookMs: 1,
    how: 'refused',
  }),
  fixtureEvent(7, 'gate_decided', {
    call: 'c1',
    tool: 'shell',
    verdict: 'allow',
    rule: 'approved',
    reason: 'A person said yes.',
    approval: 'A7',
  }),
  fixtureEvent(8, 'tool_started', { call: 'c1', tool: 'shell', safety: 'unsafe', key: 'k1' }),
  fixtureEvent(12, 'tool_ended', {
    call: 'c1',
    tool: 'shell',
    ok: true,
    text: `${'FAIL test/a.test.ts\n'.repeat(80)}${UNFRIENDLY}`,
    rest: 'outputs/c1.txt',
    tookMs: 3_900,
    how: 'done',
  }),
  fixtureEvent(13, 'model_asked', { model: 'claude-sonnet-5-5', provider: 'anthropic', turns: 3 }),
  fixtureEvent(15, 'model_answered', {
    text: '## The cause\n\nOne test **fails**: `a.test.ts`.\n\n- it waits for a port\n- the port is taken\n\n```ts\nconst port = 0\n```\n\n[link](javascript:alert(1)) <b>no markup</b>',
    model: 'claude-sonnet-5-5',
    provider: 'anthropic',
    usage: USAGE,
    costUsd: 0.0211,
    isPriced: true,
    latencyMs: 1_800,
    stopReason: 'end_turn',
  }),
  fixtureEvent(16, 'run_ended', { finish: 'answered' }),
]

/** A second run that still waits for a yes. */
export const OPEN_EVENTS: readonly RecordedEvent[] = [
  fixtureEvent(
    20,
    'message_in',
    { text: '그럼 고쳐 주세요. 고친 뒤에 다시 테스트도 돌려 주세요.', by: 'person' },
    'r2',
  ),
  fixtureEvent(21, 'model_asked', { model: 'claude-sonnet-5-5', provider: 'anthropic', turns: 5 }, 'r2'),
  fixtureEvent(
    22,
    'model_answered',
    {
      text: '테스트가 빈 포트를 쓰도록 고치겠습니다.',
      model: 'claude-sonnet-5-5',
      provider: 'anthropic',
      usage: USAGE,
      costUsd: 0,
      isPriced: false,
      latencyMs: 900,
      stopReason: 'tool_use',
      calls: [{ id: 'c3', name: 'write_file', input: { path: 'test/a.test.ts', text: 'const port = 0\n' } }],
    },
    'r2',
  ),
  fixtureEvent(
    23,
    'gate_decided',
    {
      call: 'c3',
      tool: 'write_file',
      verdict: 'ask',
      rule: 'files.tests',
      reason: 'Tests are changed after a yes only.',
      plan: 'write workspace/test/a.test.ts (15 bytes)',
      approval: 'A8',
    },
    'r2',
  ),
]

/** The session of both runs. */
export const SESSION: SessionSummary = {
  session: 's1',
  name: null,
  title: `Please look why the build is red. ${UNFRIENDLY}`,
  startedAt: fixtureTime(0),
  lastAt: fixtureTime(23_000),
  runs: 2,
  costUsd: 0.0334,
  tokens: 6_270,
  state: 'working',
  branchOf: null,
}

/** The list. */
export const SESSIONS: Sessions = {
  asOf: fixtureTime(30_000),
  sessions: [
    SESSION,
    { ...SESSION, session: 's0', name: '아침 보고서', title: '아침 보고서', state: 'idle', runs: 12, costUsd: 0.41 },
    { ...SESSION, session: 'branch-of-a-very-long-identifier-0123456789', title: 'A'.repeat(300), state: 'idle' },
  ],
  found: [],
}

/** The journal of the session. */
export const JOURNAL: Journal = { asOf: fixtureTime(30_000), session: SESSION, events: [...RUN_EVENTS, ...OPEN_EVENTS] }

/** One that waits, for `leftMs` from `nowMs` on, and two of the past. */
export function approvalsFixture(nowMs: number, leftMs = 245_000): Approvals {
  const asked = {
    kind: 'agent',
    askedAt: fixtureTime(-60_000, nowMs),
    digest: 'a'.repeat(64),
    answeredBy: null,
  } as const
  const lines = [
    'A8  the agent asks to use write_file',
    '  write workspace/test/a.test.ts (15 bytes)',
    `  reason: ${UNFRIENDLY}`,
  ]
  return {
    asOf: fixtureTime(0, nowMs),
    approvals: [
      { ...asked, id: 'A8', state: 'waiting', expiresAt: fixtureTime(leftMs, nowMs), lines },
      {
        ...asked,
        id: 'R2',
        kind: 'recovery',
        state: 'used',
        expiresAt: fixtureTime(0, nowMs),
        lines: ['R2  put the known good settings back'],
        answeredBy: 'owner (terminal)',
      },
      {
        ...asked,
        id: 'A6',
        state: 'expired',
        expiresAt: fixtureTime(-1_000, nowMs),
        lines: ['A6  the agent asks to use shell'],
      },
    ],
  }
}

/** Money of a day that nearly reached its limit. */
export const MONEY: Money = {
  todayUsd: 4.31,
  limitUsd: 5,
  healerTodayUsd: 0.02,
  healerLimitUsd: null,
  burnUsdPerHour: 0.21,
  monthUsd: 61.4,
  monthForecastUsd: null,
  monthLimitUsd: 100,
  unpricedCalls: 3,
}

/** Thirty days of costs. */
export function costsFixture(by = 'model'): Costs {
  const line = {
    calls: 120,
    inputTokens: 1_204_000,
    cachedTokens: 800_000,
    outputTokens: 41_000,
    usd: 3.2,
    unpricedCalls: 0,
  }
  return {
    asOf: fixtureTime(0),
    money: MONEY,
    by,
    rows: [
      { ...line, key: 'anthropic/claude-sonnet-5-5' },
      { ...line, key: 'ollama/qwen3', usd: 0, calls: 3, unpricedCalls: 3 },
      { ...line, key: '', usd: 0.4 },
    ],
    days: Array.from({ length: 30 }, (_, day) => ({
      day: fixtureTime((day - 29) * 86_400_000).slice(0, 10),
      agentUsd: 1 + ((day * 7) % 5),
      healerUsd: day % 9 === 0 ? 0.3 : 0,
    })),
  }
}

const JOB: ListedJob = {
  id: 'j1',
  name: '아침 보고서',
  prompt: 'Summarise what happened last night and what it cost.',
  trigger: { kind: 'cron', line: '0 8 * * 1-5' },
  zone: 'Asia/Seoul',
  catchUp: 'once',
  overlap: 'skip',
  jitterMs: 0,
  limits: {},
  gates: 'deny',
  notify: [],
  paused: false,
  createdBy: 'owner',
  createdMs: NOON_MS,
  nextMs: NOON_MS + 86_400_000,
}

/** Three tools, one of them no longer offered, and two jobs. */
export const TOOLS: Tools = {
  asOf: fixtureTime(0),
  tools: [
    {
      name: 'shell',
      description: 'Runs a command in the workspace.',
      safety: 'unsafe',
      risk: 3,
      available: true,
      why: null,
    },
    {
      name: 'run_python',
      description: 'Runs Python.',
      safety: 'unsafe',
      risk: 3,
      available: false,
      why: 'python3 is not there.',
    },
    { name: 'read_file', description: 'Reads a file.', safety: 'pure', risk: 0, available: true, why: null },
  ],
  figures: [
    { tool: 'shell', runs: 41, failed: 3, medianMs: 820, p95Ms: 14_000 },
    { tool: 'old_tool', runs: 1, failed: 0, medianMs: null, p95Ms: null },
  ],
  jobs: [
    JOB,
    {
      ...JOB,
      id: 'j2',
      name: 'watch disk',
      trigger: { kind: 'every', everyMs: 3_600_000 },
      paused: true,
      nextMs: null,
    },
  ],
}

/** The machine now; the network was not measured. */
export const HOST_NOW: HostNow = {
  at: fixtureTime(0),
  cpu: 0.34,
  load1: 0.8,
  memoryUsed: 5.1e9,
  memoryTotal: 8.3e9,
  diskUsed: 4.1e10,
  diskTotal: 1.2e11,
  networkReceivedPerSec: null,
  networkSentPerSec: 12_000,
  processes: [
    { app: 'agent', pid: 4_121, cpu: 0.031, memory: 1.4e8, descriptors: 41 },
    { app: 'watchdog', pid: 4_090, cpu: 0.004, memory: 7.1e7, descriptors: null },
  ],
}

/** The machine and what could not be read of it. */
export const HOST: Host = {
  asOf: fixtureTime(0),
  now: HOST_NOW,
  machine: { 'Operating system': 'Debian 13', Processor: '2 cores', Kernel: '6.12.9', Node: 'v26.10.0' },
  series: ['host.cpu'],
  unknown: [{ what: 'watchdog.db', why: 'the file is locked' }],
}

/** Buckets for the series that were asked for, with a gap in the middle. */
export function seriesFixture(names: readonly string[], fromMs: number, toMs: number): Series {
  const count = 120
  const at = Array.from({ length: count }, (_, place) => fromMs + ((toMs - fromMs) / count) * place)
  const columns = names.map((name, row) => {
    const unit = name.endsWith('cpu')
      ? 'share'
      : name.endsWith('load1')
        ? 'load'
        : name.endsWith('loopDelay')
          ? 'ms'
          : 'bytes'
    const scale = unit === 'share' ? 0.3 : unit === 'bytes' ? 4e9 : 2
    const isNever = name.startsWith('supervisor')
    const mean = at.map((_, place) =>
      isNever || (place > 50 && place < 60) ? null : scale * (1 + Math.sin(place / 9 + row) / 3),
    )
    const times = (factor: number) => mean.map((value) => (value === null ? null : value * factor))
    return { name, unit, mean, min: times(0.8), max: times(1.3) } as const
  })
  return { asOf: fixtureTime(0, toMs), stepMs: (toMs - fromMs) / count, at, columns }
}

/** Lines of a log, newest first, from the number `from` down. */
export function logsFixture(from: number, count: number, nowMs = NOON_MS): Logs {
  const levels = ['info', 'warn', 'error', 'debug', 'info']
  const lines = Array.from({ length: count }, (_, place) => {
    const number = from - place
    const level = levels[number % levels.length] ?? 'info'
    const text = number % 7 === 0 ? `line ${number} ${UNFRIENDLY}` : `line ${number}: the agent answered its probe`
    const at = fixtureTime(-(10_000 - number) * 1_000, nowMs)
    return {
      at,
      app: number % 2 ? 'agent' : 'watchdog',
      level,
      text,
      raw: JSON.stringify({ level, time: at, msg: text }),
    }
  })
  return { asOf: fixtureTime(0, nowMs), lines, next: from - count > 0 ? String(from - count) : null }
}

function row(key: string, value: unknown, rest: Partial<SettingRow> = {}): SettingRow {
  return {
    key,
    value,
    from: 'default',
    description: `What ${key} does, in a sentence.`,
    ownerOnly: false,
    isSecret: false,
    ...rest,
  }
}

/** Settings of every kind. */
export const SETTINGS: SettingsView = {
  asOf: fixtureTime(0),
  text: 'agent:\n  port: 4510 # mine\n',
  valid: true,
  problems: [],
  rows: [
    row('agent.port', 4510, { from: 'file' }),
    row('agent.host', '127.0.0.1', { ownerOnly: true }),
    row('budget.dailyUsd', 5, { from: 'environment' }),
    row('budget.hardStop', true),
    row('routing.fallbacks', ['openai/gpt-5', 'ollama/qwen3']),
    row('routing.model', null),
    row('ANTHROPIC_API_KEY', '(hidden)', { from: 'env-file', isSecret: true, ownerOnly: true }),
  ],
  canRollBack: true,
}

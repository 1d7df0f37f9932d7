/** The reading routes over real databases: whole, missing, locked, half migrated, corrupt; with agent and watchdog gone. */
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Heartbeat, IncidentStory, Incidents, Overview } from '../../../dashboard/contract.ts'
import type { Costs, Journal, Sessions, Tools } from '../../../dashboard/contractViews.ts'
import type { RunEventBody } from '../../../src/agent/journal/event.ts'
import { openSqliteJournal } from '../../../src/agent/journal/sqliteJournal.ts'
import { ask } from '../../../src/shared/approvals/approvals.ts'
import { now } from '../../../src/shared/clock.ts'
import type { Incident } from '../../../src/shared/incident.ts'
import { writeRuntimeFile } from '../../../src/shared/runtimeFile.ts'
import { openWatchStore } from '../../../src/watchdog/store.ts'
import { newWatch, type Policy } from '../../../src/watchdog/watch.ts'
import { anIncident, makeDashboardHome, startDashboard, type TestDashboard } from '../dashboardApp.ts'

let home: ReturnType<typeof makeDashboardHome>
let dashboard: TestDashboard
const open: { close: () => void }[] = []

beforeEach(() => {
  home = makeDashboardHome()
})
afterEach(async () => {
  for (const one of open.splice(0)) one.close()
  await dashboard.close()
  home.remove()
  expect(dashboard.bugs).toEqual([])
})

const ROUTES = [
  '/api/overview',
  '/api/heartbeat',
  '/api/incidents',
  '/api/sessions',
  '/api/approvals',
  '/api/costs',
  '/api/tools',
  '/api/status',
]

async function json<T>(path: string, headers: Record<string, string> = {}): Promise<T> {
  const response = await dashboard.get(path, headers)
  expect([path, response.status]).toEqual([path, 200])
  expect(response.headers.get('cache-control')).toBe('no-store')
  return (await response.json()) as T
}

function writeIncidents(...incidents: Incident[]): void {
  const store = openWatchStore(home.paths.watchdogDb)
  store.saveWatch(newWatch(0, { startTimeoutMs: 1 } as Policy))
  for (const incident of incidents) store.saveIncident(incident)
  store.close()
}

const USAGE = { inputTokens: 100, outputTokens: 20, cacheReadTokens: 30, cacheWriteTokens: 0 }

function writeRun(run: string, session: string, ...more: RunEventBody[]): void {
  const journal = openSqliteJournal(home.paths.agentDb)
  journal.append(run, session, { type: 'message_in', data: { text: `question of ${run}`, by: 'person' } })
  for (const body of more) journal.append(run, session, body)
  journal.append(run, session, { type: 'run_ended', data: { finish: 'answered' } })
  journal.close()
}

const answered = (costUsd: number, text = 'yes'): RunEventBody => ({
  type: 'model_answered',
  data: {
    text,
    model: 'small',
    provider: 'here',
    usage: USAGE,
    costUsd,
    isPriced: true,
    latencyMs: 400,
    stopReason: 'end',
  },
})
const toolEnded = (ok: boolean, text = 'done'): RunEventBody => ({
  type: 'tool_ended',
  data: { call: 'c', tool: 'shell', ok, text, tookMs: 12, how: 'done' },
})

describe('whole', () => {
  it('gathers the first screen, with agent and watchdog gone', async () => {
    const at = new Date(Date.now() - 3_600_000).toISOString()
    writeIncidents(
      anIncident('I1', { openedAt: at, closedAt: at, costUsd: 0.02, downMs: 4_000 }),
      anIncident('I2', { openedAt: at, closedAt: at, outcome: 'escalated', downMs: null }),
      anIncident('I3', { openedAt: at, closedAt: null, outcome: 'open', downMs: null }),
      anIncident('I4', { openedAt: '2020-01-01T00:00:00.000Z', closedAt: '2020-01-01T00:00:00.000Z' }),
    )
    writeRun('r1', 's1', answered(0.5), toolEnded(true), toolEnded(false), answered(0.25))
    const deed = { kind: 'agent' as const, action: 'shell', args: { line: 'ls' }, sourceHash: 'h', binding: 'r1:c1' }
    ask(home.paths.approvals, { deed, plan: 'Run ls', reason: '', by: 'shell', lastsMs: 3_600_000 }, now())
    dashboard = await startDashboard(home.paths)
    const overview = await json<Overview>('/api/overview')
    const midnight = new Date().setHours(0, 0, 0, 0)
    expect(overview).toMatchObject({
      // No desired state was written and nobody lives.
      status: { agent: { pid: null }, watchdog: { alive: false } },
      incidents: [{ id: 'I3' }, { id: 'I2' }, { id: 'I1' }, { id: 'I4' }],
      approvalsWaiting: 1,
      money: {
        todayUsd: 0.75,
        limitUsd: 5,
        healerTodayUsd: Date.parse(at) >= midnight ? 0.02 : 0,
        healerLimitUsd: 0.5,
        burnUsdPerHour: null,
        monthUsd: 0.75,
        unpricedCalls: 0,
      },
      models: [{ model: 'here/small', calls: 2, failed: 0, tokens: 300, usd: 0.75, medianMs: 400, p95Ms: 400 }],
      tools: [{ tool: 'shell', runs: 2, failed: 1, medianMs: 12, p95Ms: 12 }],
      sessions: { active: 1, runs: 1, medianRounds: 2 },
      recovery: { windowDays: 30, healed: 1, of: 2, mttrMs: 4_000, restarts24h: 0 },
      unknown: [],
    })
    expect(overview.sentence).toContain('Open incident I3')
    const korean = await json<Overview>('/api/overview?lang=ko')
    expect(korean.sentence).toContain('열린 장애 I3')
    expect((await json<Overview>('/api/overview', { 'accept-language': 'ko' })).sentence).toBe(korean.sentence)
  })

  it('pages through incidents, each once, whatever their times', async () => {
    const many = Array.from({ length: 25 }, (_, index) =>
      anIncident(`I${index + 1}`, { openedAt: `2026-05-04T03:02:0${Math.floor(index / 10)}.000Z` }),
    )
    writeIncidents(...many)
    dashboard = await startDashboard(home.paths)
    const seen: string[] = []
    let before = ''
    for (let page = 0; page < 10; page++) {
      const { incidents, next } = await json<Incidents>(`/api/incidents?limit=7${before}`)
      seen.push(...incidents.map(({ id }) => id))
      if (next === null) break
      before = `&before=${encodeURIComponent(next)}`
    }
    expect(seen).toEqual(many.map(({ id }) => id).toReversed())
  })

  it('tells an incident as a story with its evidence, and everything in it is text', async () => {
    const nasty = '<img src=x onerror=alert(1)>\u202e\u001b[31m'
    const action = { action: 'remove_lock', args: { lock: 'L1' }, verdict: 'allowed' as const, undone: false }
    writeIncidents(
      anIncident('I7', {
        symptom: nasty,
        actions: [
          { ...action, at: '2026-05-04T03:02:03.000Z', result: 'gone' },
          { ...action, at: '2026-05-04T03:02:04.000Z', result: 'worse', undone: true },
          { ...action, at: '2026-05-04T03:02:05.000Z', result: 'no', verdict: 'refused' },
        ],
        human: 'Free some room',
      }),
    )
    const store = openWatchStore(home.paths.watchdogDb)
    store.saveRecovery('I7', '2026-05-04T03:02:06.000Z', {
      ok: true,
      fault: 'stale-lock',
      proposals: [],
      modelCalls: [],
      evidence: { signature: 's', faultClass: 'f', shown: `line one\nline ${nasty}` },
      approval: null,
      human: null,
      holdUntilMonoMs: null,
    })
    store.close()
    writeFileSync(join(home.paths.alerts, 'I7.md'), `# Needs you\n\n${nasty}\n`)
    writeFileSync(
      home.paths.repairsJournal,
      ['2026-05-04T03:02:00.000Z', '2026-05-04T03:02:04.000Z'].map((at) => JSON.stringify({ seq: 1, at })).join('\n'),
    )
    dashboard = await startDashboard(home.paths)
    const story = await json<IncidentStory>('/api/incidents/i7')
    expect(story.story.map(({ kind }) => kind)).toEqual(['seen', 'done', 'undone', 'undone', 'told', 'end'])
    expect(story.story[0]?.text).toBe('Seen: <img src=x onerror=alert(1)>\\u{202e}\\u{1b}[31m, 0.3 s after it broke.')
    expect(story.story[1]?.text).toBe('remove_lock ({"lock":"L1"}): gone')
    expect(story.story.at(-1)?.text).toBe('Over: healed by the guardian, 6.0 s down.')
    expect(story.evidence.map(({ title }) => title)).toEqual([
      'What recovery saw, masked',
      'Repair journal',
      'The incident as it is kept',
    ])
    expect(story.evidence[0]?.lines).toEqual(['line one', 'line <img src=x onerror=alert(1)>\\u{202e}\\u{1b}[31m'])
    expect(story.evidence[1]?.lines).toHaveLength(1)
    expect(story.alert).toEqual({
      text: '# Needs you\n\n<img src=x onerror=alert(1)>\\u{202e}\\u{1b}[31m\n',
      acknowledgedBy: null,
    })
  })

  it('lists sessions, finds words in them, and gives journals whole but for a line of a megabyte', async () => {
    writeRun('r1', 's1', toolEnded(true, 'x'.repeat(1_000_000)), answered(0, 'the umbrella is blue'))
    writeRun('r2', 's2', answered(0, '우산은 파랗다'))
    dashboard = await startDashboard(home.paths)
    const all = await json<Sessions>('/api/sessions')
    expect(all.sessions.map(({ session, title, state }) => [session, title, state])).toEqual([
      ['s2', 'question of r2', 'idle'],
      ['s1', 'question of r1', 'idle'],
    ])
    const found = await json<Sessions>('/api/sessions?q=umbrella')
    expect([found.sessions.map(({ session }) => session), found.found.map(({ run }) => run)]).toEqual([['s1'], ['r1']])
    expect((await json<Sessions>(`/api/sessions?q=${encodeURIComponent('우산')}`)).found).toHaveLength(1)
    const journal = await json<Journal>('/api/runs/r1')
    expect(journal.events.map(({ type }) => type)).toEqual(['message_in', 'tool_ended', 'model_answered', 'run_ended'])
    expect(String(journal.events[1]?.data['text'])).toMatch(/^x{200000}… \(\+800000\)$/)
    expect((await json<Journal>('/api/sessions/s2')).session).toMatchObject({ session: 's2', runs: 1 })
  })

  it('sums costs, by day of the zone and by what is asked, and counts what came later', async () => {
    writeRun('r1', 's1', answered(0.5), answered(0.25))
    writeIncidents(anIncident('I1', { openedAt: new Date().toISOString(), costUsd: 0.01 }))
    dashboard = await startDashboard(home.paths)
    const first = await json<Costs>('/api/costs?by=session&days=7')
    expect(first.rows).toEqual([
      { key: 's1', calls: 2, inputTokens: 260, cachedTokens: 60, outputTokens: 40, usd: 0.75, unpricedCalls: 0 },
    ])
    expect(first.days).toHaveLength(7)
    expect(first.days.at(-1)).toEqual({ day: new Date().toLocaleDateString('sv-SE'), agentUsd: 0.75, healerUsd: 0.01 })
    expect(new Set(first.days.map(({ day }) => day)).size).toBe(7)
    writeRun('r2', 's2', answered(1))
    const second = await json<Costs>('/api/costs?by=job&days=1')
    expect(second.rows).toEqual([expect.objectContaining({ key: '', calls: 3, usd: 1.75 })])
    expect(second.money.todayUsd).toBe(1.75)
  })

  it('shows questions as the gate words them, the waiting ones first', async () => {
    const deed = (line: string) => ({
      kind: 'agent' as const,
      action: 'shell',
      args: { line },
      sourceHash: 'h',
      binding: 'r:c',
    })
    ask(home.paths.approvals, { deed: deed('rm \u202e'), plan: 'Run', reason: '', by: 'm', lastsMs: 60_000 }, now())
    dashboard = await startDashboard(home.paths)
    const { approvals } = await json<{ approvals: { id: string; state: string; lines: string[]; digest: string }[] }>(
      '/api/approvals',
    )
    expect(approvals).toMatchObject([{ id: 'A1', state: 'waiting', kind: 'agent', answeredBy: null }])
    expect(approvals[0]?.lines.join('\n')).toContain('rm \\u{202e}')
    expect(approvals[0]?.digest).toMatch(/^[0-9a-f]{64}$/)
  })

  it('knows an agent that lives by its file and does not answer: figures yes, tools no', async () => {
    writeRun('r1', 's1', toolEnded(true))
    writeRuntimeFile(home.paths, {
      app: 'agent',
      url: 'http://127.0.0.1:9',
      version: '1',
      supervisorPid: 0,
      startedAt: new Date().toISOString(),
      notes: [],
    })
    dashboard = await startDashboard(home.paths)
    const tools = await json<Tools>('/api/tools')
    expect(tools).toMatchObject({
      tools: null,
      figures: [{ tool: 'shell', runs: 1 }],
      jobs: [],
      unknown: [{ what: 'agent' }],
    })
  })
})

describe('broken', () => {
  it('a fresh home has nothing, and says that the databases are not there', async () => {
    dashboard = await startDashboard(home.paths)
    for (const route of ROUTES) await json(route)
    const { unknown } = await json<Overview>('/api/overview')
    expect(unknown).toEqual([
      { what: 'watchdog.db', why: 'It is not there (yet).' },
      { what: 'agent.db', why: 'It is not there (yet).' },
    ])
    const bar = await json<Heartbeat>('/api/heartbeat?window=7d')
    expect([bar.cells.length, new Set(bar.cells.map(({ word }) => word)), bar.available]).toEqual([
      84,
      new Set(['unknown']),
      null,
    ])
    expect((await json<Incidents>('/api/incidents')).unknown).toHaveLength(1)
  })

  const breaks: [string, (file: string) => void, RegExp][] = [
    [
      'corrupt',
      (file) => writeFileSync(file, 'no database at all, but long enough to be looked at for one'),
      /cannot be read: file is not a database/,
    ],
    [
      'half migrated',
      (file) => {
        const database = new Database(file)
        database.exec('CREATE TABLE other (a)')
        database.close()
      },
      /another form .* no such table/,
    ],
    [
      'locked',
      (file) => {
        const database = new Database(file)
        open.push(database)
        database.exec('CREATE TABLE other (a)')
        database.exec('BEGIN EXCLUSIVE')
      },
      /Another process holds it locked/,
    ],
  ]

  it.each(breaks)('%s databases: every route answers, none with a figure, and says why', async (_, spoil, why) => {
    spoil(home.paths.agentDb)
    spoil(home.paths.watchdogDb)
    dashboard = await startDashboard(home.paths)
    for (const route of ROUTES) {
      const response = await dashboard.get(route)
      const body = await response.text()
      if (response.status === 200) continue
      expect([route, response.status]).toEqual([route, 503])
      expect(body).toMatch(why)
    }
    const overview = await json<Overview>('/api/overview')
    expect(overview.unknown.map(({ what }) => what)).toEqual(expect.arrayContaining(['watchdog.db', 'agent.db']))
    expect(overview.unknown.every((one) => why.test(one.why))).toBe(true)
    expect([overview.models, overview.incidents, overview.money.burnUsdPerHour]).toEqual([[], [], null])
  })

  it('an old figure is never shown as a new one: a database that goes away takes its figures with it, and brings them back', async () => {
    writeRun('r1', 's1', answered(0.5))
    writeIncidents(anIncident('I1'))
    dashboard = await startDashboard(home.paths)
    expect((await json<Overview>('/api/overview')).models).toHaveLength(1)
    expect((await json<Costs>('/api/costs')).rows).toHaveLength(1)
    for (const file of [home.paths.agentDb, home.paths.watchdogDb]) {
      for (const end of ['', '-wal', '-shm']) rmSync(file + end, { force: true })
    }
    const costs = await json<Costs>('/api/costs')
    expect([costs.rows, costs.unknown?.length]).toEqual([[], 2])
    await dashboard.close()
    dashboard = await startDashboard(home.paths)
    expect((await json<Overview>('/api/overview')).models).toEqual([])
    writeRun('r9', 's9', answered(2))
    expect((await json<Costs>('/api/costs')).rows).toMatchObject([{ usd: 2 }])
  })

  it('a record that is no JSON hides no other', async () => {
    writeIncidents(anIncident('I1'), anIncident('I2'))
    const database = new Database(home.paths.watchdogDb)
    database.prepare("UPDATE incidents SET record = '{' WHERE id = 'I2'").run()
    database.close()
    dashboard = await startDashboard(home.paths)
    expect((await json<Overview>('/api/overview')).incidents.map(({ id }) => id)).toEqual(['I1'])
    expect((await json<Incidents>('/api/incidents')).incidents.map(({ id }) => id)).toEqual(['I1'])
  })
})

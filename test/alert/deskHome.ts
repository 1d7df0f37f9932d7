/** A whole desk in a temporary home: real database, real senders, a clock of the test's own. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { createDesk, type Desk, type DeskParts } from '../../src/alert/desk.ts'
import { ALERT_SCHEMA } from '../../src/alert/outbox.ts'
import type { AlertSettings } from '../../src/alert/policy.ts'
import { type ChannelSettings, channelList } from '../../src/shared/config/alertChannels.ts'
import type { Incident } from '../../src/shared/incident.ts'
import { type HomePaths, homePaths } from '../../src/shared/paths.ts'

export const START = Date.parse('2026-03-02T12:00:00.000Z')

/** What one row of the outbox came to. */
export type Row = {
  readonly key: string
  readonly channel: string
  readonly kind: string
  readonly state: string
  readonly attempts: number
  readonly reason: string | null
}

export class DeskHome {
  readonly paths: HomePaths
  readonly settings: AlertSettings
  readonly errors: unknown[] = []
  readonly safeMode: boolean[] = []
  readonly logged: unknown[] = []
  now = 1_000
  isMaintenance = false
  db: Database.Database
  desk: Desk
  #waiting = new Set<() => void>()
  readonly #more: Partial<DeskParts>

  constructor(
    settings: Partial<AlertSettings> & { channels?: ChannelSettings[] },
    secrets: Record<string, string> = {},
    more: Partial<DeskParts> = {},
  ) {
    this.paths = homePaths(mkdtempSync(join(tmpdir(), 'ottugi-desk-')))
    mkdirSync(this.paths.data, { recursive: true })
    writeFileSync(
      this.paths.env,
      Object.entries(secrets)
        .map(([name, value]) => `${name}='${value}'\n`)
        .join(''),
      { mode: 0o600 },
    )
    this.settings = { ...NO_ALERTS, ...settings }
    this.#more = more
    this.db = openDatabase(this.paths)
    this.desk = this.#make()
  }

  #make(): Desk {
    return createDesk({
      paths: this.paths,
      db: this.db,
      settings: { alerts: this.settings, supervisor: { passEnv: [] } },
      language: 'en',
      environment: { PATH: '/usr/bin:/bin' },
      log: { error: (facts) => void this.errors.push(facts) },
      now: () => ({ monoMs: this.now, at: new Date(START + this.now).toISOString() }),
      host: 'box',
      redact: (text) => text.replaceAll('hunter2', '[masked]'),
      journalHead: () => 'abc123',
      onSafeMode: (on) => void this.safeMode.push(on),
      random: () => 1,
      ...this.#more,
    })
  }

  /** The watchdog is another one now; the home is the same. */
  replace(): void {
    this.desk.stop()
    this.db.close()
    this.db = openDatabase(this.paths)
    this.desk = this.#make()
  }

  beat(ms = 500): void {
    this.now += ms
    this.desk.beat(this.now, START + this.now, this.isMaintenance)
    for (const check of this.#waiting) check()
  }

  pass(ms: number, stepMs = 500): void {
    for (const end = this.now + ms; this.now < end; ) this.beat(Math.min(stepMs, end - this.now))
  }

  /** Beats in real time until it holds. The desk's own clock goes on by the same steps. */
  until(condition: () => boolean, stepMs = 50): Promise<void> {
    return new Promise((resolve) => {
      const timer = setInterval(() => {
        if (!condition()) return this.beat(stepMs)
        clearInterval(timer)
        resolve()
      }, 20)
    })
  }

  rows(): Row[] {
    return this.db
      .prepare<[], Row>('SELECT key, channel, kind, state, attempts, reason FROM alert_messages ORDER BY seq')
      .all()
  }

  states(): string[] {
    return this.rows().map(({ kind, channel, state }) => `${kind} ${channel} ${state}`)
  }

  end(): void {
    this.desk.stop()
    this.db.close()
    rmSync(this.paths.home, { recursive: true, force: true })
  }
}

export const NO_ALERTS: AlertSettings = {
  channels: [],
  holdMs: 1_000,
  reminderMs: 3_600_000,
  escalateMs: 900_000,
  quietFrom: '',
  quietTo: '',
  timeZone: 'UTC',
  link: '',
  deadManVariable: '',
  deadManMs: 300_000,
}

/** The database as the watchdog opens it. */
export function openDatabase(paths: HomePaths): Database.Database {
  const db = new Database(paths.watchdogDb)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = NORMAL')
  if (db.pragma('user_version', { simple: true }) === 0) db.exec(`${ALERT_SCHEMA} PRAGMA user_version = 1;`)
  return db
}

export function channels(...given: Record<string, unknown>[]): ChannelSettings[] {
  return channelList.parse(given)
}

export function incident(id = 'I1', more: Partial<Incident> = {}): Incident {
  return {
    id,
    openedAt: new Date(START).toISOString(),
    closedAt: null,
    fault: 'crash-loop',
    symptom: 'exited',
    tier: 'human',
    outcome: 'escalated',
    downMs: null,
    detectMs: 4,
    actions: [],
    modelCalls: 0,
    costUsd: 0,
    human: null,
    ...more,
  }
}

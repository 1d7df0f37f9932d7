/** Reads the heartbeat bar: what the service was, cell by cell, from the watchdog's record and the incidents. */
import type Database from 'better-sqlite3'
import { hasTable } from './seriesReader.ts'
import { HEALTH_TIERS, HEALTH_WORDS, type HealthWord } from './tiers.ts'

const MINUTE_MS = 60_000
const HOUR_MS: number = 60 * MINUTE_MS

const [MINUTES, HOURS] = HEALTH_TIERS

/** The windows: how long a cell is, how many there are, and from where they are read. */
const WINDOWS = {
  '24h': { cellMs: 15 * MINUTE_MS, cells: 96, tier: MINUTES },
  '7d': { cellMs: 2 * HOUR_MS, cells: 84, tier: HOURS },
  '90d': { cellMs: 24 * HOUR_MS, cells: 90, tier: HOURS },
} as const

/** Gapless cells, oldest first; the last one is the one that is now. */
export type HeartbeatAnswer = {
  readonly window: keyof typeof WINDOWS
  readonly cellMs: number
  readonly cells: readonly Cell[]
  /** Share of the time in which service was wanted and is known, that had it: 0–1; null where nothing is known. */
  readonly available: number | null
}

type Cell = {
  readonly at: string
  /** The worst word of its time; `unknown` where less than half of it is known. */
  readonly word: HealthWord | 'unknown'
  readonly downMs: number
  readonly incidents: number
}

type Times = Readonly<Record<HealthWord, number>>
type Draft = { at: number; times: Record<HealthWord, number>; incidentMs: number; incidents: number }

/** Reads the bar. `nowMs`: wall clock. */
export function readHeartbeat(db: Database.Database, window: keyof typeof WINDOWS, nowMs: number): HeartbeatAnswer {
  const { cellMs, cells: length } = WINDOWS[window]
  const fromMs = (Math.floor(nowMs / cellMs) - length + 1) * cellMs
  const drafts = Array.from({ length }, (_, index) => emptyCell(fromMs + index * cellMs))
  addTimes(db, drafts, window)
  addIncidents(db, drafts, { cellMs, nowMs })
  const cells = drafts.map((draft) => toCell(draft, Math.min(cellMs, nowMs - draft.at)))
  return { window, cellMs, cells, available: availability(drafts) }
}

function emptyCell(at: number): Draft {
  return { at, times: { up: 0, degraded: 0, down: 0, maintenance: 0, stopped: 0 }, incidentMs: 0, incidents: 0 }
}

function addTimes(db: Database.Database, drafts: readonly Draft[], window: keyof typeof WINDOWS): void {
  const { tier, cellMs } = WINDOWS[window]
  const fromMs = drafts[0]?.at ?? 0
  if (!hasTable(db, tier.table)) return
  const rows = db
    .prepare<[number, number], Times & { at: number }>(
      `SELECT at, ${HEALTH_WORDS.join(', ')} FROM ${tier.table} WHERE at >= ? AND at < ?`,
    )
    .all(fromMs, fromMs + drafts.length * cellMs)
  for (const row of rows) {
    const times = drafts[Math.floor((row.at - fromMs) / cellMs)]?.times
    if (times) for (const word of HEALTH_WORDS) times[word] += row[word]
  }
}

/** The time without service alone: the whole record is many times longer. */
const INCIDENTS = `SELECT opened_at AS openedAt, json_extract(record, '$.downMs') AS downMs FROM incidents
  WHERE opened_at >= ? AND json_valid(record) ORDER BY opened_at`

/** An incident counts where it began; its time without service where it lay. */
function addIncidents(
  db: Database.Database,
  drafts: readonly Draft[],
  { cellMs, nowMs }: { readonly cellMs: number; readonly nowMs: number },
): void {
  const fromMs = drafts[0]?.at ?? 0
  const rows = db
    .prepare<[string], { openedAt: string; downMs: number | null }>(INCIDENTS)
    .all(new Date(fromMs - cellMs).toISOString())
  for (const { openedAt, downMs } of rows) {
    const beganMs = Date.parse(openedAt)
    const cell = drafts[Math.floor((beganMs - fromMs) / cellMs)]
    if (cell) cell.incidents++
    spread(drafts, beganMs, Math.min(nowMs, beganMs + (downMs ?? 0)), cellMs)
  }
}

function spread(drafts: readonly Draft[], beganMs: number, endedMs: number, cellMs: number): void {
  const fromMs = drafts[0]?.at ?? 0
  const first = Math.max(0, Math.floor((beganMs - fromMs) / cellMs))
  for (let index = first; index < drafts.length; index++) {
    const cell = drafts[index]
    if (!cell || cell.at >= endedMs) return
    cell.incidentMs += Math.max(0, Math.min(endedMs, cell.at + cellMs) - Math.max(beganMs, cell.at))
  }
}

/** PURE. The incidents know it to the millisecond; the record knows what is not over yet. */
function downOf({ times, incidentMs }: Draft): number {
  return Math.round(Math.max(times.down, incidentMs))
}

function toCell(draft: Draft, passedMs: number): Cell {
  const { at, incidents } = draft
  const downMs = downOf(draft)
  return { at: new Date(at).toISOString(), word: wordOf(draft.times, downMs, passedMs), downMs, incidents }
}

function wordOf(times: Times, downMs: number, passedMs: number): Cell['word'] {
  if (downMs > 0) return 'down'
  const worst = (['degraded', 'maintenance', 'stopped'] as const).find((word) => times[word] > 0)
  if (worst) return worst
  return times.up * 2 >= passedMs && times.up > 0 ? 'up' : 'unknown'
}

function availability(drafts: readonly Draft[]): number | null {
  let known = 0
  let served = 0
  for (const draft of drafts) {
    const { up, degraded, down } = draft.times
    known += up + degraded + down
    served += Math.max(0, up + degraded + down - downOf(draft))
  }
  return known > 0 ? served / known : null
}

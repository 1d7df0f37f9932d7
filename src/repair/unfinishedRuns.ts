/** Which runs of the agent were begun and not ended, and how many lives of the agent ended while they were worked on. Looks only. */
import type Database from 'better-sqlite3'
import { type LedgerRecord, livesOf, readBoots } from '../shared/bootledger.ts'
import { bootId } from '../shared/clock.ts'
import { isAlive } from '../shared/identity.ts'
import type { HomePaths } from '../shared/paths.ts'
import { openReadonly } from './database/inspect.ts'
import { lookAt } from './fileState.ts'

/** A run that waits to be finished. `livesEnded`: so many lives of the agent ended unasked, in this boot, while it was being worked on. */
export type UnfinishedRun = { readonly run: string; readonly session: string; readonly livesEnded: number }

/** A run was worked on in this span of the wall clock, as its events tell. */
export type RunEvents = { readonly run: string; readonly session: string; readonly at: readonly string[] }

/** One life of the agent that ended unasked, by the wall clock: milliseconds since 1970. */
export type EndedLife = { readonly fromMs: number; readonly toMs: number }

/** Most unfinished runs that are looked at, newest first, and most events of each. */
const MAX_RUNS = 1_000
const MAX_EVENTS = 500

/**
 * The unfinished runs, those whose work ended most lives first. Read from `agent.db` (read-only) and the boot ledger.
 * Never throws: where it cannot look (no database, no packages, damaged, locked) there are none.
 */
export async function unfinishedRuns(paths: HomePaths): Promise<UnfinishedRun[]> {
  let db: Database.Database | undefined
  try {
    // SQLite would follow a link, and write beside what it leads to.
    if (!lookAt(paths.agentDb)?.isFile()) return []
    db = await openReadonly(paths.agentDb)
    const lives = endedLives(readBoots(paths.boots), bootId(), isAlive)
    return countLives(readRuns(db), lives)
  } catch {
    return []
  } finally {
    db?.close()
  }
}

function readRuns(db: Database.Database): RunEvents[] {
  const runs = db
    .prepare<[number], { run: string; session: string }>(
      `SELECT run, session FROM events AS asked WHERE type = 'message_in'
         AND NOT EXISTS (SELECT 1 FROM events WHERE run = asked.run AND type = 'run_ended') ORDER BY seq DESC LIMIT ?`,
    )
    .all(MAX_RUNS)
  const times = db.prepare<[string, number], string>('SELECT at FROM events WHERE run = ? ORDER BY seq DESC LIMIT ?')
  return runs.map(({ run, session }) => ({ run, session, at: times.pluck().all(run, MAX_EVENTS) as string[] }))
}

/**
 * The lives of the agent that ended unasked in this boot. One that is dead and has no end on record yet ended unasked as well.
 * The ledger has both clocks; the events of a run only the wall clock, so that is the one to compare. A life over which the clock went back counts none.
 */
export function endedLives(
  records: readonly LedgerRecord[],
  boot: string,
  isLiving: (start: LedgerRecord) => boolean,
): EndedLife[] {
  return livesOf(records, 'agent', boot).flatMap(({ start, endMonoMs, planned }): EndedLife[] => {
    if (planned || (endMonoMs === undefined && isLiving(start))) return []
    const fromMs = Date.parse(start.at)
    // The end by the wall clock of its own start: a clock that was set in between moves events after it, not the life.
    // One more, because the wall clock is written down in whole milliseconds.
    const toMs = endMonoMs === undefined ? Number.POSITIVE_INFINITY : fromMs + (endMonoMs - start.monoMs) + 1
    return Number.isNaN(fromMs) || toMs < fromMs ? [] : [{ fromMs, toMs }]
  })
}

/** PURE. A run was being worked on when a life ended, when something of it happened in that life and it has no end. Most lives first, then as they came. */
export function countLives(runs: readonly RunEvents[], lives: readonly EndedLife[]): UnfinishedRun[] {
  return runs
    .map(({ run, session, at }) => {
      const times = at.map((one) => Date.parse(one))
      const livesEnded = lives.filter(({ fromMs, toMs }) => times.some((ms) => ms >= fromMs && ms <= toMs)).length
      return { run, session, livesEnded }
    })
    .toSorted((a, b) => b.livesEnded - a.livesEnded)
}

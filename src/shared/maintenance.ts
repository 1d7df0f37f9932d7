import { unlinkSync } from 'node:fs'
import { writeFileDurably } from './atomicFile.ts'
import { bootId } from './clock.ts'
import type { HomePaths } from './paths.ts'
import { readSmallJson } from './smallFile.ts'

/** A time in which the watchdog does nothing. It always ends by itself. */
export type Maintenance = {
  readonly bootId: string
  /** Monotonic milliseconds of that boot; a reboot ends maintenance. */
  readonly untilMonoMs: number
  /** The same end on the wall clock, for people. */
  readonly until: string
  readonly reason: string
}

/** Longest maintenance, so that a forgotten one does not leave the agent unwatched: 24 h. */
export const MAX_MAINTENANCE_MS: number = 24 * 3_600_000

/** The maintenance in force at `now` (monotonic), if any. */
export function readMaintenance(paths: HomePaths, now: number): Maintenance | undefined {
  const value = readSmallJson(paths.maintenance) as Partial<Maintenance> | undefined
  if (!value || value.bootId !== bootId() || typeof value.untilMonoMs !== 'number' || now >= value.untilMonoMs)
    return undefined
  return value as Maintenance
}

/** Begins (or replaces) a maintenance of `durationMs`. */
export function beginMaintenance(
  paths: HomePaths,
  durationMs: number,
  reason: string,
  now: { monoMs: number; at: string },
): Maintenance {
  const lastingMs = Math.min(durationMs, MAX_MAINTENANCE_MS)
  const until = new Date(Date.parse(now.at) + lastingMs).toISOString()
  const maintenance = { bootId: bootId(), untilMonoMs: now.monoMs + lastingMs, until, reason }
  writeFileDurably(paths.maintenance, `${JSON.stringify(maintenance)}\n`)
  return maintenance
}

/** Ends it now; false when there was none. */
export function endMaintenance(paths: HomePaths): boolean {
  try {
    unlinkSync(paths.maintenance)
    return true
  } catch {
    return false
  }
}

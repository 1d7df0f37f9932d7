/** `data/hold-restart.json`: restarting is the fault itself, so the guardian refuses starts of the agent for a while. Looks only. */
import { readBoots } from '../shared/bootledger.ts'
import { bootId } from '../shared/clock.ts'
import { appRoot, type HomePaths } from '../shared/paths.ts'
import { readSmallJson } from '../shared/smallFile.ts'
import { inputsHash } from './inputs.ts'

/** A hold. It ends by itself: by time, by a reboot, by a change of what a start depends on, or by a person who asks for a start. */
export type Hold = {
  readonly bootId: string
  /** Monotonic milliseconds of that boot: from when, and until when, no start is let through. */
  readonly sinceMonoMs: number
  readonly untilMonoMs: number
  /** The same end on the wall clock, ISO 8601, UTC: for people. */
  readonly until: string
  /** How many short lives were the reason. */
  readonly lives: number
  /** Hash of settings file, `.env` and lockfile when it began. */
  readonly inputs: string
}

/** Longest hold in minutes. */
export const MAX_HOLD_MINUTES = 60

/**
 * The hold in force at `nowMonoMs`; undefined where there is none. One of another boot, past its end, longer than any hold that we make, or with
 * other inputs than those of now counts as none. `root` is the folder of the program.
 */
export function readHold(paths: HomePaths, nowMonoMs: number, root: string = appRoot): Hold | undefined {
  const value = readSmallJson(paths.holdRestart)
  if (!isHold(value) || value.bootId !== bootId()) return undefined
  const { sinceMonoMs, untilMonoMs, inputs } = value
  const isInTime = sinceMonoMs <= nowMonoMs && nowMonoMs < untilMonoMs
  const isOurs = untilMonoMs - sinceMonoMs <= MAX_HOLD_MINUTES * 60_000
  if (!isInTime || !isOurs || inputs !== inputsHash(paths, root)) return undefined
  return isStartWanted(paths, value) ? undefined : value
}

/** What `ottugi start` and `ottugi restart` leave in the ledger. */
const ASKED_FOR: ReadonlySet<string> = new Set(['ottugi start', 'ottugi restart'])

/** True when a start was asked for by command since the hold began: a person's word goes before it. */
function isStartWanted(paths: HomePaths, { sinceMonoMs }: Hold): boolean {
  return readBoots(paths.boots).some(
    (record) =>
      record.app === 'agent' &&
      record.bootId === bootId() &&
      record.kind === 'reset' &&
      record.monoMs > sinceMonoMs &&
      ASKED_FOR.has(record.reason),
  )
}

function isHold(value: unknown): value is Hold {
  const hold = (typeof value === 'object' && value !== null ? value : {}) as Partial<Record<keyof Hold, unknown>>
  const areTexts = [hold.bootId, hold.until, hold.inputs].every((text) => typeof text === 'string')
  return areTexts && [hold.sinceMonoMs, hold.untilMonoMs, hold.lives].every(Number.isFinite)
}

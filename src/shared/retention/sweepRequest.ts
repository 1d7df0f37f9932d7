/**
 * A request to the watchdog to remove old rows of its database: one file, taken away before it is done, and one with what came of it. It carries the
 * boot and an end: one that lay about removes nothing tomorrow.
 */
import { mkdirSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { writeFileDurably } from '../atomicFile.ts'
import type { HomePaths } from '../paths.ts'
import { readSmallJson } from '../smallFile.ts'
import { type Cutoffs, type RowArea, type RowCounts, readCutoffs } from './rows.ts'

/** How long a request waits to be taken, in milliseconds. */
export const SWEEP_LASTS_MS = 30_000

/** What the watchdog keeps. */
const WATCHDOG_AREAS: readonly RowArea[] = ['incidents', 'alerts', 'metrics']

/** The request. `key` names it, so that its answer is not taken for another one's. */
export type SweepRequest = {
  readonly key: string
  readonly cutoffs: Cutoffs
  readonly bootId: string
  /** Monotonic end of that boot. */
  readonly expiresMonoMs: number
}

/** What came of it. */
export type SweepAnswer =
  | { readonly key: string; readonly removed: RowCounts }
  | { readonly key: string; readonly reason: string }

/** Leaves it, in the place of one that nobody took. */
export function leaveSweep(paths: HomePaths, request: SweepRequest): void {
  mkdirSync(join(paths.data, 'requests'), { recursive: true, mode: 0o700 })
  writeFileDurably(requestFile(paths), `${JSON.stringify(request)}\n`)
}

/** Takes the request off the table; undefined where there is none, or none that may still be done. */
export function takeSweep(
  paths: HomePaths,
  now: { readonly bootId: string; readonly monoMs: number },
): SweepRequest | undefined {
  const value = readSmallJson(requestFile(paths)) as Partial<SweepRequest> | undefined
  if (value === undefined) return undefined
  try {
    unlinkSync(requestFile(paths))
  } catch {
    return undefined
  }
  const cutoffs = readCutoffs(value.cutoffs, WATCHDOG_AREAS)
  const { key, bootId, expiresMonoMs } = value
  const isInTime = bootId === now.bootId && typeof expiresMonoMs === 'number' && expiresMonoMs > now.monoMs
  if (!cutoffs || typeof key !== 'string' || !isInTime || expiresMonoMs - now.monoMs > SWEEP_LASTS_MS) return undefined
  return { key, cutoffs, bootId: now.bootId, expiresMonoMs }
}

/** Says what came of it. */
export function answerSweep(paths: HomePaths, answer: SweepAnswer): void {
  writeFileDurably(answerFile(paths), `${JSON.stringify(answer)}\n`)
}

/** The answer to that request; undefined while there is none. */
export function readSweepAnswer(paths: HomePaths, key: string): SweepAnswer | undefined {
  const value = readSmallJson(answerFile(paths)) as Partial<SweepAnswer> | undefined
  return value?.key === key ? (value as SweepAnswer) : undefined
}

/** Not `.json` in the folder of requests: that is read by the desk for alerts. */
function requestFile({ data }: Pick<HomePaths, 'data'>): string {
  return join(data, 'requests', 'sweep')
}

function answerFile({ data }: Pick<HomePaths, 'data'>): string {
  return join(data, 'requests', 'sweep.answer')
}

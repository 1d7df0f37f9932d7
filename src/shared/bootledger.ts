/**
 * The boot ledger: every start and end of our processes, one JSON line each in `data/boots.jsonl`, with boot id and monotonic time.
 * It is the crash-loop brake and the pacemaker of all three processes, and works when every package is missing:
 * this file and what it imports need nothing but `node:` built-ins.
 *
 * Why not PM2's own brake: it works only in the first `min_uptime × max_restarts` of a process's life.
 */
import { appendFileSync, closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { backoffDelayMs } from './backoff.ts'
import { bootId, now } from './clock.ts'
import { type Identity, ownIdentity } from './identity.ts'
import type { AppName } from './paths.ts'

type LedgerBase = {
  readonly app: AppName
  readonly pid: number
  readonly startTicks: number
  readonly nonce: string
  readonly bootId: string
  readonly monoMs: number
  readonly at: string
}

/** What a line may say. `reset` gives an app a fresh budget: a person asked, a higher tier healed it, or its inputs changed. */
export type LedgerEvent =
  | { readonly kind: 'start' }
  | { readonly kind: 'settings'; readonly settingsHash: string; readonly safeMode: boolean }
  | { readonly kind: 'ready' }
  | { readonly kind: 'refused'; readonly fault: string; readonly reason: string; readonly untilMonoMs: number | null }
  | { readonly kind: 'end'; readonly code: number | null; readonly reason: string; readonly planned: boolean }
  | { readonly kind: 'reset'; readonly reason: string }

export type LedgerRecord = LedgerBase & LedgerEvent

/** How the brake judges. Shared by all three processes; a person changes nothing here, the limits are a promise. */
export const BRAKE = {
  /** A life shorter than this counts as a failed start. */
  stableMs: 10_000,
  /** Failed starts in a row that are still restarted at once. */
  freeFailures: 1,
  firstHoldMs: 3_000,
  maxHoldMs: 60_000,
  /** Never more unplanned starts than this in `windowMs`, whatever the lives were. */
  maxStartsInWindow: 8,
  windowMs: 60_000,
} as const

/** Why a process ended that hands over to its successor. */
export const HANDOVER = 'handover'
/** Why an agent in safe mode ended when its settings were mended: to start whole. */
export const END_OF_SAFE_MODE = 'safe mode is over'

/** Enough for hundreds of records; what is older never decides. */
const TAIL_BYTES = 128 * 1_024

/** Appends one line about this process (or, with `who`, about another one of ours). Short single writes: lines of different processes never mix. */
export function appendBoot(file: string, app: AppName, event: LedgerEvent, who: Identity = ownIdentity()): void {
  const record = {
    app,
    pid: who.pid,
    startTicks: who.startTicks,
    nonce: who.nonce,
    bootId: bootId(),
    ...now(),
    ...event,
  }
  appendFileSync(file, `${JSON.stringify(record)}\n`, { mode: 0o600 })
}

/** The last records of the ledger, oldest first; broken or cut lines are passed over, a missing file is an empty history. */
export function readBoots(file: string): LedgerRecord[] {
  let fd: number
  try {
    fd = openSync(file, 'r')
  } catch {
    return []
  }
  try {
    const { size } = fstatSync(fd)
    const length = Math.min(size, TAIL_BYTES)
    const buffer = Buffer.alloc(length)
    readSync(fd, buffer, 0, length, size - length)
    return buffer.toString('utf8').split('\n').flatMap(parseRecord)
  } finally {
    closeSync(fd)
  }
}

function parseRecord(line: string): LedgerRecord[] {
  try {
    const record = JSON.parse(line)
    return typeof record.app === 'string' && typeof record.kind === 'string' && typeof record.monoMs === 'number'
      ? [record]
      : []
  } catch {
    return []
  }
}

/** One past life of a process as the ledger tells it. */
export type Life = {
  readonly start: LedgerRecord
  /** When it had ended at the latest, or undefined while nothing says that it ended. */
  readonly endMonoMs: number | undefined
  readonly planned: boolean
  readonly ready: boolean
  readonly settingsHash: string | undefined
  readonly endReason: string | undefined
}

/** Folds the records of one app and one boot into lives, oldest first. A start that was refused is no life. */
export function livesOf(records: readonly LedgerRecord[], app: AppName, boot: string): Life[] {
  const lives: Life[] = []
  for (const record of records) {
    if (record.app !== app || record.bootId !== boot) continue
    if (record.kind === 'start') {
      lives.push({
        start: record,
        endMonoMs: undefined,
        planned: false,
        ready: false,
        settingsHash: undefined,
        endReason: undefined,
      })
      continue
    }
    const index = lives.findLastIndex(
      (life) => life.start.pid === record.pid && life.start.startTicks === record.startTicks,
    )
    const life = lives[index]
    if (life) lives.splice(index, 1, ...foldIntoLife(life, record))
  }
  return lives
}

function foldIntoLife(life: Life, record: LedgerRecord): Life[] {
  switch (record.kind) {
    case 'ready':
      return [{ ...life, ready: true }]
    case 'settings':
      return [{ ...life, settingsHash: record.settingsHash }]
    case 'end':
      return [{ ...life, endMonoMs: record.monoMs, planned: record.planned, endReason: record.reason }]
    case 'refused':
      // Refused before it had a life; one that failed and holds the next start has had its own.
      return life.endMonoMs === undefined ? [] : [life]
    default:
      return [life]
  }
}

/** The lives that failed in a row, up to now: unplanned, short, after the last `reset`. Newest last. */
export function failedStarts(records: readonly LedgerRecord[], app: AppName, boot: string): Life[] {
  const resetAt = lastReset(records, app, boot)
  const failed: Life[] = []
  for (const life of livesOf(records, app, boot).toReversed()) {
    if (life.endMonoMs === undefined) continue
    const isShort = life.endMonoMs - life.start.monoMs < BRAKE.stableMs
    if (life.planned || !isShort || life.start.monoMs <= resetAt) break
    failed.unshift(life)
  }
  return failed
}

function lastReset(records: readonly LedgerRecord[], app: AppName, boot: string): number {
  const reset = records.findLast((record) => record.app === app && record.bootId === boot && record.kind === 'reset')
  return reset?.monoMs ?? Number.NEGATIVE_INFINITY
}

/** May this app start now? `holdUntilMonoMs` is the first moment at which the answer becomes yes. */
export type BrakeVerdict =
  | { readonly go: true }
  | { readonly go: false; readonly holdUntilMonoMs: number; readonly failures: number }

/** Decides purely from the records: backoff after failed starts in a row, and a hard cap on starts in the window. */
export function judgeStart(
  records: readonly LedgerRecord[],
  app: AppName,
  boot: string,
  nowMonoMs: number,
): BrakeVerdict {
  const failures = failedStarts(records, app, boot)
  const holdUntilMonoMs = Math.max(holdAfter(failures), windowIsFreeAt(records, app, boot, nowMonoMs))
  return nowMonoMs >= holdUntilMonoMs ? { go: true } : { go: false, holdUntilMonoMs, failures: failures.length }
}

function holdAfter(failures: readonly Life[]): number {
  const beyondFree = failures.length - BRAKE.freeFailures - 1
  if (beyondFree < 0) return Number.NEGATIVE_INFINITY
  const lastEnd = failures.at(-1)?.endMonoMs ?? 0
  return lastEnd + backoffDelayMs(beyondFree, BRAKE.firstHoldMs, BRAKE.maxHoldMs)
}

function windowIsFreeAt(records: readonly LedgerRecord[], app: AppName, boot: string, nowMonoMs: number): number {
  const starts = livesOf(records, app, boot)
    .filter((life) => !life.planned && nowMonoMs - life.start.monoMs < BRAKE.windowMs)
    .map((life) => life.start.monoMs)
  const blocking = starts.at(-BRAKE.maxStartsInWindow)
  return blocking === undefined ? Number.NEGATIVE_INFINITY : blocking + BRAKE.windowMs
}

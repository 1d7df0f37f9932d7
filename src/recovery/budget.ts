/**
 * The purse of recovery: `data/recovery-calls.jsonl`, apart from the agent's. A call is written down with the most that it can cost before it is made,
 * and with what it did cost after; one that was cut off by a kill keeps the worst case. What cannot be written down is not called.
 */
import { randomBytes } from 'node:crypto'
import { closeSync, constants, fstatSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { writeFileDurably } from '../shared/atomicFile.ts'
import { bootId, type Instant } from '../shared/clock.ts'
import type { HomePaths } from '../shared/paths.ts'
import { startOfDay } from '../shared/status.ts'

/** One call: what it may have cost until more is known. */
export type PaidCall = {
  readonly id: string
  readonly at: string
  readonly monoMs: number
  readonly bootId: string
  readonly usd: number
}

/** The calls on record, or why they cannot be read. A missing file is none. */
export type CallsResult =
  | { readonly ok: true; readonly calls: readonly PaidCall[] }
  | { readonly ok: false; readonly reason: string }

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** Beyond this the ledger is written anew with what still counts. */
const MAX_BYTES = 256 * 1_024
const OPENING = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK

/** Where the calls are kept. */
export function callsFile(paths: HomePaths): string {
  return join(paths.data, 'recovery-calls.jsonl')
}

/** Reads the ledger. A line that a kill cut short is passed over: its call had not been made yet. */
export function readCalls(file: string): CallsResult {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return code === 'ENOENT' ? { ok: true, calls: [] } : { ok: false, reason: message }
  }
  const calls = new Map<string, PaidCall>()
  for (const line of text.split('\n')) {
    const { id, at, monoMs, bootId: boot, usd } = parse(line)
    if (typeof id !== 'string' || !Number.isFinite(usd)) continue
    const begun = calls.get(id)
    if (begun) calls.set(id, { ...begun, usd: Math.max(0, usd as number) })
    else
      calls.set(id, {
        id,
        at: String(at),
        monoMs: Number(monoMs),
        bootId: String(boot),
        usd: Math.max(0, usd as number),
      })
  }
  return { ok: true, calls: [...calls.values()] }
}

function parse(line: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

/** How many calls of the last hour count. Both clocks must say that a call is older than that; one of tomorrow counts. */
export function callsLastHour(calls: readonly PaidCall[], { at, monoMs }: Instant, boot: string): number {
  return calls.filter((call) => {
    const isYoung = call.bootId === boot && monoMs - call.monoMs < HOUR_MS
    return isYoung || !(Date.parse(at) - Date.parse(call.at) >= HOUR_MS)
  }).length
}

/** What the calls of today cost, in US dollars, today being the owner's; calls of tomorrow count. */
export function spentToday(calls: readonly PaidCall[], { at }: Instant): number {
  const from = startOfDay(Date.parse(at))
  return calls.filter((call) => !(Date.parse(call.at) < from)).reduce((sum, { usd }) => sum + usd, 0)
}

/** Writes a call down before it is made, durable when it returns. Throws where that cannot be done. */
export function beginCall(file: string, worstUsd: number, now: Instant): string {
  const id = randomBytes(6).toString('hex')
  append(file, { id, ...now, bootId: bootId(), usd: worstUsd }, now)
  return id
}

/** Writes down what it did cost. Where that fails the worst case stays, which is never too little. */
export function endCall(file: string, id: string, usd: number, now: Instant): void {
  try {
    append(file, { id, usd }, now)
  } catch {
    // The line before it stands for the worst case.
  }
}

function append(file: string, line: object, now: Instant): void {
  const fd = openSync(file, OPENING, 0o600)
  try {
    const stats = fstatSync(fd)
    if (!stats.isFile()) throw new Error(`${file} is not a file of its own`)
    const bytes = Buffer.from(`\n${JSON.stringify(line)}\n`)
    for (let offset = 0; offset < bytes.length; ) offset += writeSync(fd, bytes, offset)
    fsyncSync(fd)
    if (stats.size > MAX_BYTES) shorten(file, now)
  } finally {
    closeSync(fd)
  }
}

/** Only one recovery runs at a time, so nobody writes in between. */
function shorten(file: string, { at }: Instant): void {
  const read = readCalls(file)
  if (!read.ok) return
  const kept = read.calls.filter((call) => !(Date.parse(call.at) < Date.parse(at) - 2 * DAY_MS))
  writeFileDurably(file, kept.map((call) => `${JSON.stringify(call)}\n`).join(''))
}

/** What model calls cost, by `logs/usage.jsonl`: the second witness, where the rows of `agent.db` that say so are lost. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'

/** So much of the end of the ledger is read, in bytes: some ten thousand calls. */
const TAIL_BYTES = 4 * 1_024 * 1_024

/** All calls of one run together. `at` is the last one. */
export type RunUsage = {
  readonly run: string
  readonly session: string
  readonly job: string
  readonly at: string
  readonly usd: number
  readonly tokens: number
}

/** The calls by their run. A ledger that cannot be read tells of none; a line that is none is passed over. */
export function readUsage(path: string): RunUsage[] {
  const runs = new Map<string, RunUsage>()
  for (const line of readTail(path).split('\n')) {
    const call = callIn(line)
    const before = call && runs.get(call.run)
    if (call) runs.set(call.run, before ? sumOf(before, call) : call)
  }
  return [...runs.values()]
}

function sumOf(before: RunUsage, call: RunUsage): RunUsage {
  return { ...call, usd: before.usd + call.usd, tokens: before.tokens + call.tokens }
}

function callIn(line: string): RunUsage | undefined {
  try {
    const { at, run, session, job = '', costUsd, ...figures } = JSON.parse(line) as Record<string, unknown>
    const texts = [at, run, session, job]
    if (!texts.every((text) => typeof text === 'string') || !isAmount(costUsd)) return undefined
    const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = figures
    const tokens = [inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens].filter(isAmount)
    const [when = '', ofRun = '', ofSession = '', ofJob = ''] = texts as string[]
    // Recovery has a purse of its own; its calls stand in the same ledger.
    if (ofRun === 'recovery' || Number.isNaN(Date.parse(when))) return undefined
    const spent = { usd: costUsd, tokens: tokens.reduce((sum, count) => sum + count, 0) }
    return { run: ofRun, session: ofSession, job: ofJob, at: when, ...spent }
  } catch {
    return undefined
  }
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}

function readTail(path: string): string {
  try {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    try {
      const stats = fstatSync(fd)
      const length = stats.isFile() ? Math.min(stats.size, TAIL_BYTES) : 0
      const bytes = Buffer.alloc(length)
      return bytes.toString('utf8', 0, readSync(fd, bytes, 0, length, stats.size - length))
    } finally {
      closeSync(fd)
    }
  } catch {
    return ''
  }
}

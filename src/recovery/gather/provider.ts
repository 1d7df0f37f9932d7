/** How the newest model calls went, out of their ledger `logs/usage.jsonl`: our own figures and words, no text of a provider. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { FAILURE_KINDS, type FailureKind } from '../../model/modelCall.ts'
import type { HomePaths } from '../../shared/paths.ts'
import type { ProviderFact } from '../facts.ts'

/** So much of the end of the ledger is read, in bytes: dozens of calls. */
const TAIL_BYTES = 16 * 1_024
/** An older call says nothing of now, in milliseconds. */
const FRESH_MS = 3_600_000
/** These say nothing of a provider. */
const OURS: ReadonlySet<string> = new Set<FailureKind>(['cancelled', 'budget', 'refused', 'bad-answer'])

/** Null where the newest call went well, or none was made lately. */
export function providerFact(paths: HomePaths, nowMs: number): ProviderFact | null {
  const results = readTail(join(paths.logs, 'usage.jsonl'))
    .split('\n')
    .flatMap((line) => resultOf(line, nowMs))
  const lastGood = results.lastIndexOf('ok')
  const failed = results.slice(lastGood + 1).filter((result) => result !== 'ok')
  const failure = failed.at(-1)
  return failure === undefined ? null : { failure, inARow: failed.length }
}

function resultOf(line: string, nowMs: number): ('ok' | FailureKind)[] {
  try {
    const { at, result } = JSON.parse(line) as { at?: unknown; result?: unknown }
    const isFresh = nowMs - Date.parse(String(at)) <= FRESH_MS
    const isKnown = result === 'ok' || FAILURE_KINDS.some((kind) => kind === result)
    return isFresh && isKnown && !OURS.has(String(result)) ? [result as 'ok' | FailureKind] : []
  } catch {
    return []
  }
}

function readTail(path: string): string {
  try {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
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

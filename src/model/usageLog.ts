import { createStream, type RotatingFileStream } from 'rotating-file-stream'
import type { FailureKind, Usage } from './modelCall.ts'

/** One line of `logs/usage.jsonl`: one model call. An attempt that was tried again has a line of its own. */
export type UsageLine = Usage & {
  readonly run: string
  readonly session: string
  readonly job?: string
  readonly task: string
  readonly provider: string
  readonly model: string
  readonly costUsd: number
  /** False where the model has no price: `costUsd` is 0 and means nothing. */
  readonly isPriced: boolean
  readonly latencyMs: number
  readonly result: 'ok' | FailureKind
}

/**
 * Opens the ledger of model calls, on the first line. A line that cannot be written (full disk) is lost:
 * the journal keeps the same figures, and a ledger must not fail the call that it counts.
 */
export function openUsageLog(
  folder: string,
  limits: { maxFileMb: number; maxFiles: number },
): (line: UsageLine) => void {
  let stream: RotatingFileStream | undefined
  return (line) => {
    stream ??= openStream(folder, limits)
    stream.write(`${JSON.stringify({ at: new Date().toISOString(), ...line })}\n`)
  }
}

function openStream(folder: string, limits: { maxFileMb: number; maxFiles: number }): RotatingFileStream {
  const stream = createStream((time, index) => (time ? `usage.${index}.jsonl` : 'usage.jsonl'), {
    path: folder,
    size: `${limits.maxFileMb}M`,
    maxFiles: limits.maxFiles,
    history: '../data/.usage.log-history',
    intervalBoundary: false,
    mode: 0o600,
  })
  stream.on('error', () => {})
  return stream
}

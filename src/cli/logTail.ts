/** The end of a log file, and what comes after it. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

/** One line of a log; lines that are no JSON objects are passed over. */
export type LogLine = { readonly time: string; readonly raw: string; readonly record: Record<string, unknown> }

/** Reads on where it stopped. A file that was rotated begins anew; a half-written line waits for its end. */
export type LogTail = {
  /** The last lines of now, at most `count`. */
  readonly last: (count: number) => LogLine[]
  /** What came since the last call of either. */
  readonly next: () => LogLine[]
}

/** Makes a reader of one file, which need not be there yet. */
export function createLogTail(file: string): LogTail {
  let position = 0
  let inode = 0
  const next = (): LogLine[] => {
    const chunk = readFrom(file, (found) => (found.ino === inode && found.size >= position ? position : 0))
    if (!chunk) return []
    const whole = chunk.bytes.subarray(0, chunk.bytes.lastIndexOf(10) + 1)
    position = chunk.from + whole.length
    inode = chunk.ino
    return whole.toString('utf8').split('\n').filter(Boolean).flatMap(parse)
  }
  return { next, last: (count) => (count === 0 ? next().slice(0, 0) : next().slice(-count)) }
}

type Chunk = { readonly bytes: Buffer; readonly from: number; readonly ino: number }

function readFrom(file: string, start: (found: { ino: number; size: number }) => number): Chunk | undefined {
  let fd: number
  try {
    fd = openSync(file, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  try {
    const { ino, size } = fstatSync(fd)
    const from = start({ ino, size })
    const buffer = Buffer.alloc(size - from)
    return { bytes: buffer.subarray(0, readSync(fd, buffer, 0, buffer.length, from)), from, ino }
  } finally {
    closeSync(fd)
  }
}

function parse(raw: string): LogLine[] {
  try {
    const record = JSON.parse(raw) as unknown
    if (typeof record !== 'object' || record === null) return []
    return [
      {
        time: String((record as Record<string, unknown>)['time'] ?? ''),
        raw,
        record: record as Record<string, unknown>,
      },
    ]
  } catch {
    return []
  }
}

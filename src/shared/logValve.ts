/**
 * Holds back a flood of log lines: what a stream cannot write in time would pile up in memory, and rotation would push every useful line out.
 * A burst passes whole; beyond it lines are dropped for a moment, and one line says how many. Errors have a lane of their own, so that a
 * flood of small talk never hides them.
 */
import { monotonicMs } from './clock.ts'

/** Most that one lane lets through in one window, and most that may wait in memory for the disk. */
export const LOG_FLOW = { windowMs: 1_000, laneBytes: 2_097_152, bufferedBytes: 4_194_304 } as const

/** Where the lines go: a stream. */
export type LineSink = { readonly write: (line: string) => unknown; readonly writableLength: number }

/** pino writes the level first: 50 is `error`, 60 is `fatal`. */
const GRAVE = /^\{"level":[56]\d,/

type Lane = { readonly take: (line: string) => void }

/** A destination for pino in front of `sink`. `onDropped` is called after a flood, or once a window while it goes on; it may log. */
export function createLogValve(sink: LineSink, onDropped: (lines: number) => void): { write: (line: string) => void } {
  const small = createLane(sink, onDropped)
  const grave = createLane(sink, onDropped)
  return { write: (line) => (GRAVE.test(line) ? grave : small).take(line) }
}

function createLane(sink: LineSink, onDropped: (lines: number) => void): Lane {
  let windowAt = Number.NEGATIVE_INFINITY
  let used = 0
  let dropped = 0
  const open = () => {
    if (sink.writableLength > LOG_FLOW.bufferedBytes) return close()
    const lines = dropped
    dropped = 0
    windowAt = Number.NEGATIVE_INFINITY
    onDropped(lines)
  }
  // A timer of a flood only; nobody is kept alive for it.
  const close = () => void setTimeout(open, LOG_FLOW.windowMs).unref()
  return {
    take: (line) => {
      if (dropped > 0) return void dropped++
      const now = monotonicMs()
      if (now - windowAt >= LOG_FLOW.windowMs) {
        windowAt = now
        used = 0
      }
      used += line.length
      if (used <= LOG_FLOW.laneBytes && sink.writableLength <= LOG_FLOW.bufferedBytes) return void sink.write(line)
      dropped = 1
      close()
    },
  }
}

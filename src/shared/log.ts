import { join } from 'node:path'
import { type Logger, pino } from 'pino'
import { createStream } from 'rotating-file-stream'
import type { AppName, HomePaths } from './paths.ts'

export type { Logger } from 'pino'

/** Limits of a log file, from the settings. */
export type LogLimits = { readonly level: string; readonly maxFileMb: number; readonly maxFiles: number }

/** Keys whose values are never written, wherever they stand. */
const SECRET_PATHS = ['token', 'apiKey', 'password', 'secret', 'authorization', 'cookie'].flatMap((key) => [
  key,
  `*.${key}`,
  `*.*.${key}`,
])

/**
 * Opens `logs/<app>.jsonl`: JSON lines, rotated by size, bounded in number. A write error (full disk) is swallowed:
 * a log must never end the process that it describes.
 */
export function openLog(paths: HomePaths, app: AppName, limits: LogLimits): Logger {
  const stream = createStream((time, index) => (time ? `${app}.${index}.jsonl` : `${app}.jsonl`), {
    path: paths.logs,
    size: `${limits.maxFileMb}M`,
    maxFiles: limits.maxFiles,
    history: join('..', 'data', `.${app}.log-history`),
    intervalBoundary: false,
    mode: 0o600,
  })
  stream.on('error', () => {})
  return pino(
    {
      level: limits.level,
      base: { app, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: SECRET_PATHS, censor: '[masked]' },
    },
    stream,
  )
}

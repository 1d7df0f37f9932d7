import { join } from 'node:path'
import { type Logger, pino } from 'pino'
import { createStream } from 'rotating-file-stream'
import { createLogValve } from './logValve.ts'
import type { AppName, HomePaths } from './paths.ts'

export type { Logger } from 'pino'

/** What the agent logs when nothing is left to load: from then on no start keeps its event loop. */
export const ALL_LOADED = 'all is loaded'

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
 * a log must never end the process that it describes. Every line is masked before it is written: the secrets of `.env` as it is then, those of
 * the environment, and what looks like one.
 */
export function openLog(
  paths: HomePaths,
  app: AppName,
  limits: LogLimits,
  environment: NodeJS.ProcessEnv = {},
): Logger {
  const stream = createStream((time, index) => (time ? `${app}.${index}.jsonl` : `${app}.jsonl`), {
    path: paths.logs,
    size: `${limits.maxFileMb}M`,
    maxFiles: limits.maxFiles,
    history: join('..', 'data', `.${app}.log-history`),
    intervalBoundary: false,
    mode: 0o600,
  })
  stream.on('error', () => {})
  const sink = {
    write: masked(paths, environment, (line) => void stream.write(line)),
    get writableLength() {
      return stream.writableLength
    },
  }
  // Before the mask, which costs more than dropping a line does.
  const valve = createLogValve(sink, (dropped) => log.warn({ dropped }, 'log lines were dropped: too many at once'))
  const log: Logger = pino(
    {
      level: limits.level,
      base: { app, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: SECRET_PATHS, censor: '[masked]' },
    },
    valve,
  )
  return log
}

/** The mask is loaded this long after the start, or with the first line: no start waits for it. */
const LOAD_MASK_AFTER_MS = 1_000

type Write = (line: string) => void

/** Writes lines with their secrets masked, in their order. Where the mask cannot be loaded nothing is written: better no line than a secret. */
function masked(paths: HomePaths, environment: NodeJS.ProcessEnv, write: Write): Write {
  const waiting: string[] = []
  let mask: ((line: string) => string) | undefined
  let isLoading = false
  const load = () => {
    if (isLoading) return
    isLoading = true
    void loadMask(paths, environment).then((loaded) => {
      mask = loaded
      for (const line of waiting.splice(0)) write(loaded(line))
    })
  }
  setTimeout(load, LOAD_MASK_AFTER_MS).unref()
  return (line) => {
    if (mask) return write(mask(line))
    waiting.push(line)
    load()
  }
}

async function loadMask(paths: HomePaths, environment: NodeJS.ProcessEnv): Promise<(line: string) => string> {
  try {
    const [{ homeRedactor }, { redactJsonLine }] = await Promise.all([
      import('./redact/homeRedactor.ts'),
      import('./redact/jsonLine.ts'),
    ])
    const redactor = homeRedactor(paths.env, environment)
    return (line) => redactJsonLine(line, redactor().redact)
  } catch {
    return () => ''
  }
}

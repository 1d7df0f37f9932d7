/** A redactor that knows the secrets of a home, and learns when they change. */
import { statSync } from 'node:fs'
import { readEnvFile } from '../config/envFile.ts'
import { knownSecrets } from './knownSecrets.ts'
import { createRedactor, type Redactor } from './redactor.ts'

/** So many values are remembered, the newest ones: what was replaced in `.env` is still a secret. */
const MOST_VALUES = 200

/**
 * Gives the redactor for now. `.env` is looked at on each call (one `stat`) and read when it became another; nothing is read before the first call.
 * Where it cannot be read, what was known stays known.
 */
export function homeRedactor(envFile: string, environment: NodeJS.ProcessEnv): () => Redactor {
  let seen: string | undefined
  let known: readonly string[] = []
  let redactor = createRedactor([])
  return () => {
    const version = versionOf(envFile)
    if (version === seen) return redactor
    seen = version
    const file = readEnvFile(envFile)
    const now = knownSecrets({ env: file.ok ? file.variables : new Map(), environment })
    known = [...new Set([...now, ...known])].slice(0, MOST_VALUES)
    redactor = createRedactor(known)
    return redactor
  }
}

/** Changes when the file does. */
function versionOf(path: string): string {
  try {
    const stats = statSync(path, { throwIfNoEntry: false })
    return stats ? [stats.dev, stats.ino, stats.size, stats.mtimeMs, stats.ctimeMs].join(':') : 'none'
  } catch (error) {
    return String(error)
  }
}

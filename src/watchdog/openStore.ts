import { existsSync, mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { monotonicMs } from '../shared/clock.ts'
import type { Logger } from '../shared/log.ts'
import type { HomePaths } from '../shared/paths.ts'
import { createGuardianJob } from './guardianJob.ts'
import { openWatchStore, type WatchStore } from './store.ts'

const RESTORE_LIMIT_MS = 20_000

/** Opens the watchdog's database; a damaged one is restored by the guardian, and where that fails moved aside whole, so that somebody watches. */
export async function openStoreOrRestore(
  paths: HomePaths,
  environment: NodeJS.ProcessEnv,
  log: Logger,
): Promise<WatchStore> {
  try {
    return openWatchStore(paths.watchdogDb)
  } catch (error) {
    log.error({ error: String(error) }, 'watchdog.db cannot be opened: the guardian is asked')
  }
  await runGuardian(paths, environment)
  try {
    return openWatchStore(paths.watchdogDb)
  } catch (error) {
    log.error({ error: String(error) }, 'watchdog.db is still damaged: it is moved aside')
  }
  moveAside(paths)
  return openWatchStore(paths.watchdogDb)
}

function runGuardian(paths: HomePaths, environment: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((resolve) => {
    const job = createGuardianJob(paths.home, environment, () => resolve())
    job.run(monotonicMs() + RESTORE_LIMIT_MS, 'database-corrupt')
  })
}

/** A database, its write-ahead log and its index belong together: none of them is ever deleted. */
function moveAside(paths: HomePaths): void {
  const folder = join(paths.quarantine, `watchdog-${Date.now()}`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  for (const suffix of ['', '-wal', '-shm']) {
    const file = `${paths.watchdogDb}${suffix}`
    if (existsSync(file)) renameSync(file, join(folder, `watchdog.db${suffix}`))
  }
}

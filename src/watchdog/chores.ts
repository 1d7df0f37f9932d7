/** What the watchdog does now and then while all is well: the last known good, and backups of its own database. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { backupDatabase } from '../shared/backup.ts'
import { childEnvironment } from '../shared/childEnvironment.ts'
import type { Settings } from '../shared/config/schema.ts'
import type { Logger } from '../shared/log.ts'
import { appRoot, type HomePaths } from '../shared/paths.ts'
import { createErrorLogs } from './errorLogs.ts'
import type { LinkState } from './linkServer.ts'
import type { Beat } from './loop.ts'
import type { WatchStore } from './store.ts'

type ChoreParts = {
  readonly paths: HomePaths
  readonly settings: Settings
  readonly store: WatchStore
  readonly link: () => LinkState
  readonly log: Logger
  readonly environment: NodeJS.ProcessEnv
}

/** All chores as one beat. None of them holds the loop up. */
export function createChores(parts: ChoreParts): Beat {
  const { paths, log, settings } = parts
  const errorLogs = createErrorLogs({ paths, log, maxFileMb: settings.logs.maxFileMb })
  const chores = [createKnownGood(parts), createBackups(parts), errorLogs]
  return (now, isResting) => {
    for (const chore of chores) chore(now, isResting)
  }
}

/** After `knownGoodAfterMs` of one healthy life: settings, lockfile hash and a database backup become the last known good. */
function createKnownGood({ paths, settings, link, log, environment }: ChoreParts): Beat {
  let nonce = ''
  let readySince = 0
  let isSaved = false
  return (now, isResting) => {
    const { identity, beat, connected } = link()
    const isReady = connected && beat?.phase === 'ready' && identity !== null
    if (!isReady || identity.nonce !== nonce) {
      nonce = isReady ? identity.nonce : ''
      readySince = now
      isSaved = false
      return
    }
    if (isSaved || isResting || now - readySince < settings.guardian.knownGoodAfterMs) return
    isSaved = true
    const words = [join(appRoot, 'src', 'guardian', 'main.ts'), 'save-known-good', '--home', paths.home]
    const child = spawn(process.execPath, words, { env: childEnvironment(paths.home, environment), stdio: 'ignore' })
    child.on('error', (error) => log.warn({ error: String(error) }, 'the last known good was not saved'))
    child.on('exit', (code) => log.info({ code }, 'last known good'))
  }
}

function createBackups({ paths, settings, log }: ChoreParts): Beat {
  let nextAt: number | undefined
  return (now) => {
    nextAt ??= now + settings.guardian.backupEveryMs
    if (now < nextAt) return
    nextAt = now + settings.guardian.backupEveryMs
    const { backupsKeep: keep } = settings.guardian
    backupDatabase({ dbPath: paths.watchdogDb, backupsDir: paths.backups, keep, at: new Date().toISOString() }).then(
      (result) => result.ok || log.warn({ reason: result.reason }, 'watchdog.db was not backed up'),
      (error) => log.warn({ error: String(error) }, 'watchdog.db was not backed up'),
    )
  }
}

/** Saves what the agent stays healthy with, for the day on which somebody changes it for the worse. */
import { existsSync } from 'node:fs'
import { livingOf } from '../repair/actions/stopOwnOrphan.ts'
import { fileHash, type KnownGood, writeKnownGood } from '../repair/knownGoodFile.ts'
import { settingsTextOf } from '../repair/settingsText.ts'
import { backupDatabase } from '../shared/backup.ts'
import { readBoots } from '../shared/bootledger.ts'
import { now } from '../shared/clock.ts'
import { loadSettings, settingsHash } from '../shared/config/load.ts'
import { sameProcess } from '../shared/identity.ts'
import { lockfileOf } from '../shared/lockedPackages.ts'
import { appVersion, type HomePaths } from '../shared/paths.ts'

export { type KnownGood, readKnownGood } from '../repair/knownGoodFile.ts'

/** What was saved, or why nothing was. */
export type SaveResult =
  | { readonly ok: true; readonly good: KnownGood }
  | { readonly ok: false; readonly reason: string }

/** Where things lie. */
export type SaveInput = { readonly paths: HomePaths; readonly environment: NodeJS.ProcessEnv; readonly appRoot: string }

/**
 * Saves settings, lockfile hash and a fresh database backup as known good. Only for the settings that the living agent runs with:
 * a file that was changed since its start is proved by nothing, and safe mode proves nothing at all.
 */
export async function saveKnownGood({ paths, environment, appRoot }: SaveInput): Promise<SaveResult> {
  const loaded = loadSettings({ settingsFile: paths.settings, envFile: paths.env, environment })
  if (!loaded.ok) return { ok: false, reason: 'the settings are not valid' }
  const inForce = settingsInForce(paths)
  if (!inForce) return { ok: false, reason: 'no living agent has recorded its settings' }
  if (inForce.safeMode) return { ok: false, reason: 'the agent runs in safe mode' }
  const hash = settingsHash(loaded.settings)
  if (inForce.settingsHash !== hash) return { ok: false, reason: 'the settings were changed since the agent started' }
  const good: KnownGood = {
    settingsText: settingsTextOf(paths),
    settingsHash: hash,
    lockfileHash: fileHash(lockfileOf(appRoot)),
    databaseBackup: await backUp(paths, loaded.settings.guardian.backupsKeep),
    version: appVersion(),
    savedAt: now().at,
  }
  writeKnownGood(paths, good)
  return { ok: true, good }
}

function settingsInForce(paths: HomePaths) {
  const agent = livingOf(paths, 'agent').at(-1)
  const record = readBoots(paths.boots).findLast(
    (candidate) => candidate.kind === 'settings' && candidate.app === 'agent' && sameProcess(candidate, agent),
  )
  return record?.kind === 'settings' ? record : undefined
}

/** Good settings are worth keeping also when the backup fails. */
async function backUp(paths: HomePaths, keep: number): Promise<string | null> {
  if (!existsSync(paths.agentDb)) return null
  const result = await backupDatabase({ dbPath: paths.agentDb, backupsDir: paths.backups, keep, at: now().at })
  return result.ok ? result.name : null
}

/** Probes that need packages of ours: they are loaded here and not before, and where they cannot be, that is the fact. */
import { inspectDatabase, readWitness } from '../../repair/database/inspect.ts'
import { readDependencyFaults } from '../../repair/dependencyState.ts'
import { lookAt } from '../../repair/fileState.ts'
import { listBackups } from '../../shared/backup.ts'
import type { Settings } from '../../shared/config/schema.ts'
import type { HomePaths } from '../../shared/paths.ts'
import type { DatabaseState, Facts } from '../facts.ts'
import { attempt } from './attempt.ts'

/** Of a larger database only schema and end are read: every page would take longer than a look may. In bytes. */
const WHOLLY_READ_BYTES = 32 * 1_024 * 1_024

/** Are the packages those of the lockfile, and can a native one be loaded? */
export async function dependencyFact(appRoot: string): Promise<Facts['dependencies']> {
  if (attempt(() => readDependencyFaults(appRoot).length > 0, false)) return 'damaged'
  try {
    const { default: Sqlite } = await import('better-sqlite3')
    new Sqlite(':memory:').close()
    return 'ok'
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_DLOPEN_FAILED' ? 'wrong-abi' : 'damaged'
  }
}

/** The settings, where they are valid, and what became of reading them. */
export async function settingsFact(
  paths: HomePaths,
  environment: NodeJS.ProcessEnv,
): Promise<{ readonly state: Facts['settings']; readonly settings: Settings | undefined }> {
  const { readConfigFile } = await import('../../shared/config/readConfigFile.ts')
  const file = readConfigFile(paths.settings)
  if (!file.ok) return { state: 'unreadable', settings: undefined }
  const { loadSettings } = await import('../../shared/config/load.ts')
  const loaded = loadSettings({ settingsFile: paths.settings, envFile: paths.env, environment })
  // A mistake in `.env` or in the environment is not mended by any change of ottugi.yaml.
  if (!loaded.ok) {
    const isInFile = loaded.problems.some(({ where }) => where === 'ottugi.yaml')
    return { state: isInFile ? 'invalid' : 'unreadable', settings: undefined }
  }
  return { state: file.text === undefined ? 'missing' : 'valid', settings: loaded.settings }
}

/** Is a database sound? One that a living process writes is looked at only shortly. */
export async function databaseFact(
  paths: HomePaths,
  name: 'agent' | 'watchdog',
  isInUse: boolean,
): Promise<DatabaseState> {
  const path = name === 'agent' ? paths.agentDb : paths.watchdogDb
  const isSmall = (lookAt(path)?.size ?? 0) <= WHOLLY_READ_BYTES
  const facts = await inspectDatabase(path, isInUse || !isSmall ? 'quick' : 'pages')
  switch (facts.state) {
    case 'sound':
      return name === 'agent' && facts.headSeq !== null && facts.headSeq < readWitness(paths) ? 'damaged' : 'ok'
    case 'missing':
      return listBackups(paths.backups, name).length > 0 ? 'damaged' : 'missing'
    case 'corrupt':
      return 'damaged'
    case 'closed':
      return /locked|busy/i.test(facts.detail) ? 'locked' : 'unreadable'
  }
}

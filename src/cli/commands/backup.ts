/** `ottugi backup`: the state of this home in one file, proved before it counts. */
import { existsSync, mkdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Command } from 'commander'
import { type BackupTaken, takeBackup } from '../../service/backup/takeBackup.ts'
import { now } from '../../shared/clock.ts'
import { readDiskRoom } from '../../shared/diskRoom.ts'
import { EXIT } from '../../shared/exitCodes.ts'
import { acquireLock } from '../../shared/lockFile.ts'
import { text } from '../../shared/messages/text.ts'
import { appVersion, type HomePaths } from '../../shared/paths.ts'
import { printedCommand, shellWord } from '../../shared/printedCommand.ts'
import type { CliContext } from '../context.ts'
import { inPreparedHome } from '../lifecycle/inPreparedHome.ts'
import { sizeWords } from '../sizeWords.ts'
import { terminalSafe } from '../terminalSafe.ts'
import { addPassphraseOptions, type PassphraseOptions, readNewPassphrase } from './backupPassphrase.ts'

type Options = PassphraseOptions & {
  readonly withSecrets?: boolean
  readonly workspace?: boolean
  readonly json?: boolean
}

/** Adds `backup`. */
export function registerBackup(program: Command, context: CliContext): void {
  const { language } = context
  addPassphraseOptions(program.command('backup [file]'), context, false)
    .description(text(language, 'cli.backup'))
    .option('--with-secrets', text(language, 'cli.backupSecrets'))
    .option('--workspace', text(language, 'cli.backupWorkspace'))
    .option('--json', text(language, 'cli.optJson'))
    .action(async (file: string | undefined, options: Options) => context.exit(await backup(context, file, options)))
}

/** The one lock of everything that copies or exchanges the state of a home. */
export function stateLock({ run }: Pick<HomePaths, 'run'>): string {
  return join(run, 'state.lock')
}

/** Exits 0 with a proved backup, 1 where none was made, 2 for wrong usage, 75 while another one is under way. */
export async function backup(context: CliContext, given: string | undefined, options: Options): Promise<number> {
  const { paths, language, home } = context
  if (![paths.agentDb, paths.watchdogDb, paths.settings].some((path) => existsSync(path)))
    return refuse(context, text(language, 'backup.nothing', { home: terminalSafe(home) }))
  const at = now().at
  const file = given === undefined ? join(paths.backups, `ottugi-${at.replace(/[:.]/g, '-')}.backup`) : resolve(given)
  if (existsSync(file)) return refuse(context, text(language, 'backup.exists', { file: terminalSafe(file) }))
  const read = await readNewPassphrase(context, options)
  if (!read.ok) return refuse(context, read.words)
  const secrets = read.passphrase !== undefined || options.withSecrets === true
  return inPreparedHome(context, async () => {
    const lock = acquireLock(stateLock(paths))
    if (!lock.ok) return refuse(context, text(language, 'backup.busy'), EXIT.tryAgain)
    try {
      if (dirname(file) === paths.backups) mkdirSync(paths.backups, { recursive: true, mode: 0o700 })
      const taken = await takeBackup({
        ...{ paths, file, at, secrets, workspace: options.workspace === true, passphrase: read.passphrase },
        ...{ version: appVersion(), environment: context.environment, readRoom: readDiskRoom },
      })
      return tell(context, { file, taken, isSealed: read.passphrase !== undefined, isJson: options.json === true })
    } finally {
      lock.release()
    }
  })
}

type Told = {
  readonly file: string
  readonly taken: BackupTaken
  readonly isSealed: boolean
  readonly isJson: boolean
}

function tell(context: CliContext, told: Told): number {
  const { language, out, err } = context
  const { file, taken, isSealed, isJson } = told
  if (!taken.ok) return refuse(context, whyNone(context, taken), EXIT.failed)
  const { bytes, files, leftOut, manifest, complaints } = taken
  if (isJson) out(JSON.stringify({ file, bytes, files, leftOut, isSealed, complaints, ...manifest }))
  else tellDone(context, told, taken)
  for (const what of complaints) err(text(language, 'backup.complaint', { what: terminalSafe(what) }))
  return EXIT.ok
}

function whyNone({ language }: CliContext, { fault, detail }: Extract<BackupTaken, { ok: false }>): string {
  if (fault === 'no-room') return text(language, 'backup.noRoom')
  return text(language, 'backup.failed', { reason: terminalSafe(detail) })
}

function tellDone(context: CliContext, { file, isSealed }: Told, taken: Extract<BackupTaken, { ok: true }>): void {
  const { language, out, home } = context
  const { bytes, files, leftOut, manifest } = taken
  const events = manifest.databases['agent']?.rows['events'] ?? 0
  out(text(language, 'backup.done', { file: terminalSafe(file), size: sizeWords(bytes), events, files }))
  const unsealed = manifest.hasSecrets ? 'backup.withSecrets' : 'backup.withoutSecrets'
  out(text(language, isSealed ? 'backup.sealed' : unsealed))
  if (leftOut > 0) out(text(language, 'backup.leftOut', { count: leftOut }))
  const command = printedCommand(`restore ${shellWord(file)}${isSealed ? ' --passphrase' : ''}`, home)
  out(text(language, 'restore.restoreCommand', { command: terminalSafe(command) }))
}

function refuse({ err }: CliContext, words: string, code: number = EXIT.usage): number {
  err(words)
  return code
}

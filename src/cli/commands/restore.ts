/** `ottugi restore`: a backup in place of the state of a home, and back again. Nothing is deleted, and a kill at any moment leaves the old state whole. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline/promises'
import type { Command } from 'commander'
import { dropStaged, type StagedRestore, settleStaged, stageRestore } from '../../service/backup/stageRestore.ts'
import { incomingFolder, outgoingFolder, readSwap, swapBack, swapHome } from '../../service/homeSwap.ts'
import { now } from '../../shared/clock.ts'
import { readDiskRoom } from '../../shared/diskRoom.ts'
import { EXIT } from '../../shared/exitCodes.ts'
import { acquireLock } from '../../shared/lockFile.ts'
import { text } from '../../shared/messages/text.ts'
import { appVersion } from '../../shared/paths.ts'
import { printedCommand } from '../../shared/printedCommand.ts'
import { ownProgram } from '../../shared/programOf.ts'
import type { CliContext } from '../context.ts'
import { formatTime } from '../duration.ts'
import { atRest } from '../lifecycle/atRest.ts'
import { inPreparedHome } from '../lifecycle/inPreparedHome.ts'
import { terminalSafe } from '../terminalSafe.ts'
import { stateLock } from './backup.ts'
import { addPassphraseOptions, type PassphraseOptions, readPassphrase } from './backupPassphrase.ts'
import { explainRestore } from './restoreWords.ts'
import { start } from './start.ts'

type Options = PassphraseOptions & {
  readonly back?: boolean
  readonly yes?: boolean
  readonly dryRun?: boolean
  readonly json?: boolean
}
type Ready = Extract<StagedRestore, { ok: true }>

/** Adds `restore`. */
export function registerRestore(program: Command, context: CliContext): void {
  const { language } = context
  addPassphraseOptions(program.command('restore [file]'), context, true)
    .description(text(language, 'cli.restore'))
    .option('--back', text(language, 'cli.restoreBack'))
    .option('--yes', text(language, 'cli.optYes'))
    .option('--dry-run', text(language, 'cli.restoreDryRun'))
    .option('--json', text(language, 'cli.optJson'))
    .action(async (file: string | undefined, options: Options) => context.exit(await restore(context, file, options)))
}

/** Exits 0 when the state was exchanged, 1 where the backup is not good for this home, 2 for wrong usage, 75 where something else is under way. */
export async function restore(context: CliContext, given: string | undefined, options: Options): Promise<number> {
  const { language, paths } = context
  if ((given === undefined) !== (options.back === true)) {
    const command = printedCommand(options.back ? 'restore --back' : 'restore FILE', context.home)
    return refuse(context, text(language, 'restore.needsFile', { command }), EXIT.usage)
  }
  return inPreparedHome(context, async () => {
    const lock = acquireLock(stateLock(paths))
    if (!lock.ok) return refuse(context, text(language, 'backup.busy'), EXIT.tryAgain)
    try {
      return given === undefined ? await goBack(context, options) : await fromFile(context, resolve(given), options)
    } finally {
      lock.release()
    }
  })
}

async function fromFile(context: CliContext, file: string, options: Options): Promise<number> {
  const { paths, language, environment } = context
  if (!existsSync(file))
    return refuse(context, text(language, 'restore.noFile', { file: terminalSafe(file) }), EXIT.usage)
  const read = await readPassphrase(context, options)
  if (!read.ok) return refuse(context, read.words, EXIT.usage)
  const staged = await stageRestore({
    ...{ paths, file, environment, passphrase: read.passphrase, version: appVersion(), at: now().at },
    ...{ program: ownProgram(), readRoom: readDiskRoom },
  })
  if (!staged.ok) {
    context.err(explainRestore(language, { ...staged, file, own: appVersion() }))
    return refuse(context, text(language, 'restore.unchanged', { home: terminalSafe(context.home) }))
  }
  if (options.dryRun) {
    dropStaged(paths, staged.id)
    context.out(text(language, 'restore.dryRun', facts(staged)))
    return EXIT.ok
  }
  const refusal = await consent(context, staged, options)
  if (refusal === undefined) return exchange(context, staged, options)
  dropStaged(paths, staged.id)
  return refuse(context, refusal, EXIT.usage)
}

function facts({ manifest }: Ready): { at: string; events: number } {
  return { at: formatTime(manifest.createdAt), events: manifest.databases['agent']?.rows['events'] ?? 0 }
}

/** An empty home needs no question. Gives what is said when the answer is no. */
async function consent(context: CliContext, staged: Ready, { yes }: Options): Promise<string | undefined> {
  const { paths, language, home, isTerminal, input, err } = context
  if (yes || ![paths.agentDb, paths.watchdogDb, paths.settings].some((path) => existsSync(path))) return undefined
  if (!isTerminal) return text(language, 'restore.needsYes', { home: terminalSafe(home) })
  const { version } = staged.manifest
  err(text(language, 'restore.ask', { ...facts(staged), version: terminalSafe(version), home: terminalSafe(home) }))
  const lines = createInterface({ input })
  const closed = new Promise<string>((answer) => lines.once('close', () => answer('')))
  try {
    const answer = await Promise.race([lines.question(''), closed])
    return answer.trim() === 'yes' ? undefined : text(language, 'restore.notDone')
  } finally {
    lines.close()
  }
}

async function exchange(context: CliContext, staged: Ready, options: Options): Promise<number> {
  const { paths, language } = context
  const { id, names, manifest } = staged
  const at = now().at
  const reason = text(language, 'restore.endedReason', { at: manifest.createdAt })
  const rested = await atRest(context, () => {
    const ended = settleStaged(paths, id, { nowMs: Date.parse(at), reason })
    return { ended, swapped: swapHome(paths, { id, why: 'restore', at, names }) }
  })
  if (!rested.ok) {
    dropStaged(paths, id)
    return notAtRest(context, rested)
  }
  const { ended, swapped } = rested.value
  if (!swapped.ok) context.err(text(language, 'restore.swapFailed', { reason: terminalSafe(swapped.reason) }))
  else {
    const command = printedCommand('restore --back', context.home)
    const kept = terminalSafe(outgoingFolder(paths, id))
    if (options.json) context.out(JSON.stringify({ id, ended, kept, manifest }))
    else {
      context.out(text(language, 'restore.done', facts(staged)))
      if (ended > 0) context.out(text(language, 'restore.ended', { count: ended }))
      context.out(text(language, 'restore.kept', { folder: kept, command }))
    }
  }
  return goOn(context, rested.wasRunning, swapped.ok ? EXIT.ok : EXIT.failed)
}

async function goBack(context: CliContext, options: Options): Promise<number> {
  const { paths, language, home } = context
  const last = readSwap(paths)
  const isThere = last?.why === 'restore' && last.state === 'done'
  if (!last || !isThere) return refuse(context, text(language, 'restore.noBack', { home: terminalSafe(home) }))
  const rested = await atRest(context, () => swapBack(paths))
  if (!rested.ok) return notAtRest(context, rested)
  const folder = terminalSafe(incomingFolder(paths, last.id))
  const words = text(language, 'restore.wentBack', { at: formatTime(last.at), folder })
  context.out(options.json ? JSON.stringify({ id: last.id, kept: folder }) : words)
  return goOn(context, rested.wasRunning, EXIT.ok)
}

/** Whoever ran before runs again, with the state that is there now. */
async function goOn(context: CliContext, wasRunning: boolean, code: number): Promise<number> {
  if (!wasRunning) return code
  // What the start says is no answer of this command.
  const started = await start(Object.create(context, { out: { value: context.err } }), {})
  return code === EXIT.ok ? started : code
}

function notAtRest(
  context: CliContext,
  rested: { readonly why: 'locked' } | { readonly why: 'left'; readonly pids: readonly number[] },
): number {
  const { language } = context
  if (rested.why === 'locked') return refuse(context, text(language, 'restore.locked'), EXIT.tryAgain)
  return refuse(context, text(language, 'restore.left', { pids: rested.pids.join(', ') }))
}

function refuse({ err }: CliContext, words: string, code: number = EXIT.failed): number {
  err(words)
  return code
}

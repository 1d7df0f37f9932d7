/** `ottugi update`: a new version beside the old one, asked first, switched to without a pause, watched, and taken back by itself where it is not good. */
import { existsSync, rmSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { incomingFolder, type Progress } from '../../service/homeSwap.ts'
import type { HoldLimits } from '../../service/update/hold.ts'
import { proveRelease, type ReleaseProof } from '../../service/update/proveRelease.ts'
import { renewRescue, sweepReleases } from '../../service/update/releases.ts'
import { undoUpdate } from '../../service/update/settleUpdate.ts'
import { stageRelease, type UpdateSource } from '../../service/update/stageRelease.ts'
import { readUpdate, type UpdateRecord } from '../../service/update/updateRecord.ts'
import { monotonicMs, now } from '../../shared/clock.ts'
import { readDesired } from '../../shared/desired.ts'
import { readDiskRoom } from '../../shared/diskRoom.ts'
import { EXIT } from '../../shared/exitCodes.ts'
import { isAlive, ownIdentity } from '../../shared/identity.ts'
import { acquireLock } from '../../shared/lockFile.ts'
import { readMaintenance } from '../../shared/maintenance.ts'
import { text } from '../../shared/messages/text.ts'
import { newId } from '../../shared/newId.ts'
import { npmOrOttugi, printedCommand } from '../../shared/printedCommand.ts'
import { baseProgram, currentRelease, ownProgram, releaseOf, releasesFolder } from '../../shared/programOf.ts'
import type { CliContext } from '../context.ts'
import { parseDuration } from '../duration.ts'
import { atRest } from '../lifecycle/atRest.ts'
import { inPreparedHome } from '../lifecycle/inPreparedHome.ts'
import { callElsewhere } from '../lifecycle/runElsewhere.ts'
import { livingProcesses } from '../lifecycle/takeDown.ts'
import { terminalSafe } from '../terminalSafe.ts'
import { eventsSince, switchVersion } from '../update/switchVersion.ts'
import { stateLock } from './backup.ts'
import { start } from './start.ts'
import { explainProof, explainStage, tellSwitched } from './updateWords.ts'

/** What `update` is called with. */
export type UpdateOptions = {
  readonly to?: string
  readonly from?: string
  readonly back?: boolean
  readonly dryRun?: boolean
  readonly hold?: string
  readonly json?: boolean
}

/** Longest time until a new version is ready, and that nobody may answer, in milliseconds: a hand-over is over within a fraction of it. */
const READY_MS = 30_000
const LOST_MS = 1_200
const HOLD = '60s'
const VERSION = /^\d{1,6}\.\d{1,6}\.\d{1,6}(?:-[0-9A-Za-z.-]{1,40})?$/

/** Adds `update`. */
export function registerUpdate(program: Command, context: CliContext): void {
  const { language } = context
  program
    .command('update')
    .description(text(language, 'cli.update'))
    .option('--to <version>', text(language, 'cli.updateTo'))
    .option('--from <path>', text(language, 'cli.updateFrom'))
    .option('--back', text(language, 'cli.updateBack'))
    .option('--dry-run', text(language, 'cli.updateDryRun'))
    .option('--hold <duration>', text(language, 'cli.updateHold'), HOLD)
    .option('--json', text(language, 'cli.optJson'))
    .action(async (options: UpdateOptions) => context.exit(await update(context, options)))
}

/** Exits 0 with the new version in force, 1 where it was not taken or was taken back, 2 for wrong usage, 75 where something else is under way. */
export async function update(
  context: CliContext,
  options: UpdateOptions,
  progress: Progress = () => {},
): Promise<number> {
  const { language, paths } = context
  const holdMs = parseDuration(options.hold ?? HOLD)
  const source = sourceOf(options)
  if (holdMs === undefined || (source === undefined) !== (options.back === true))
    return refuse(context, text(language, 'update.usage', { command: printedCommand('update --help') }), EXIT.usage)
  if (source && source.kind !== 'registry' && !existsSync(source.path))
    return refuse(context, text(language, 'restore.noFile', { file: terminalSafe(source.path) }), EXIT.usage)
  return inPreparedHome(context, async () => {
    const lock = acquireLock(stateLock(paths))
    if (!lock.ok) return refuse(context, text(language, 'backup.busy'), EXIT.tryAgain)
    try {
      if (isCutOff(context)) return refuse(context, cutOffWords(context), EXIT.tryAgain)
      const limits = { readyMs: READY_MS, lostMs: LOST_MS, holdMs }
      return source ? await toNew(context, { source, options, limits, progress }) : await goBack(context, options)
    } finally {
      lock.release()
    }
  })
}

/** Nobody knows which version runs: a stop and a start settle it. */
function isCutOff({ paths }: CliContext): boolean {
  const last = readUpdate(paths)
  return (last?.state === 'switching' || last?.state === 'back') && !isAlive(last.updater)
}

function cutOffWords({ paths, language }: CliContext): string {
  const [stop, begin] = [npmOrOttugi('stop', paths.home), npmOrOttugi('start', paths.home)]
  return text(language, 'update.cutOff', { stop, start: begin })
}

function sourceOf({ to, from }: UpdateOptions): UpdateSource | undefined {
  if ((to === undefined) === (from === undefined)) return undefined
  if (to !== undefined) return VERSION.test(to) ? { kind: 'registry', version: to } : undefined
  const path = resolve(from ?? '')
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
  return { kind: isFolder ? 'folder' : 'file', path }
}

type Order = {
  readonly source: UpdateSource
  readonly options: UpdateOptions
  readonly limits: HoldLimits
  readonly progress: Progress
}

async function toNew(context: CliContext, { source, options, limits, progress }: Order): Promise<number> {
  const { paths, language, environment } = context
  const at = now().at
  sweep(context)
  const base = baseProgram()
  const staged = await stageRelease({ paths, source, base, environment, at, readRoom: readDiskRoom, progress })
  if (!staged.ok) return refuse(context, explainStage(language, staged))
  const drop = () => rmSync(join(releasesFolder(paths.home), staged.id), { recursive: true, force: true })
  const to = releaseOf(paths.home, staged.id, base)
  if (!to) {
    drop()
    return refuse(context, text(language, 'update.noProgram', { detail: staged.id }))
  }
  const id = newId(Date.parse(at))
  const own = ownProgram()
  const proof = await proveRelease({
    paths,
    program: to,
    own,
    environment,
    at,
    folder: join(paths.data, 'swaps', id, 'proof'),
    progress,
  })
  progress('proved')
  if (!proof.ok || options.dryRun) {
    drop()
    rmSync(join(paths.data, 'swaps', id), { recursive: true, force: true })
    return proof.ok
      ? tellDryRun(context, to.version, proof, options)
      : refuse(context, explainProof(language, proof, to.version))
  }
  const isRunning = readDesired(paths.desired) === 'running' && livingProcesses(paths).length > 0
  const endsMaintenance = isRunning && readMaintenance(paths, monotonicMs()) === undefined
  const record = recordOf(context, { id, at, proof, to: staged.id, toVersion: to.version, endsMaintenance })
  const switched = await switchVersion(context, { record, to, isRunning, limits, progress })
  tellRescue(context)
  // One that could not be taken back stays in its place until the next start takes it back.
  if (currentRelease(paths.home) !== staged.id) drop()
  sweep(context)
  return tellSwitched(context, { switched, record, isRunning, isJson: options.json === true })
}

type Facts = Pick<UpdateRecord, 'id' | 'at' | 'to' | 'toVersion' | 'endsMaintenance'> & {
  readonly proof: Extract<ReleaseProof, { ok: true }>
}

function recordOf({ paths }: CliContext, { proof, ...facts }: Facts): UpdateRecord {
  const from = currentRelease(paths.home) ?? null
  const { forms, changesForm } = proof
  return {
    ...facts,
    state: 'switching',
    from,
    fromVersion: ownProgram().version,
    updater: ownIdentity(),
    forms,
    changesForm,
  }
}

/** The rescue of a service belongs to the version in force, whichever that is now. */
function tellRescue({ paths, language, err }: CliContext): void {
  const complaint = renewRescue(paths, now().at)
  if (complaint !== undefined) err(text(language, 'update.noRescue', { detail: terminalSafe(complaint) }))
}

/** The release in force and the one before it stay. */
function sweep({ paths }: CliContext): void {
  const last = readUpdate(paths)
  sweepReleases(paths.home, [last?.from ?? null, last?.to ?? null])
}

function tellDryRun(
  { language, out }: CliContext,
  version: string,
  { changesForm }: Extract<ReleaseProof, { ok: true }>,
  options: UpdateOptions,
): number {
  if (options.json) out(JSON.stringify({ dryRun: true, version, changesForm }))
  else {
    out(text(language, 'update.dryRun', { version, own: ownProgram().version }))
    if (changesForm) out(text(language, 'update.changesForm'))
  }
  return EXIT.ok
}

/** A person wants the version from before the last update. What was written since goes aside where the databases change with it. */
async function goBack(context: CliContext, options: UpdateOptions): Promise<number> {
  const { paths, language } = context
  const record = readUpdate(paths)
  if (record?.state !== 'done') return refuse(context, text(language, 'update.noBack'))
  const rested = await atRest(context, async () => {
    const lost = record.changesForm ? await eventsSince(context, record) : 0
    undoUpdate(paths, record)
    return lost
  })
  if (!rested.ok) return refuse(context, text(language, 'restore.locked'), EXIT.tryAgain)
  tellRescue(context)
  const { fromVersion: version } = record
  if (options.json) context.out(JSON.stringify({ version, lost: rested.value }))
  else context.out(text(language, 'update.wentBack', { version }))
  if (rested.value > 0) {
    const folder = terminalSafe(join(incomingFolder(paths, record.id), '..'))
    context.err(text(language, 'update.lost', { count: rested.value, folder }))
  }
  if (!rested.wasRunning) return EXIT.ok
  // This is the version that was left: it would start itself again.
  const code = await callElsewhere(context, ['start', '--home', paths.home])
  return code ?? start(Object.create(context, { out: { value: context.err } }), {})
}

function refuse({ err }: CliContext, words: string, code: number = EXIT.failed): number {
  err(words)
  return code
}

/** Switches a running home to another version, watches it, and takes it back where it is not good. Every step is on record before it is done. */
import { incomingFolder, type Progress } from '../../service/homeSwap.ts'
import { findInstalled } from '../../service/installed.ts'
import type { HoldLimits } from '../../service/update/hold.ts'
import { keepDatabases, lastEvent } from '../../service/update/proveRelease.ts'
import { setCurrent } from '../../service/update/releases.ts'
import { undoUpdate } from '../../service/update/settleUpdate.ts'
import { type UpdateRecord, writeUpdate } from '../../service/update/updateRecord.ts'
import { now } from '../../shared/clock.ts'
import { EXIT } from '../../shared/exitCodes.ts'
import { beginMaintenance, endMaintenance } from '../../shared/maintenance.ts'
import { text } from '../../shared/messages/text.ts'
import type { Program } from '../../shared/programOf.ts'
import { readLiving } from '../../shared/runtimeFile.ts'
import { createPm2 } from '../../shared/supervisor/pm2.ts'
import { start } from '../commands/start.ts'
import type { CliContext } from '../context.ts'
import { atRest } from '../lifecycle/atRest.ts'
import { awaitRing } from '../lifecycle/awaitRing.ts'
import { bringUp } from '../lifecycle/bringUp.ts'
import { takeStartLock } from '../lifecycle/startLock.ts'
import { readStartSettings } from '../lifecycle/startSettings.ts'
import { bridgeGap, endNewcomers, forgetFailures, handOver } from './handOver.ts'
import { type RingBefore, ringNow, type WatchEnd, watchNew } from './watchNew.ts'

/** What is switched to. `record` says `switching`. */
export type Switch = {
  readonly record: UpdateRecord
  readonly to: Program
  readonly isRunning: boolean
  readonly limits: HoldLimits
  readonly progress: Progress
}

/** How it ended. `back`: the old version runs again, and why; `lost` are events that were written after the switch and are kept aside. */
export type Switched =
  | { readonly end: 'done' }
  | { readonly end: 'not-begun'; readonly detail: string }
  | {
      readonly end: 'back'
      readonly why: WatchEnd
      readonly detail: string
      readonly lost: number
      readonly isWell: boolean
    }

/** Longer than any hand-over: a forgotten maintenance ends by itself. */
const MAINTENANCE_SPARE_MS = 120_000
const LOCK_LIMIT_MS = 30_000
const BACK_LIMIT_MS = 40_000

/** Switches. Where nothing runs, only the name of the version in force changes, and the next start is the new one. */
export async function switchVersion(context: CliContext, order: Switch): Promise<Switched> {
  const { paths } = context
  const { record, progress } = order
  if (record.changesForm) {
    const complaint = await keepDatabases(paths, incomingFolder(paths, record.id), record.at)
    if (complaint !== undefined) return { end: 'not-begun', detail: complaint }
    progress('copied')
  }
  writeUpdate(paths, record)
  progress('recorded')
  if (order.isRunning) return duringMaintenance(context, order, () => switchRunning(context, order))
  setCurrent(paths.home, record.to)
  progress('linked')
  writeUpdate(paths, { ...record, state: 'done' })
  return { end: 'done' }
}

/** The watchdog takes what happens for what it is. A maintenance that a person began stays theirs. */
async function duringMaintenance(
  { paths, language }: CliContext,
  { record, limits }: Switch,
  work: () => Promise<Switched>,
): Promise<Switched> {
  const lastsMs = limits.readyMs + limits.holdMs + MAINTENANCE_SPARE_MS
  const reason = text(language, 'update.maintenance', { version: record.toVersion })
  if (record.endsMaintenance) beginMaintenance(paths, lastsMs, reason, now())
  try {
    return await work()
  } finally {
    if (record.endsMaintenance) endMaintenance(paths)
  }
}

async function switchRunning(context: CliContext, order: Switch): Promise<Switched> {
  const { paths } = context
  const { record, to, limits, progress } = order
  const before = ringNow(paths)
  setCurrent(paths.home, record.to)
  progress('linked')
  const over = new AbortController()
  const onReady = () => {
    writeUpdate(paths, { ...record, state: 'holding' })
    progress('holding')
  }
  const watched = watchNew(paths, { before, version: to.version, limits, onReady, signal: over.signal })
  let detail = ''
  const started = handOver(context, to, over.signal).then((complaint) => {
    progress('handed over')
    if (complaint === undefined || over.signal.aborted) return
    detail = complaint
    over.abort()
  })
  const why = await watched
  // Nobody starts anything of the new version any more.
  over.abort()
  if (why === 'good') {
    writeUpdate(paths, { ...record, state: 'done' })
    progress('done')
    return { end: 'done' }
  }
  await started
  const back = await takeBack(context, order, before)
  return { end: 'back', why, detail, ...back }
}

type Back = { readonly lost: number; readonly isWell: boolean }

/** The old version again. Where the databases may have another form, nothing may run while they are exchanged; else those who still serve go on. */
async function takeBack(context: CliContext, order: Switch, before: RingBefore): Promise<Back> {
  const { paths, environment } = context
  const { record, progress } = order
  writeUpdate(paths, { ...record, state: 'back' })
  progress('taking back')
  if (record.changesForm || findInstalled(paths.home, environment)) return exchangeBack(context, order)
  setCurrent(paths.home, record.from)
  const release = await takeStartLock(paths, LOCK_LIMIT_MS)
  try {
    await endNewcomers(paths, Object.values(before))
    progress('newcomers ended')
    forgetFailures(paths, `back to ${record.fromVersion}`)
    const passEnv = passEnvOf(context)
    if (readLiving(paths, 'agent') === undefined) await bridgeGap(context, passEnv)
    await bringUp(paths, createPm2(paths, environment, passEnv))
  } finally {
    release?.()
  }
  const view = await awaitRing(paths, BACK_LIMIT_MS)
  writeUpdate(paths, { ...record, state: 'undone' })
  progress('undone')
  return { lost: 0, isWell: view.isReady }
}

function passEnvOf(context: CliContext): readonly string[] {
  const loaded = readStartSettings(context)
  return loaded.ok ? loaded.settings.supervisor.passEnv : []
}

async function exchangeBack(context: CliContext, { record, progress }: Switch): Promise<Back> {
  const { paths, environment } = context
  await endNewcomers(
    paths,
    Object.values(ringNow(paths)).filter(({ version }) => version !== record.toVersion),
  )
  const rested = await atRest(context, async () => {
    const lost = record.changesForm ? await eventsSince(context, record) : 0
    undoUpdate(paths, record)
    forgetFailures(paths, `back to ${record.fromVersion}`)
    // What lives outside of a service would only be ended by its start.
    if (!findInstalled(paths.home, environment)) await bridgeGap(context, passEnvOf(context))
    return lost
  })
  progress('undone')
  const quiet: CliContext = Object.create(context, { out: { value: context.err } })
  const code = await start(quiet, {})
  return { lost: rested.ok ? rested.value : 0, isWell: rested.ok && code === EXIT.ok }
}

/** How many events the journal has that its copy from before the switch has not. */
export async function eventsSince({ paths }: Pick<CliContext, 'paths'>, { id }: UpdateRecord): Promise<number> {
  const copy = await lastEvent(`${incomingFolder(paths, id)}/data/agent.db`)
  return Math.max(0, (await lastEvent(paths.agentDb)) - copy)
}

/**
 * The hands: one repair at a time over all processes, every step on record before the next one is taken.
 *
 *   begin → precondition → snapshot → act → postcondition → finish → committed
 *                                      └──────── no ───────▶ undoing → undone
 *
 * A kill between any two steps leaves an open repair in the journal; {@link finishInterrupted} completes it where it was proved
 * and undoes it where it was not. There is no shell here and no command line: actions are functions with closed sets of arguments.
 */
import { randomBytes } from 'node:crypto'
import { readdirSync, rmSync, unlinkSync } from 'node:fs'
import { basename } from 'node:path'
import { now } from '../shared/clock.ts'
import type { Identity } from '../shared/identity.ts'
import { acquireLock, type LockResult } from '../shared/lockFile.ts'
import type { HomePaths } from '../shared/paths.ts'
import type { Risk } from './action.ts'
import { ACTIONS } from './actions/table.ts'
import {
  type Course,
  contextOf,
  type Hands,
  probe,
  type RepairResult,
  reasonOf,
  refused,
  repairsFolder,
  resume,
  run,
  withRoom,
} from './course.ts'
import { lookAt } from './fileState.ts'
import { ensureFolder, type HeldFolder, holdFolder, inFolder } from './heldFolder.ts'
import { appendStep, type JsonValue, openRepair, readJournal } from './journal.ts'
import { may } from './policy.ts'

export type { Hands, RepairResult } from './course.ts'

/** What somebody wants done, who (`guardian`, `runbook`, `model`, `person`) and against which fault. */
export type RepairRequest = {
  readonly action: string
  readonly args: unknown
  readonly by: string
  readonly fault: string
  /** Default 1: what is done without a person. */
  readonly riskLimit?: Risk
  readonly isHealthy?: boolean
  /** Says what would be done, and does nothing. */
  readonly dryRun?: boolean
}

/** What {@link finishInterrupted} found. `finished` is null where nothing was open. */
export type FinishResult =
  | { readonly ok: true; readonly finished: FinishedRepair | null }
  | { readonly ok: false; readonly holder: Identity | undefined }

/** A repair that a kill had left open, and how it ended. */
export type FinishedRepair = {
  readonly action: string
  readonly args: JsonValue
  readonly fault: string
  /** True when it was completed, false when it was undone or could not be. */
  readonly ok: boolean
  readonly note: string
}

/** Does one repair, proves it, or undoes it. Never throws for what a damaged installation can cause. */
export async function execute(hands: Hands, request: RepairRequest): Promise<RepairResult> {
  const permission = may(request.action, request.args, {
    actions: hands.actions ?? ACTIONS,
    riskLimit: request.riskLimit ?? 1,
    isHealthy: request.isHealthy ?? false,
  })
  if (!permission.allowed) return refused(permission.reason)
  const { action, args } = permission
  const course = (): Course => ({ ...request, hands, action, args, ctx: contextOf(hands, action, newRepairId()) })
  if (request.dryRun) return dryRun(course())
  const lock = takeLock(hands.paths)
  if ('reason' in lock) return refused(lock.reason)
  if (!lock.ok) return { ok: false, kind: 'busy', reason: busyReason(lock.holder), undone: false }
  try {
    await finishOpenRepair(hands)
    return await run(course())
  } catch (error) {
    return { ok: false, kind: 'failed', reason: `cannot record the repair: ${reasonOf(error)}`, undone: false }
  } finally {
    lock.release()
  }
}

/** Ends what a kill left open, and clears away leftovers of ended repairs. Not ok while a living process repairs. */
export async function finishInterrupted(hands: Hands): Promise<FinishResult> {
  const lock = takeLock(hands.paths)
  // Where nothing may be touched nothing can be finished either.
  if ('reason' in lock) return { ok: true, finished: null }
  if (!lock.ok) return { ok: false, holder: lock.holder }
  try {
    return { ok: true, finished: await finishOpenRepair(hands) }
  } finally {
    lock.release()
  }
}

async function dryRun(course: Course): Promise<RepairResult> {
  const verdict = await probe(() => course.action.precondition(course.ctx, course.args))
  if (!verdict.ok) return refused(`${course.action.id}: ${verdict.reason}`)
  return { ok: true, repairId: course.ctx.repairId, note: course.action.plan(course.args) }
}

async function finishOpenRepair(hands: Hands): Promise<FinishedRepair | null> {
  const entries = openRepair(hands.paths.repairsJournal)
  const last = entries.at(-1)
  if (!last) {
    sweepFolders(hands.paths)
    return null
  }
  const action = (hands.actions ?? ACTIONS).get(last.action)
  const parsed = action?.parseArgs(last.args)
  const base = { action: last.action, args: last.args, fault: last.fault }
  if (!action || !parsed?.ok || !REPAIR_ID.test(last.repairId)) {
    const { repairId, action: name, args, by, fault } = last
    const note = 'it cannot be gone on with: its action is not known any more, or its line is not ours'
    withRoom(hands.paths, () =>
      appendStep(hands.paths.repairsJournal, { repairId, action: name, args, by, fault, step: 'failed', note }),
    )
    return { ...base, ok: false, note }
  }
  const ctx = contextOf(hands, action, last.repairId)
  const result = await resume({ hands, action, args: parsed.args, by: last.by, fault: last.fault, ctx }, entries)
  return { ...base, ok: result.ok, note: result.ok ? result.note : result.reason }
}

type NoGround = { readonly ok: false; readonly reason: string }

/**
 * Makes the two folders that every repair needs, and takes the lock in one of them. They must be the home's own: with a link in the place of
 * one, all that follows would lead elsewhere, and nothing is done. Throws only where not even the reserve leaves room.
 */
function takeLock(paths: HomePaths): LockResult | NoGround {
  try {
    return withRoom(paths, () => {
      for (const folder of [paths.run, paths.data]) ensureFolder(paths.home, paths.home, basename(folder))
      return lockHeld(paths)
    })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') throw error
    return { ok: false, reason: reasonOf(error) }
  }
}

/** The folder is held as long as the lock: its release finds the same one. */
function lockHeld(paths: HomePaths): LockResult {
  const held = holdFolder(paths.home, paths.run)
  try {
    const name = held.at(basename(paths.repairLock))
    // A lock is always a file of its own; a link in its place would be nobody's lock for ever.
    for (const path of [name, `${name}.breaking`]) if (lookAt(path)?.isSymbolicLink()) unlinkSync(path)
    const lock = acquireLock(name)
    if (lock.ok) return { ok: true, release: () => releaseHeld(lock.release, held) }
    held.close()
    return lock
  } catch (error) {
    held.close()
    throw error
  }
}

/** What {@link newRepairId} makes: it names a folder, so a line that says otherwise is not gone on with. */
const REPAIR_ID = /^[0-9TZ-]{20,40}-[0-9a-f]{6}$/

function releaseHeld(release: () => void, held: HeldFolder): void {
  try {
    release()
  } finally {
    held.close()
  }
}

function newRepairId(): string {
  return `${now().at.replace(/[:.]/g, '-')}-${randomBytes(3).toString('hex')}`
}

function listFolder(path: string): string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}

/** A kill just after the last line of a repair leaves its folder; that of a failed one is kept for a person. */
function sweepFolders(paths: HomePaths): void {
  const names = listFolder(repairsFolder(paths))
  if (names.length === 0) return
  const ended = new Map(readJournal(paths.repairsJournal).map((entry) => [entry.repairId, entry.step]))
  const isOver = (name: string) => ended.get(name) === 'committed' || ended.get(name) === 'undone'
  const sweep = (at: (name: string) => string) => {
    for (const name of names.filter(isOver)) rmSync(at(name), { recursive: true, force: true })
  }
  try {
    inFolder(paths.home, repairsFolder(paths), sweep)
  } catch {
    // A link in its place: nothing of ours lies behind it.
  }
}

function busyReason(holder: Identity | undefined): string {
  return holder ? `another repair is under way (process ${holder.pid})` : 'another repair is under way'
}

/** The course of one repair, step by step: what `execute.ts` begins and, after a kill, finishes. */
import { rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { type DiskRoom, readDiskRoom } from '../shared/diskRoom.ts'
import { appRoot, type HomePaths } from '../shared/paths.ts'
import type { Action, ActionContext, Verdict } from './action.ts'
import { ensureFolder, inFolder } from './heldFolder.ts'
import { appendStep, type JournalEntry, type JsonValue, type RepairStep } from './journal.ts'
import { giveUpReserve } from './reserve.ts'

/** Where the hands work. `actions`, `root` and `readRoom` have defaults: the table, the program's own folder, the real disk. */
export type Hands = {
  readonly paths: HomePaths
  readonly environment: NodeJS.ProcessEnv
  readonly actions?: ReadonlyMap<string, Action>
  readonly root?: string
  readonly readRoom?: (path: string) => DiskRoom
  /** Hears of every step, after it is durable. */
  readonly progress?: (step: string) => void
}

/** What came of it. `busy`: another process repairs; `refused`: nothing was touched; `failed`: it was tried, and undone unless said otherwise. */
export type RepairResult =
  | { readonly ok: true; readonly repairId: string; readonly note: string }
  | {
      readonly ok: false
      readonly kind: 'busy' | 'refused' | 'failed'
      readonly reason: string
      readonly undone: boolean
    }

/** One repair on its way: what all of its steps share. */
export type Course = {
  readonly hands: Hands
  readonly action: Action
  readonly args: JsonValue
  readonly by: string
  readonly fault: string
  readonly ctx: ActionContext
}

/** Goes the whole course. */
export async function run(course: Course): Promise<RepairResult> {
  const { action, args, ctx } = course
  record(course, 'begin')
  const before = await probe(() => action.precondition(ctx, args))
  if (!before.ok) {
    record(course, 'undone', { note: before.reason })
    return refused(`${action.id}: ${before.reason}`)
  }
  let snapshot: JsonValue
  try {
    makeFolder(ctx)
    snapshot = await action.snapshot(ctx, args)
  } catch (error) {
    record(course, 'undone', { note: reasonOf(error) })
    clearFolder(ctx)
    return { ok: false, kind: 'failed', reason: `${action.id}: no snapshot: ${reasonOf(error)}`, undone: true }
  }
  record(course, 'snapshot', { data: snapshot })
  const acted = await attempt(() => action.act(ctx, args, snapshot))
  ctx.progress('act:done')
  if (!acted.ok) return takeBack(course, snapshot, acted.reason)
  record(course, 'acted', { note: acted.value.note })
  return prove(course, snapshot, acted.value.note)
}

async function prove(course: Course, snapshot: JsonValue, note: string): Promise<RepairResult> {
  const after = await probe(() => course.action.postcondition(course.ctx, course.args, snapshot))
  if (!after.ok) return takeBack(course, snapshot, after.reason)
  record(course, 'verified')
  return commit(course, snapshot, note)
}

async function commit(course: Course, snapshot: JsonValue, note: string): Promise<RepairResult> {
  const { action, args, ctx } = course
  // What cannot be cleared away is only in the way: the repair itself was proved.
  const finished = await attempt(async () => action.finish?.(ctx, args, snapshot))
  ctx.progress('finish:done')
  const whole = finished.ok ? note : `${note} (left behind: ${finished.reason})`
  record(course, 'committed', { note: whole })
  clearFolder(ctx)
  return { ok: true, repairId: ctx.repairId, note: whole }
}

async function takeBack(course: Course, snapshot: JsonValue, reason: string): Promise<RepairResult> {
  const { action, args, ctx } = course
  const { undo } = action
  if (undo === 'not undoable') {
    record(course, 'failed', { note: reason })
    return { ok: false, kind: 'failed', reason: `${action.id}: ${reason}`, undone: false }
  }
  record(course, 'undoing', { note: reason })
  const undone = await attempt(() => undo(ctx, args, snapshot))
  ctx.progress('undo:done')
  record(course, undone.ok ? 'undone' : 'failed', { note: undone.ok ? reason : `${reason}; undo: ${undone.reason}` })
  if (undone.ok) clearFolder(ctx)
  return { ok: false, kind: 'failed', reason: `${action.id}: ${reason}`, undone: undone.ok }
}

/** Goes on where the journal says that a killed process was. */
export function resume(course: Course, entries: readonly JournalEntry[]): Promise<RepairResult> | RepairResult {
  const snapshot = entries.find((entry) => entry.step === 'snapshot')?.data ?? null
  const note = entries.findLast((entry) => entry.step === 'acted')?.note ?? course.action.plan(course.args)
  const reason = 'interrupted'
  switch (entries.at(-1)?.step) {
    case 'snapshot':
      // What cannot be undone was perhaps done: only the proof tells.
      return course.action.undo === 'not undoable' ? prove(course, snapshot, note) : takeBack(course, snapshot, reason)
    case 'acted':
      return prove(course, snapshot, note)
    case 'verified':
      return commit(course, snapshot, note)
    case 'undoing':
      return takeBack(course, snapshot, entries.at(-1)?.note ?? reason)
    default:
      record(course, 'undone', { note: reason })
      clearFolder(course.ctx)
      return { ok: false, kind: 'failed', reason, undone: true }
  }
}

function record(course: Course, step: RepairStep, more: { note?: string; data?: JsonValue } = {}): void {
  const { hands, action, args, by, fault, ctx } = course
  const facts = { repairId: ctx.repairId, step, action: action.id, args, by, fault, ...more }
  withRoom(hands.paths, () => appendStep(hands.paths.repairsJournal, facts))
  ctx.progress(step)
}

/** On a full disk the reserve is given up first: without room for the journal nothing can be repaired at all. */
export function withRoom<T>(paths: HomePaths, write: () => T): T {
  try {
    return write()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
    // Where it is gone already, the second try tells the same.
    giveUpReserve(paths)
    return write()
  }
}

/** What the steps of a repair are given. */
export function contextOf(hands: Hands, action: Action, repairId: string): ActionContext {
  return {
    paths: hands.paths,
    appRoot: hands.root ?? appRoot,
    environment: hands.environment,
    repairId,
    folder: join(repairsFolder(hands.paths), repairId),
    stamp: repairId.slice(0, repairId.lastIndexOf('-')),
    signal: AbortSignal.timeout(action.timeLimitMs),
    readRoom: hands.readRoom ?? readDiskRoom,
    progress: hands.progress ?? (() => {}),
  }
}

/** Where repairs keep copies and what they moved aside, one folder each. */
export function repairsFolder(paths: HomePaths): string {
  return join(paths.data, 'repairs')
}

function makeFolder({ paths, repairId }: ActionContext): void {
  const repairs = repairsFolder(paths)
  ensureFolder(paths.home, dirname(repairs), basename(repairs))
  ensureFolder(paths.home, repairs, repairId)
}

/** What cannot be cleared away is left for {@link sweepFolders}: the repair has its end on record already. */
function clearFolder({ paths, repairId }: ActionContext): void {
  try {
    inFolder(paths.home, repairsFolder(paths), (at) => rmSync(at(repairId), { recursive: true, force: true }))
  } catch {
    // Its folder was never made, or is no folder of ours any more.
  }
}

/** A look at a damaged installation, in which a throw is a reason like any other. */
export async function probe(look: () => Verdict | Promise<Verdict>): Promise<Verdict> {
  const looked = await attempt(look)
  return looked.ok ? looked.value : looked
}

type Attempt<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string }

/** A step on a damaged installation may throw anything the file system knows: here it becomes a reason. */
async function attempt<T>(step: () => T | Promise<T>): Promise<Attempt<T>> {
  try {
    return { ok: true, value: await step() }
  } catch (error) {
    return { ok: false, reason: reasonOf(error) }
  }
}

/** The text of whatever was thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Nothing was touched, for this reason. */
export function refused(reason: string): RepairResult {
  return { ok: false, kind: 'refused', reason, undone: false }
}

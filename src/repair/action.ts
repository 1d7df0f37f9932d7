/**
 * What an action is. One file each in `actions/`, all of them in one table.
 *
 * Arguments are parsed by small closed-set parsers written by hand, not by zod: this folder must work when `node_modules` is damaged,
 * because mending that is one of its actions. For the same reason better-sqlite3 is only ever imported dynamically, inside the action that needs it.
 */

import type { DiskRoom } from '../shared/diskRoom.ts'
import type { HomePaths } from '../shared/paths.ts'
import type { JsonValue } from './journal.ts'

/** Risk in words: 0 nothing can be lost, 1 small and undoable, 2 a person should know first, 3 only by a person. */
export type Risk = 0 | 1 | 2 | 3

/** Something holds, or the reason why it does not. */
export type Verdict = { readonly ok: true } | { readonly ok: false; readonly reason: string }

/** Arguments that were understood, or the reason why not. */
export type ParsedArgs<Args> =
  | { readonly ok: true; readonly args: Args }
  | { readonly ok: false; readonly reason: string }

/** What every step of an action is given. */
export type ActionContext = {
  readonly paths: HomePaths
  /** The folder of the program: what `reinstall_dependencies` mends. */
  readonly appRoot: string
  /** The environment of the asking process; actions read only what they name (PATH, proxies). */
  readonly environment: NodeJS.ProcessEnv
  readonly repairId: string
  /** `data/repairs/<repairId>`: copies and things moved aside. Removed when the repair has ended well. */
  readonly folder: string
  /** Wall clock at the beginning of the repair, as a name for files: `2026-11-20T21-00-00-000Z`. */
  readonly stamp: string
  /** Free room of the file system that a path lies on. */
  readonly readRoom: (path: string) => DiskRoom
  /** Fires at the time limit. */
  readonly signal: AbortSignal
  /** Called between two sub-steps of `act`, for whoever watches. */
  readonly progress: (step: string) => void
}

/** What an act reports; the note is stored and shown. */
export type ActReport = { readonly note: string }

type MaybePromise<T> = T | Promise<T>

/**
 * One action. Every step may be repeated after a kill: `act` is never run twice without its `undo` between, but `undo` must bear
 * a half-done act and a half-done undo, and `finish` a half-done finish. `snapshot` changes nothing outside of its folder.
 */
export type Action<Args extends JsonValue = JsonValue, Snapshot extends JsonValue = JsonValue> = {
  readonly id: string
  /** One sentence: the fault it treats and what it does about it. */
  readonly why: string
  readonly risk: Risk
  readonly timeLimitMs: number
  readonly parseArgs: (value: unknown) => ParsedArgs<Args>
  /** The local probe that must agree with the fault: nothing is done on somebody's word. */
  readonly precondition: (ctx: ActionContext, args: Args) => MaybePromise<Verdict>
  /** The dry run: what would be done, in one sentence. */
  readonly plan: (args: Args) => string
  readonly snapshot: (ctx: ActionContext, args: Args) => MaybePromise<Snapshot>
  readonly act: (ctx: ActionContext, args: Args, snapshot: Snapshot) => MaybePromise<ActReport>
  readonly undo: ((ctx: ActionContext, args: Args, snapshot: Snapshot) => MaybePromise<void>) | 'not undoable'
  readonly postcondition: (ctx: ActionContext, args: Args, snapshot: Snapshot) => MaybePromise<Verdict>
  /** Clears away what only an undo would have needed, outside of the repair's folder. Runs when the postcondition held. */
  readonly finish?: (ctx: ActionContext, args: Args, snapshot: Snapshot) => MaybePromise<void>
  /** Proofs of the parser: checked at every start of the repair command and by a test. */
  readonly examples: {
    readonly allowed: readonly JsonValue[]
    readonly refused: readonly { readonly args: JsonValue; readonly reason: string }[]
  }
}

/**
 * Hands a typed action to the table, which holds actions of all argument types. The executor only ever passes arguments that the
 * action's own parser gave back, and its own snapshot as JSON kept it, so forgetting the types here loses nothing.
 */
export function defineAction<Args extends JsonValue, Snapshot extends JsonValue>(
  action: Action<Args, Snapshot>,
): Action {
  return action as unknown as Action
}

/** Something that holds. */
export const HOLDS: Verdict = { ok: true }

/** Something that does not, and why. */
export function refuse(reason: string): { readonly ok: false; readonly reason: string } {
  return { ok: false, reason }
}

import { now } from '../../shared/clock.ts'
import type { HomePaths } from '../../shared/paths.ts'
import { readSmallJson } from '../../shared/smallFile.ts'
import { defineAction, HOLDS, refuse } from '../action.ts'
import { exactly, oneOf } from '../closedSet.ts'
import { type FileSnapshot, replaceFile, restoreFile, snapshotFile } from '../heldFile.ts'
import { inputsHash } from '../inputs.ts'

/** Why safe mode may be entered. */
export const SAFE_MODE_REASONS = ['settings-invalid', 'crash-loop', 'asked'] as const

/** `data/safe-mode.json`: the agent runs with default settings until its inputs change. */
export type SafeMode = {
  readonly reason: (typeof SAFE_MODE_REASONS)[number]
  /** ISO 8601, UTC. */
  readonly since: string
  /** Hash of the inputs (settings file, .env, lockfile) that did not work: safe mode is left when it changes. */
  readonly settingsHash: string
}

/** The safe mode in force; undefined where there is none. */
export function readSafeMode(paths: HomePaths): SafeMode | undefined {
  const value = readSmallJson(paths.safeMode)
  if (typeof value !== 'object' || value === null) return undefined
  return typeof (value as SafeMode).settingsHash === 'string' ? (value as SafeMode) : undefined
}

type Args = { readonly reason: SafeMode['reason'] }

/** Lets the agent run with default settings, loudly, because its own do not work and no good ones are known. */
export const enterSafeMode = defineAction<Args, FileSnapshot>({
  id: 'enter_safe_mode',
  why: 'The settings do not work and no good ones are known: run with the defaults until somebody changes them.',
  risk: 1,
  timeLimitMs: 2_000,
  parseArgs: exactly({ reason: oneOf(SAFE_MODE_REASONS) }),
  precondition: (ctx) =>
    readSafeMode(ctx.paths)?.settingsHash === inputsHash(ctx.paths, ctx.appRoot) ? refuse('safe mode is on') : HOLDS,
  plan: ({ reason }) => `run with default settings (${reason})`,
  snapshot: (ctx) => snapshotFile(ctx.paths.home, ctx.paths.safeMode),
  act: (ctx, { reason }) => {
    const mode: SafeMode = { reason, since: now().at, settingsHash: inputsHash(ctx.paths, ctx.appRoot) }
    replaceFile(ctx.paths.home, ctx.paths.safeMode, `${JSON.stringify(mode, null, 2)}\n`)
    return { note: `safe mode: default settings are in force (${reason})` }
  },
  undo: (ctx, _args, before) => restoreFile(ctx.paths.home, ctx.paths.safeMode, before),
  postcondition: (ctx) => (readSafeMode(ctx.paths) ? HOLDS : refuse('safe mode is not on record')),
  examples: {
    allowed: [{ reason: 'crash-loop' }],
    refused: [{ args: { reason: 'I felt like it' }, reason: 'one of three words' }],
  },
})

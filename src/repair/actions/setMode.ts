import { basename, dirname } from 'node:path'
import { type ActionContext, defineAction, HOLDS, refuse } from '../action.ts'
import { exactly, oneOf } from '../closedSet.ts'
import { fileId, lookAt, modeBits, setModeOf } from '../fileState.ts'
import { inFolder } from '../heldFolder.ts'
import { hasRightMode, judgeMode, mendedMode, modeRule, OWN_FILES, type OwnFile } from '../ownFiles.ts'

type Args = { readonly file: OwnFile }
type Snapshot = { readonly mode: number; readonly id: string }

function judge(ctx: ActionContext, { file }: Args) {
  return judgeMode(ctx.paths, file, process.getuid?.() ?? 0)
}

/** The home itself is reached by its own path; everything below through folders that are held, so that no link on the way leads elsewhere. */
function change({ paths }: ActionContext, file: OwnFile, { id }: Snapshot, mode: number): void {
  const { path } = modeRule(paths, file)
  if (file === 'home') setModeOf(path, id, mode)
  else inFolder(paths.home, dirname(path), (at) => setModeOf(at(basename(path)), id, mode))
}

/** Gives one of our own files the mode that it needs: nothing beyond it, nothing missing. Only for files that belong to this user. */
export const setMode = defineAction<Args, Snapshot>({
  id: 'set_mode',
  why: 'A file of ours is open to others, or closed to us: set the mode that it should have.',
  risk: 0,
  timeLimitMs: 2_000,
  parseArgs: exactly({ file: oneOf(OWN_FILES) }),
  precondition: (ctx, args) => {
    const fault = judge(ctx, args)
    if (fault === 'wrong-mode') return HOLDS
    return refuse(fault ? `${args.file} is not ours to change: ${fault}` : `the mode of ${args.file} is right`)
  },
  plan: ({ file }) => `set the mode of ${file} to what it should be`,
  snapshot: (ctx, { file }) => {
    const stats = lookAt(modeRule(ctx.paths, file).path)
    if (!stats) throw new Error(`${file} is gone`)
    return { mode: modeBits(stats), id: fileId(stats) }
  },
  act: (ctx, { file }, snapshot) => {
    const mended = mendedMode(snapshot.mode, modeRule(ctx.paths, file))
    change(ctx, file, snapshot, mended)
    return { note: `${file}: mode ${snapshot.mode.toString(8)} → ${mended.toString(8)}` }
  },
  undo: (ctx, { file }, snapshot) => {
    const { mode } = snapshot
    // The one thing that is never put back: a secret that was open to others.
    if (file !== 'env' || hasRightMode(mode, modeRule(ctx.paths, file))) change(ctx, file, snapshot, mode)
  },
  postcondition: (ctx, args) => {
    const fault = judge(ctx, args)
    return fault ? refuse(`${args.file}: ${fault}`) : HOLDS
  },
  examples: {
    allowed: [{ file: 'env' }, { file: 'agent-db' }],
    refused: [
      { args: { file: '/etc/shadow' }, reason: 'a path is no name of a file of ours' },
      { args: { file: 'env', mode: 0o644 }, reason: 'the mode is ours to know' },
    ],
  },
})

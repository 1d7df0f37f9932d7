import { constants, createReadStream, createWriteStream, openSync, readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { readStat } from '../../shared/procfs.ts'
import { type ActionContext, defineAction, HOLDS, refuse } from '../action.ts'
import { exactly, oneOf } from '../closedSet.ts'
import { lookAt } from '../fileState.ts'
import { lookAtHeld, moveFile, removeFile } from '../heldFile.ts'
import { holdFolder } from '../heldFolder.ts'

/** Rotated logs of ours: `agent.3.jsonl`. The living file has no number. */
const ROTATED = /^(?:agent|watchdog|dashboard|recovery|usage)\.\d+\.jsonl$/
const ROTATED_OR_PACKED = /^(?:agent|watchdog|dashboard|recovery|usage)\.\d+\.jsonl(?:\.gz)?$/
/** What our own durable writes and locks leave when they are killed: `<name>.<pid>.<8 hex digits>[.tmp|.stale]`. */
const HALF_WRITTEN = /\.(\d+)\.[0-9a-f]{8}(?:\.tmp|\.stale)?$/

function listFiles(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => entry.name)
  } catch {
    return []
  }
}

type LogArgs = { readonly mode: 'compress' | 'remove' }

/** Our rotated logs, by name: those that can be packed, or all that can be removed. */
export function rotatedLogs(ctx: Pick<ActionContext, 'paths'>, mode: LogArgs['mode']): string[] {
  const pattern = mode === 'compress' ? ROTATED : ROTATED_OR_PACKED
  return listFiles(ctx.paths.logs).filter((name) => pattern.test(name))
}

/** Packs a log beside itself. The folder is held, the log is opened without following a link, and the packed one is always a new file. */
async function pack({ paths }: ActionContext, name: string): Promise<void> {
  const part = `${name}.gz.part`
  removeFile(paths.home, join(paths.logs, part))
  const { at, close } = holdFolder(paths.home, paths.logs)
  try {
    const fd = openSync(at(name), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    const packed = createWriteStream(at(part), { mode: 0o600, flags: 'wx' })
    await pipeline(createReadStream('', { fd }), createGzip(), packed)
    renameSync(at(part), at(`${name}.gz`))
  } finally {
    close()
  }
}

/** Makes room out of rotated logs: packs them, or, on a full disk, removes them. The living logs are never touched. */
export const compressLogs = defineAction<LogArgs, readonly string[]>({
  id: 'compress_logs',
  why: 'The disk is low: pack our rotated logs, or remove them when there is no room left to pack.',
  risk: 0,
  timeLimitMs: 60_000,
  parseArgs: exactly({ mode: oneOf(['compress', 'remove']) }),
  precondition: (ctx, args) => {
    if (args.mode === 'remove' && !ctx.readRoom(ctx.paths.home).isFull) return refuse('the disk is not full')
    return rotatedLogs(ctx, args.mode).length > 0 ? HOLDS : refuse('there are no rotated logs')
  },
  plan: ({ mode }) => `${mode} our rotated logs`,
  snapshot: (ctx, { mode }) => rotatedLogs(ctx, mode),
  act: async (ctx, { mode }, names) => {
    for (const name of names) {
      if (mode === 'compress') await pack(ctx, name)
      // Moved aside, not removed: an undo may want it. The folder goes when the repair has ended.
      moveFile(ctx.paths.home, join(ctx.paths.logs, name), join(ctx.folder, name))
      ctx.progress(`act:${name}`)
    }
    return { note: `${mode === 'compress' ? 'packed' : 'removed'} ${names.length} rotated logs` }
  },
  undo: (ctx, { mode }, names) => {
    for (const name of names) {
      const { home, logs } = ctx.paths
      const aside = join(ctx.folder, name)
      if (lookAtHeld(home, aside)) moveFile(home, aside, join(logs, name))
      const leftovers = mode === 'compress' ? [`${name}.gz`, `${name}.gz.part`] : []
      for (const leftover of leftovers) removeFile(home, join(logs, leftover))
    }
  },
  postcondition: (ctx, _args, names) =>
    names.some((name) => lookAt(join(ctx.paths.logs, name))) ? refuse('a rotated log is still there') : HOLDS,
  examples: {
    allowed: [{ mode: 'compress' }, { mode: 'remove' }],
    refused: [{ args: { mode: 'remove', path: '/var/log' }, reason: 'only our own logs, by pattern' }],
  },
})

/** Half-written files of dead processes, by name relative to the home. */
export function leftoversOf(ctx: Pick<ActionContext, 'paths'>): string[] {
  const { home, data, run, knownGood } = ctx.paths
  return [home, data, run, knownGood].flatMap((folder) =>
    listFiles(folder)
      .filter(isLeftover)
      .map((name) => join(folder, name)),
  )
}

function isLeftover(name: string): boolean {
  const pid = HALF_WRITTEN.exec(name)?.[1]
  return pid !== undefined && readStat(Number(pid)) === undefined
}

const asideOf = (ctx: ActionContext, index: number) => join(ctx.folder, `leftover-${index}`)

/** Removes what our own killed writes left half done. Nothing that was not named by us, nothing of a living process. */
export const pruneTmp = defineAction<Record<string, never>, readonly string[]>({
  id: 'prune_tmp',
  why: 'Half-written files of killed processes of ours lie about: remove them.',
  risk: 0,
  timeLimitMs: 10_000,
  parseArgs: exactly({}),
  precondition: (ctx) => (leftoversOf(ctx).length > 0 ? HOLDS : refuse('there are no leftovers')),
  plan: () => 'remove half-written files of dead processes of ours',
  snapshot: (ctx) => leftoversOf(ctx),
  act: (ctx, _args, paths) => {
    for (const [index, path] of paths.entries()) {
      moveFile(ctx.paths.home, path, asideOf(ctx, index))
      ctx.progress(`act:${index}`)
    }
    return { note: `removed ${paths.length} half-written files` }
  },
  undo: (ctx, _args, paths) => {
    const { home } = ctx.paths
    for (const [index, path] of paths.entries()) {
      if (lookAtHeld(home, asideOf(ctx, index))) moveFile(home, asideOf(ctx, index), path)
    }
  },
  postcondition: (_ctx, _args, paths) =>
    paths.some((path) => lookAt(path)) ? refuse('a leftover is still there') : HOLDS,
  examples: { allowed: [{}], refused: [{ args: { path: '/tmp' }, reason: 'only files that our own writes name' }] },
})

/**
 * `data/rescue`: a copy of Node and one bundle that need nothing of the program, so that a damaged `node_modules` is a fault and not the end.
 * Beside them lie the lockfile and its like as they were when all was well. Renewed with the known good; each file is replaced in one step.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { dirname, extname, join, relative } from 'node:path'
import { syncFolder, writeFileDurably } from './atomicFile.ts'
import { CHECKOUT_LOCKFILE, lockfileOf, PACKED_LOCKFILE } from './lockedPackages.ts'
import type { HomePaths } from './paths.ts'
import { readSmallJson } from './smallFile.ts'

/** What the rescue starts, and with what. Paths are absolute but for the two that lie below `root`. */
export type RescueNote = {
  /** The folder of the program. */
  readonly root: string
  /** The pinned Node, below `root` where it lies there. */
  readonly node: string
  /** The command line's own file, below `root`. */
  readonly main: string
  readonly nodeVersion: string
  readonly lockfileHash: string | null
  /** ISO 8601, UTC. */
  readonly savedAt: string
}

/** Saved (`isNew` where anything differed), or why not. */
export type RescueResult =
  | { readonly ok: true; readonly isNew: boolean }
  | { readonly ok: false; readonly reason: string }

/** The bundle as it is built, below the folder of the program. */
export const BUNDLE_FILE: string = join('dist', 'rescue.mjs')
/** What an installation is made from; the rescue puts back those that are gone. */
export const INPUT_FILES = ['package.json', CHECKOUT_LOCKFILE, PACKED_LOCKFILE, '.npmrc'] as const
const NOTE = 'program.json'
const PRIVATE_FOLDER = 0o700
const VERSION_LIMIT_MS = 10_000
const PIECE_BYTES = 1_024 * 1_024

/** What a program is started with, absolute; by default the one that is running. */
export type StartedWith = { readonly node: string; readonly main: string }

/** Brings the folder up to date with a program. Never throws for a full disk: what was there stays. */
export function saveRescue(
  paths: Pick<HomePaths, 'rescue'>,
  appRoot: string,
  at: string,
  startedWith: StartedWith = { node: process.execPath, main: mainFile() },
): RescueResult {
  const bundle = join(appRoot, BUNDLE_FILE)
  if (!existsSync(bundle)) return { ok: false, reason: `${bundle} is missing: npm run prepare makes it` }
  try {
    mkdirSync(paths.rescue, { recursive: true, mode: PRIVATE_FOLDER })
    const copied = [
      replaceIfOther(startedWith.node, join(paths.rescue, 'node')),
      replaceIfOther(bundle, join(paths.rescue, 'rescue.mjs')),
      ...INPUT_FILES.map((name) => replaceIfOther(join(appRoot, name), join(paths.rescue, name))),
    ]
    const note = noteOf(appRoot, startedWith, at)
    const isNew = copied.some(Boolean) || !isOf(note, readRescueNote(paths))
    if (isNew) writeFileDurably(join(paths.rescue, NOTE), `${JSON.stringify(note, null, 2)}\n`)
    return { ok: true, isNew }
  } catch (error) {
    return { ok: false, reason: (error as Error).message }
  }
}

/** What the folder says of the program; undefined where there is none. */
export function readRescueNote({ rescue }: Pick<HomePaths, 'rescue'>): RescueNote | undefined {
  const value = readSmallJson(join(rescue, NOTE)) as Partial<RescueNote> | undefined
  return typeof value?.root === 'string' && typeof value.node === 'string' && typeof value.main === 'string'
    ? (value as RescueNote)
    : undefined
}

/** The command line's own file. Ours tells how it is called: `.ts` in a checkout, `.js` in the package. */
export function mainFile(): string {
  return join(dirname(import.meta.dirname), 'cli', `main${extname(import.meta.filename)}`)
}

/** The same files may lie in another folder: an update that is taken back. */
function isOf({ root, node, main }: RescueNote, kept: RescueNote | undefined): boolean {
  return kept?.root === root && kept.node === node && kept.main === main
}

function noteOf(appRoot: string, { node, main }: StartedWith, at: string): RescueNote {
  const inside = relative(appRoot, node)
  return {
    root: appRoot,
    node: inside.startsWith('..') ? node : inside,
    main: relative(appRoot, main),
    nodeVersion: node === process.execPath ? process.version : versionOf(node),
    lockfileHash: hashOf(lockfileOf(appRoot)),
    savedAt: at,
  }
}

/** Throws where it does not run. */
function versionOf(node: string): string {
  return execFileSync(node, ['--version'], { encoding: 'utf8', timeout: VERSION_LIMIT_MS }).trim()
}

/** Copies a file where it differs; true when it did. What is not there has nothing to copy. */
function replaceIfOther(from: string, to: string): boolean {
  if (!existsSync(from) || isSame(from, to)) return false
  const beside = `${to}.${process.pid}.tmp`
  try {
    copyFileSync(from, beside, constants.COPYFILE_FICLONE)
    renameSync(beside, to)
    syncFolder(dirname(to))
    return true
  } catch (error) {
    rmSync(beside, { force: true })
    throw error
  }
}

function isSame(from: string, to: string): boolean {
  return existsSync(to) && statSync(from).size === statSync(to).size && hashOf(from) === hashOf(to)
}

/** In pieces: a Node has 150 MB. */
function hashOf(path: string): string | null {
  if (!existsSync(path)) return null
  const hash = createHash('sha256')
  const piece = Buffer.alloc(PIECE_BYTES)
  const fd = openSync(path, 'r')
  try {
    for (let length = readSync(fd, piece); length > 0; length = readSync(fd, piece))
      hash.update(piece.subarray(0, length))
  } finally {
    closeSync(fd)
  }
  return hash.digest('hex')
}

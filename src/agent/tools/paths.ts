/**
 * Where a tool may read and write: below the workspace, and nowhere else, whatever links say. The sandbox hides the rest of the machine; this is the
 * second wall. Promises: a path is judged after its links are resolved; what is opened is looked at again by its descriptor, so that a folder which
 * was swapped for a link between the look and the opening is found out; nothing but plain files is ever opened, so no pipe hangs and no device reacts.
 */
import { closeSync, constants, fstatSync, lstatSync, mkdirSync, openSync, readlinkSync, realpathSync } from 'node:fs'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { nearNames } from './nearNames.ts'

/** Why a path is not taken, and what to try instead. */
export type PathRefusal = { readonly ok: false; readonly reason: string; readonly hint?: string }

/** A place below the workspace, all links resolved. It need not exist; then its folder may not either. */
export type Place = {
  readonly ok: true
  /** Absolute. */
  readonly path: string
  /** As it is shown: relative to the workspace, `.` for the workspace itself. */
  readonly shown: string
  /** The workspace, links resolved. */
  readonly root: string
  readonly kind: 'file' | 'folder' | 'other' | 'missing'
}

/** The limits of Linux; what is longer cannot exist. */
const MAX_PATH_BYTES = 4_096
const MAX_NAME_BYTES = 255
/** Programs run what stands in the one (hooks, filters), and we rely on the other. */
const KEPT_FROM_WRITING = ['.git', '.ottugi']

/** Finds the place that a path of the model means. */
export function findPlace(workspace: string, path: string): Place | PathRefusal {
  const bad = badForm(path)
  if (bad) return { ok: false, reason: bad }
  const root = realpathSync(workspace)
  const lexical = resolve(root, relativeTo(workspace, root, path))
  if (!isInside(lexical, root)) return outside(path)
  const real = realPlace(lexical)
  if (real === undefined) return { ok: false, reason: `${path} is a link that leads nowhere, or in a circle` }
  if (!isInside(real, root)) return outside(path)
  return { ok: true, path: real, root, shown: relative(root, real) || '.', kind: kindOf(real) }
}

/** The same for a file that is there; a folder or a missing one is refused with a hint. */
export function findFile(workspace: string, path: string): Place | PathRefusal {
  const place = findPlace(workspace, path)
  if (!place.ok || place.kind === 'file') return place
  if (place.kind === 'folder') {
    return { ok: false, reason: `${place.shown} is a folder`, hint: 'list_dir shows what is in it' }
  }
  return place.kind === 'other' ? noPlainFile(place.shown) : missing(place)
}

/** The same for a folder that is there. */
export function findFolder(workspace: string, path: string): Place | PathRefusal {
  const place = findPlace(workspace, path)
  if (!place.ok || place.kind === 'folder') return place
  if (place.kind === 'missing') return missing(place)
  return { ok: false, reason: `${place.shown} is not a folder`, hint: 'give the folder, not a file in it' }
}

/** The same for a file that is to be written: it may be missing, and so may its folders. */
export function findTarget(workspace: string, path: string): Place | PathRefusal {
  const place = findPlace(workspace, path)
  if (!place.ok) return place
  if (place.kind === 'folder')
    return { ok: false, reason: `${place.shown} is a folder, and a file cannot take its place` }
  if (place.kind === 'other') return noPlainFile(place.shown)
  const [kept] = place.shown.split(sep).filter((name) => KEPT_FROM_WRITING.includes(name.toLowerCase()))
  if (kept === undefined) return place
  const hint =
    kept === '.git'
      ? 'git_commit makes commits; other changes to a repository are made with shell'
      : 'choose another folder'
  return { ok: false, reason: `files in ${kept} are not written by this tool`, hint }
}

/** A folder that was opened and proved to lie below the workspace. */
export type OpenFolder = {
  /** The path of a name in it. On Linux it goes through the descriptor, so no swap of a folder above leads it astray. */
  readonly at: (name: string) => string
  readonly fd: number
}

/** Opens the folder of a place, makes it where `isMade` says so, and hands it to `use`; it is closed afterwards. */
export function inFolderOf<Result>(
  place: Place,
  use: (folder: OpenFolder, name: string) => Result,
  isMade = false,
): Result | PathRefusal {
  const folder = dirname(place.path)
  try {
    if (isMade) mkdirSync(folder, { recursive: true })
    return withFolder(place, folder, use)
  } catch (error) {
    return refusalOf(error, place.shown)
  }
}

function withFolder<Result>(place: Place, folder: string, use: (folder: OpenFolder, name: string) => Result) {
  const fd = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW)
  try {
    if (!isInside(pathOfDescriptor(fd, folder), place.root)) return moved(place.shown)
    const base = process.platform === 'linux' ? `/proc/self/fd/${fd}` : folder
    return use({ fd, at: (name) => join(base, name) }, basename(place.path))
  } finally {
    closeSync(fd)
  }
}

/** Opens a plain file for reading and hands its descriptor to `use`. A pipe, a device or a link is never opened. */
export function withFile<Result>(place: Place, use: (fd: number) => Result): Result | PathRefusal {
  return inFolderOf<Result | PathRefusal>(place, ({ at }, name) => {
    if (!lstatSync(at(name)).isFile()) return noPlainFile(place.shown)
    // Not blocking: what was a file a moment ago may be a pipe now.
    const fd = openSync(at(name), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    try {
      return fstatSync(fd).isFile() ? use(fd) : noPlainFile(place.shown)
    } finally {
      closeSync(fd)
    }
  })
}

/** Turns an error of the file system into words; anything else is a bug and thrown on. */
export function refusalOf(error: unknown, shown: string): PathRefusal {
  const { code } = error as NodeJS.ErrnoException
  const words = code === undefined ? undefined : WORDS[code]
  if (words === undefined) throw error
  return { ok: false, reason: `${shown}: ${words}` }
}

const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EDQUOT: 'the disk quota is used up',
  EEXIST: 'something of that name is in the way',
  EFBIG: 'the file would be larger than a tool may write',
  EISDIR: 'is a folder',
  ELOOP: 'it was swapped for a link while it was being opened',
  ENAMETOOLONG: 'the name is too long',
  ENOENT: 'no such file or folder',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of the path is a file, not a folder',
  ENXIO: 'is no plain file',
  EPERM: 'not permitted',
  EROFS: 'lies on a disk that cannot be written',
}

function badForm(path: string): string | undefined {
  if (path.includes('\0')) return 'a path cannot hold a NUL character'
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) return `a path has at most ${MAX_PATH_BYTES} bytes`
  if (path.split('/').some((name) => Buffer.byteLength(name) > MAX_NAME_BYTES)) {
    return `a name in a path has at most ${MAX_NAME_BYTES} bytes`
  }
  return undefined
}

/** A model may name the workspace as it was told of it, or as it really lies. */
function relativeTo(workspace: string, root: string, path: string): string {
  return path === workspace || path.startsWith(workspace + sep) ? join(root, path.slice(workspace.length)) : path
}

/** True for the folder itself and everything below it. */
function isInside(path: string, root: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep)
}

/** The path with the links of the part that exists resolved; undefined for a link without an end. */
function realPlace(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch {
    if (lstatOf(path)?.isSymbolicLink() || dirname(path) === path) return undefined
    const above = realPlace(dirname(path))
    return above === undefined ? undefined : join(above, basename(path))
  }
}

function kindOf(path: string): Place['kind'] {
  const stats = lstatOf(path)
  if (!stats) return 'missing'
  if (stats.isFile()) return 'file'
  return stats.isDirectory() ? 'folder' : 'other'
}

function lstatOf(path: string) {
  try {
    return lstatSync(path, { throwIfNoEntry: false })
  } catch {
    return undefined
  }
}

/** Where an open folder really lies now. */
function pathOfDescriptor(fd: number, path: string): string {
  return process.platform === 'linux' ? readlinkSync(`/proc/self/fd/${fd}`) : realpathSync(path)
}

function outside(path: string): PathRefusal {
  return {
    ok: false,
    reason: `${path} lies outside the workspace`,
    hint: 'paths are relative to the workspace, and links out of it are not followed',
  }
}

function moved(shown: string): PathRefusal {
  return { ok: false, reason: `the folder of ${shown} was moved out of the workspace while it was being opened` }
}

function noPlainFile(shown: string): PathRefusal {
  return { ok: false, reason: `${shown} is a pipe, a socket or a device, not a plain file` }
}

function missing({ root, path, shown }: Place): PathRefusal {
  const near = nearNames(root, path)
  const hint = near.length > 0 ? `did you mean ${near.join(' or ')}?` : 'glob finds files by their name'
  return { ok: false, reason: `no such file or folder: ${shown}`, hint }
}

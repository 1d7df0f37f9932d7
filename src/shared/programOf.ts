/**
 * Which program serves a home. The one that a person installed is its base; `ottugi update` lays newer ones into `releases/` of the home and lets
 * `releases/current` name the one in force. Whoever is called, the base or an older release, hands over to that one. Needs node: built-ins only.
 *
 * A release counts only for the base that it was made for: whoever updates the base by other means gets what they installed. And only where nobody
 * else may write: what lies there is run.
 */
import { existsSync, lstatSync, readlinkSync } from 'node:fs'
import { dirname, extname, join } from 'node:path'
import { isAlive, isIdentity } from './identity.ts'
import { appRoot, appVersion } from './paths.ts'
import { readSmallJson } from './smallFile.ts'

/** A program: its folder, its Node, its command line (absolute paths), and how its files are called. */
export type Program = {
  readonly root: string
  readonly node: string
  readonly main: string
  readonly extension: string
  readonly version: string
}

/** `release.json`, beside the program in the folder of a release. Paths are relative to that folder; `base` is who it was made for. */
export type ReleaseNote = {
  readonly version: string
  readonly root: string
  readonly node: string
  readonly main: string
  readonly base: Program
  /** ISO 8601, UTC. */
  readonly madeAt: string
}

/** The name of the note, and of the link. */
export const NOTE = 'release.json'
/** The link in the folder of releases. */
export const CURRENT = 'current'

const RELEASE_ID = /^[0-9A-Za-z][0-9A-Za-z.+-]{0,80}$/
const WRITABLE_BY_OTHERS = 0o022

/** The folder of the releases of a home. */
export function releasesFolder(home: string): string {
  return join(home, 'releases')
}

/** The program that this code belongs to. */
export function ownProgram(): Program {
  const extension = extname(import.meta.filename)
  const main = join(appRoot, 'src', 'cli', `main${extension}`)
  return { root: appRoot, node: process.execPath, main, extension, version: appVersion() }
}

/** The base of the program that this code belongs to, in the version that it has now: itself, where it is no release. */
export function baseProgram(): Program {
  const note = [dirname(appRoot), dirname(dirname(appRoot))].map((folder) => readNote(folder)).find(Boolean)
  return note ? { ...note.base, version: versionAt(note.base.root) ?? note.base.version } : ownProgram()
}

function versionAt(root: string): string | undefined {
  const { version } = (readSmallJson(join(root, 'package.json')) ?? {}) as { readonly version?: unknown }
  return typeof version === 'string' ? version : undefined
}

/** The release of that name, where it is whole and was made for this base; undefined otherwise. */
export function releaseOf(home: string, id: string, base: Program = baseProgram()): Program | undefined {
  const folder = join(releasesFolder(home), id)
  if (!RELEASE_ID.test(id) || ![home, releasesFolder(home), folder].every(isOursAlone)) return undefined
  const note = readNote(folder)
  if (note?.base.root !== base.root || note.base.version !== base.version) return undefined
  const at = (path: string) => join(folder, path)
  const { version } = note
  const program = {
    root: at(note.root),
    node: at(note.node),
    main: at(note.main),
    extension: extname(note.main),
    version,
  }
  return [program.node, program.main].every((path) => existsSync(path)) ? program : undefined
}

/** The name that the link holds; undefined where there is none. */
export function currentRelease(home: string): string | undefined {
  try {
    return readlinkSync(join(releasesFolder(home), CURRENT))
  } catch {
    return undefined
  }
}

/**
 * The program that a call for this home belongs to, where it is another one than this. While a cut off update has not been settled, the one from
 * before it, which is known to be good. Never throws.
 */
export function programElsewhere(home: string): Program | undefined {
  try {
    const base = baseProgram()
    const id = cutOffFrom(home) ?? currentRelease(home)
    const wanted = (id ? releaseOf(home, id, base) : undefined) ?? base
    const isHere = wanted.root === appRoot || !existsSync(wanted.main) || !existsSync(wanted.node)
    return isHere ? undefined : wanted
  } catch {
    return undefined
  }
}

/** The release from before an update whose process is gone in the middle: empty for the base, undefined where no update was cut off. */
function cutOffFrom(home: string): string | undefined {
  const record = readSmallJson(join(home, 'data', 'update.json')) as Record<string, unknown> | undefined
  const isOpen = record?.['state'] === 'switching' || record?.['state'] === 'back'
  const { updater, from } = record ?? {}
  if (!isOpen || !isIdentity(updater) || isAlive(updater)) return undefined
  return typeof from === 'string' ? from : ''
}

function readNote(folder: string): ReleaseNote | undefined {
  const value = readSmallJson(join(folder, NOTE)) as Partial<ReleaseNote> | undefined
  const isNote = [value?.root, value?.node, value?.main, value?.version, value?.base?.root, value?.base?.version].every(
    (text) => typeof text === 'string',
  )
  return isNote ? (value as ReleaseNote) : undefined
}

function isOursAlone(path: string): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  const own = process.getuid?.() ?? stats?.uid
  return stats?.isDirectory() === true && stats.uid === own && (stats.mode & WRITABLE_BY_OTHERS) === 0
}

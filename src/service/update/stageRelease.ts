/** Lays a new version beside the old one: a copy of a folder, or what npm installs. Nothing of it counts before it has its name. */
import {
  constants,
  copyFileSync,
  cpSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, join, relative } from 'node:path'
import { runNpm } from '../../repair/runNpm.ts'
import { syncFolder } from '../../shared/atomicFile.ts'
import type { DiskRoom } from '../../shared/diskRoom.ts'
import { CHECKOUT_LOCKFILE, lockfileOf, PACKED_LOCKFILE } from '../../shared/lockedPackages.ts'
import type { HomePaths } from '../../shared/paths.ts'
import { underProgramMask } from '../../shared/programMask.ts'
import { NOTE, type Program, type ReleaseNote } from '../../shared/programOf.ts'
import type { Progress } from '../homeSwap.ts'
import { ensureReleases, PART } from './releases.ts'

/** Where the new version comes from: a folder, a packed file, or npm's registry by version. */
export type UpdateSource =
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'registry'; readonly version: string }

/** What is to be laid beside. */
export type StageOrder = {
  readonly paths: HomePaths
  readonly source: UpdateSource
  readonly base: Program
  readonly environment: NodeJS.ProcessEnv
  /** ISO 8601, UTC. */
  readonly at: string
  readonly readRoom: (path: string) => DiskRoom
  readonly progress?: Progress
}

/** The new release, or why there is none; then nothing is left of it. */
export type StagedRelease =
  | { readonly ok: true; readonly id: string; readonly version: string }
  | { readonly ok: false; readonly fault: 'no-room' | 'no-program' | 'failed'; readonly detail: string }

/** What a program is made of, beside its packages. */
const OWN = [
  'bin',
  'src',
  'dashboard',
  'dist',
  'package.json',
  CHECKOUT_LOCKFILE,
  PACKED_LOCKFILE,
  'THIRD-PARTY.txt',
  '.npmrc',
  'ecosystem.config.js',
  'ottugi.yaml',
  'LICENSE',
]
/** Packages and builds inside the folder of the page are for developers. */
const isWanted = (path: string) => basename(path) !== 'node_modules'
const FOLDER_NAME = 'ottugi'
/** A release takes less; links take nothing. Room that must be free, in bytes. */
const LEAST_ROOM = 256 * 1_024 * 1_024
const INSTALL_LIMIT_MS = 600_000

/** Lays it beside. Never throws for a source that is bad or a disk that is full. */
export async function stageRelease(order: StageOrder): Promise<StagedRelease> {
  const { paths, at, readRoom, progress = () => {} } = order
  let part = ''
  try {
    const folder = ensureReleases(paths.home)
    const lacks = LEAST_ROOM - readRoom(folder).freeBytes
    if (lacks > 0) return { ok: false, fault: 'no-room', detail: String(lacks) }
    part = join(folder, `${at.replace(/[:.]/g, '-')}${PART}`)
    mkdirSync(part, { mode: 0o700 })
    progress('staging')
    const root = await underProgramMask(() => fill(order, part))
    if (!root.ok) return drop(part, root.reason)
    const noted = note(order, part, root.path)
    if (!noted.ok) return drop(part, noted.reason)
    const id = `${noted.version}-${at.replace(/[:.]/g, '-')}`
    renameSync(part, join(folder, id))
    syncFolder(folder)
    progress('staged')
    return { ok: true, id, version: noted.version }
  } catch (error) {
    if (part) rmSync(part, { recursive: true, force: true })
    const { code, message } = error as NodeJS.ErrnoException
    return { ok: false, fault: code === 'ENOSPC' || code === 'EDQUOT' ? 'no-room' : 'failed', detail: message }
  }
}

function drop(part: string, reason: string): StagedRelease {
  rmSync(part, { recursive: true, force: true })
  return { ok: false, fault: /ENOSPC|EDQUOT/.test(reason) ? 'no-room' : 'no-program', detail: reason }
}

type Filled = { readonly ok: true; readonly path: string } | { readonly ok: false; readonly reason: string }

async function fill(order: StageOrder, part: string): Promise<Filled> {
  const { source } = order
  if (source.kind === 'folder') return copyFolder(order, source.path, join(part, FOLDER_NAME))
  const wanted = source.kind === 'file' ? `file:${realpathSync(source.path)}` : source.version
  writeFileSync(join(part, 'package.json'), JSON.stringify({ private: true, dependencies: { ottugi: wanted } }))
  const complaint = await npm(order, part, 'missing')
  const path = join(part, 'node_modules', 'ottugi')
  if (complaint !== undefined) return { ok: false, reason: complaint }
  return existsSync(path) ? { ok: true, path } : { ok: false, reason: 'npm installed no ottugi' }
}

async function copyFolder(order: StageOrder, from: string, to: string): Promise<Filled> {
  const name = packageOf(from)?.name
  if (name !== 'ottugi') return { ok: false, reason: `${from} holds no Ottugi (its package.json says ${String(name)})` }
  mkdirSync(to, { mode: 0o700 })
  for (const own of OWN) {
    const path = join(from, own)
    if (existsSync(path))
      cpSync(path, join(to, own), { recursive: true, filter: isWanted, mode: constants.COPYFILE_FICLONE })
  }
  const packages = [
    join(from, 'node_modules'),
    ...(sameLockfile(from, order.base.root) ? [join(order.base.root, 'node_modules')] : []),
  ]
  const there = packages.find((path) => existsSync(path))
  if (there) linkTree(there, join(to, 'node_modules'))
  const complaint = there ? undefined : await npm(order, to, 'whole')
  return complaint === undefined ? { ok: true, path: to } : { ok: false, reason: complaint }
}

function sameLockfile(a: string, b: string): boolean {
  const [left, right] = [lockfileOf(a), lockfileOf(b)]
  return existsSync(left) && existsSync(right) && readFileSync(left).equals(readFileSync(right))
}

/** Packages as hard links, which take no room; where that cannot be, as copies. A folder that is a link itself stays one. */
function linkTree(from: string, to: string): void {
  if (lstatSync(from).isSymbolicLink()) return symlinkSync(realpathSync(from), to)
  mkdirSync(to)
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) linkTree(source, target)
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target)
    else if (entry.isFile()) linkFile(source, target)
  }
}

function linkFile(source: string, target: string): void {
  try {
    linkSync(source, target)
  } catch {
    copyFileSync(source, target, constants.COPYFILE_FICLONE)
  }
}

async function npm({ paths, base, environment, readRoom, at }: StageOrder, folder: string, what: 'whole' | 'missing') {
  const signal = AbortSignal.timeout(INSTALL_LIMIT_MS)
  const stamp = at.replace(/[:.]/g, '-')
  const order = {
    paths,
    appRoot: base.root,
    environment,
    repairId: stamp,
    folder,
    stamp,
    readRoom,
    signal,
    progress: () => {},
  }
  return runNpm(order, folder, what, false)
}

type Noted = { readonly ok: true; readonly version: string } | { readonly ok: false; readonly reason: string }

/** Writes the note: the release finds its own Node and command line by it. */
function note({ base, at }: StageOrder, part: string, root: string): Noted {
  const version = packageOf(root)?.version
  const main = ['.ts', '.js']
    .map((extension) => join(root, 'src', 'cli', `main${extension}`))
    .find((path) => existsSync(path))
  if (typeof version !== 'string' || !main) return { ok: false, reason: 'it has no command line of ours' }
  const node = nodeIn([join(root, 'node_modules'), join(part, 'node_modules')])
  if (!node) return { ok: false, reason: `it brings no Node for ${process.platform} ${process.arch}` }
  const inside = (path: string) => relative(part, path)
  const content: ReleaseNote = { version, root: inside(root), node: inside(node), main: inside(main), base, madeAt: at }
  writeFileSync(join(part, NOTE), `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600, flush: true })
  return { ok: true, version }
}

/** The packages that carry our Node, as in `bin/ottugi`. */
const NODE_PACKAGES = [`node-${process.platform}-${process.arch}`, `node-bin-${process.platform}-${process.arch}`]

function nodeIn(folders: readonly string[]): string | undefined {
  const places = folders.flatMap((folder) => NODE_PACKAGES.map((name) => join(folder, name, 'bin', 'node')))
  return places.find((path) => existsSync(path))
}

function packageOf(root: string): { readonly name?: unknown; readonly version?: unknown } | undefined {
  try {
    return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  } catch {
    return undefined
  }
}

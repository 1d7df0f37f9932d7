/** What a backup holds, by name below the home, and what a restore exchanges. */
import { constants, createReadStream, type Dirent, fstatSync, openSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { NewEntry } from '../../shared/archive/writeArchive.ts'

/** The databases, by the name of their owner. */
export const DATABASE_FILES = { agent: 'data/agent.db', watchdog: 'data/watchdog.db' } as const

/** The file with the secrets. */
export const SECRETS_FILE = '.env'
/** The folder that tools write into. */
export const WORKSPACE_FOLDER = 'workspace'

/** Small files of their own: settings, lasting permissions, what recovery has learned. */
const FILES = ['ottugi.yaml', 'data/always.json', 'data/learned.json'] as const
const FOLDERS = ['data/known-good', 'tools', 'skills', 'alerts'] as const

/** What belongs to a moment that is over after a restore: who was parked or held, open questions. It goes out with the old state, and nothing comes in for it. */
const OF_THE_MOMENT = [
  'data/journal-witness.json',
  'data/parked.json',
  'data/approvals',
  'data/hold-restart.json',
  'data/heap-limit.json',
  'data/safe-mode.json',
] as const

/** What is put in beside databases, settings and permissions. */
export type Wanted = { readonly secrets: boolean; readonly workspace: boolean }

/** How much was put in, and what was left out because it is no regular file or went away meanwhile. */
export type Tally = { files: number; leftOut: number }

/** True for a name that a backup of ours may hold. */
export function isOfBackup(name: string): boolean {
  const isFile = [...FILES, ...Object.values(DATABASE_FILES), SECRETS_FILE].some((file) => file === name)
  return isFile || [...FOLDERS, WORKSPACE_FOLDER].some((folder) => name.startsWith(`${folder}/`))
}

/** What is exchanged when a database comes in: what SQLite keeps beside it belongs to the old one, and goes with it. */
export function withCompanions(file: string): readonly string[] {
  return [`${file}-wal`, `${file}-shm`, file]
}

/** What is exchanged when these names come in: whole folders, not what lies in them, and all that is of the moment. */
export function namesToSwap(names: readonly string[]): string[] {
  const folders = [...FOLDERS, WORKSPACE_FOLDER].filter((folder) => names.some((name) => name.startsWith(`${folder}/`)))
  const files = names.filter((name) => !folders.some((folder) => name.startsWith(`${folder}/`)))
  const databases: readonly string[] = Object.values(DATABASE_FILES)
  const exchanged = files.flatMap((name) => (databases.includes(name) ? withCompanions(name) : [name]))
  return [...OF_THE_MOMENT, ...exchanged, ...folders]
}

/** The files of a home that go into a backup, but for the databases. Links are never followed. */
export function* filesOf(home: string, { secrets, workspace }: Wanted, tally: Tally): Generator<NewEntry> {
  for (const name of [...FILES, ...(secrets ? [SECRETS_FILE] : [])]) yield* fileAt(home, name, tally)
  for (const folder of [...FOLDERS, ...(workspace ? [WORKSPACE_FOLDER] : [])]) yield* filesBelow(home, folder, tally)
}

function* filesBelow(home: string, folder: string, tally: Tally): Generator<NewEntry> {
  for (const entry of entriesOf(join(home, folder))) {
    const name = `${folder}/${entry.name}`
    if (entry.isDirectory()) yield* filesBelow(home, name, tally)
    else if (entry.isFile()) yield* fileAt(home, name, tally)
    else tally.leftOut++
  }
}

function entriesOf(path: string): Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1))
  } catch {
    return []
  }
}

/** Opened when its turn comes: a file that goes away later is still read to its end. */
function* fileAt(home: string, name: string, tally: Tally): Generator<NewEntry> {
  const fd = openPlain(join(home, name))
  if (fd === undefined) return
  const stats = fstatSync(fd)
  tally.files++
  const content = () => createReadStream('', { fd, autoClose: true }) as AsyncIterable<Buffer>
  yield { name, mode: stats.mode & 0o777, content }
}

function openPlain(path: string): number | undefined {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch {
    return undefined
  }
}

/**
 * Asks a new version, before anything is switched: does it load, would its guardian let it start with the present home, what do its migrations do to
 * copies of the databases, and does its agent get ready and stay so, beside the one that serves?
 */
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { openReadonly, readHeadSeq } from '../../repair/database/inspect.ts'
import { backupDatabase } from '../../shared/backup.ts'
import { childEnvironment } from '../../shared/childEnvironment.ts'
import type { HomePaths } from '../../shared/paths.ts'
import type { Program } from '../../shared/programOf.ts'
import { DATABASE_FILES } from '../backup/contents.ts'
import { settleWatch } from '../backup/settleRestored.ts'
import type { Progress } from '../homeSwap.ts'
import { migrateCopies } from '../migrateCopies.ts'
import { quieten, tryAgent } from './tryAgent.ts'
import type { DatabaseForms } from './updateRecord.ts'

/** What it is asked with. */
export type ProofOrder = {
  readonly paths: HomePaths
  readonly program: Program
  /** The program in force: what it complains of as well is no reason against the new one. */
  readonly own: Program
  readonly environment: NodeJS.ProcessEnv
  /** ISO 8601, UTC. */
  readonly at: string
  /** A folder for the copies, which this removes again. */
  readonly folder: string
  /** Told `trying` while the agent of the new version is ready beside the one that serves. */
  readonly progress?: Progress
}

/** The answer; `forms` are those before. */
export type ReleaseProof =
  | { readonly ok: true; readonly forms: DatabaseForms; readonly changesForm: boolean }
  | { readonly ok: false; readonly why: 'broken' | 'refused' | 'migration' | 'start'; readonly detail: string }

const LIMIT_MS = 120_000
const COMPLAINT_CHARS = 400
const LOADS = "await import((await import('node:url')).pathToFileURL(process.argv[1]).href)"

/** Asks it. Changes nothing but the folder of the copies. */
export async function proveRelease(order: ProofOrder): Promise<ReleaseProof> {
  const { paths, program, own, environment, folder } = order
  // Called as a command it would hand over to the version in force: that it loads is what is asked.
  const words = ['--input-type=module', '--eval', LOADS, join(dirname(program.main), `program${program.extension}`)]
  const loaded = await call(program, words, paths, environment)
  if (loaded.code !== 0) return { ok: false, why: 'broken', detail: loaded.err.trim().slice(-COMPLAINT_CHARS) }
  const [complaints, known] = [await ask(program, paths, environment), await ask(own, paths, environment)]
  const news = complaints.filter(({ name }) => !known.some((old) => old.name === name))
  if (news.length > 0) return { ok: false, why: 'refused', detail: news.map(({ what }) => what).join('; ') }
  try {
    return await tryOnCopies(order)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

type Complaint = { readonly name: string; readonly what: string }

/** What the guardian of a program says against a start. One that cannot even say it counts as a complaint. */
async function ask(program: Program, paths: HomePaths, environment: NodeJS.ProcessEnv): Promise<Complaint[]> {
  const main = join(program.root, 'src', 'guardian', `main${program.extension}`)
  const { out, err } = await call(program, [main, 'check', '--json', '--home', paths.home], paths, environment)
  try {
    const { findings } = JSON.parse(out.trim().split('\n').at(-1) ?? '') as {
      findings: { severity: string; check: string; fault: string; what: string }[]
    }
    return findings
      .filter(({ severity }) => severity === 'fail')
      .map(({ check, fault, what }) => ({ name: `${check}:${fault}`, what }))
  } catch {
    return [{ name: 'guardian', what: (err || out).trim().slice(-COMPLAINT_CHARS) || 'its guardian says nothing' }]
  }
}

async function tryOnCopies(order: ProofOrder): Promise<ReleaseProof> {
  const { paths, program, environment, at, folder } = order
  const copies = await copyDatabases(paths, folder, at)
  if (!copies.ok) return { ok: false, why: 'migration', detail: copies.reason }
  const { files } = copies
  // Before another form comes, which we could not read. The migrations have nearly the same to do.
  const isQuiet = files.agent !== undefined && quieten(files.agent, Date.parse(at))
  const before = await formsOf(files)
  const migrated = await migrateCopies(program, files, environment)
  if (!migrated.ok) return { ok: false, why: 'migration', detail: migrated.reason }
  const after = await formsOf(files)
  const complaint = await tryStart(order, isQuiet ? files.agent : undefined)
  if (complaint !== undefined) return { ok: false, why: 'start', detail: complaint }
  const changesForm = before.agent !== after.agent || before.watchdog !== after.watchdog
  return { ok: true, forms: before, changesForm }
}

/** What keeps the program in force from starting in this way as well is no reason against the new one. */
async function tryStart(order: ProofOrder, journal: string | undefined): Promise<string | undefined> {
  try {
    return await tryBoth(order, journal)
  } catch (error) {
    // Its home could not even be laid: a disk that is full.
    return error instanceof Error ? error.message : String(error)
  }
}

async function tryBoth({ paths, program, own, environment, progress }: ProofOrder, journal: string | undefined) {
  const onReady = () => progress?.('trying')
  const complaint = await tryAgent({ paths, program, journal, environment, onReady })
  if (complaint === undefined) return undefined
  const known = await tryAgent({ paths, program: own, journal: undefined, environment })
  return known === undefined ? complaint : undefined
}

type Copies =
  | { readonly ok: true; readonly files: { readonly agent?: string; readonly watchdog?: string } }
  | { readonly ok: false; readonly reason: string }

/** Proved copies of the databases while they are in use, by owner; each alone in a folder of its own. */
async function copyDatabases(paths: HomePaths, folder: string, at: string): Promise<Copies> {
  const files: Record<string, string> = {}
  for (const [name, file] of Object.entries(DATABASE_FILES)) {
    const dbPath = join(paths.home, file)
    if (!existsSync(dbPath)) continue
    const backupsDir = join(folder, name)
    const copied = await backupDatabase({ dbPath, backupsDir, keep: 1, at })
    if (!copied.ok) return copied
    files[name] = join(backupsDir, copied.name)
  }
  return { ok: true, files }
}

/** Lays copies of the databases as they are now into a folder, under their names below a home. A complaint, or nothing. */
export async function keepDatabases(paths: HomePaths, folder: string, at: string): Promise<string | undefined> {
  const copies = await copyDatabases(paths, folder, at)
  if (!copies.ok) return copies.reason
  mkdirSync(join(folder, 'data'), { recursive: true, mode: 0o700 })
  for (const [name, path] of Object.entries(copies.files)) {
    renameSync(path, join(folder, DATABASE_FILES[name as keyof typeof DATABASE_FILES]))
    rmSync(join(folder, name), { recursive: true, force: true })
  }
  if (copies.files.watchdog !== undefined) settleWatch(join(folder, DATABASE_FILES.watchdog))
  return undefined
}

async function formsOf(files: { readonly agent?: string; readonly watchdog?: string }): Promise<DatabaseForms> {
  const entries = Object.entries(files).map(async ([name, file]) => {
    const db = await openReadonly(file)
    try {
      return [name, Number(db.pragma('user_version', { simple: true }))] as const
    } finally {
      db.close()
    }
  })
  return Object.fromEntries(await Promise.all(entries))
}

/** The number of the last event in a journal; 0 where there is none that can be read. */
export async function lastEvent(file: string): Promise<number> {
  try {
    const db = await openReadonly(file)
    try {
      return readHeadSeq(db) ?? 0
    } finally {
      db.close()
    }
  } catch {
    return 0
  }
}

type Answer = { readonly code: number; readonly out: string; readonly err: string }

function call(
  program: Program,
  words: readonly string[],
  { home }: HomePaths,
  environment: NodeJS.ProcessEnv,
): Promise<Answer> {
  // As it will run: what it compiles now is compiled at its start.
  const env = { ...childEnvironment(home, environment), OTTUGI_NODE: program.node }
  return new Promise((resolve) => {
    execFile(
      program.node,
      [...words],
      { env, cwd: program.root, timeout: LIMIT_MS, maxBuffer: 16 * 1_024 * 1_024 },
      (error, out, err) => {
        const code = error ? (typeof error.code === 'number' ? error.code : -1) : 0
        resolve({ code, out, err: err || (error?.message ?? '') })
      },
    )
  })
}

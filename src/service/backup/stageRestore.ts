/** Lays a backup ready beside the state of a home: unpacked, proved, brought to the form of this version. The home itself is not touched yet. */
import { chmodSync, existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { readHeadSeq, readWitness } from '../../repair/database/inspect.ts'
import type { DiskRoom } from '../../shared/diskRoom.ts'
import { newId } from '../../shared/newId.ts'
import type { HomePaths } from '../../shared/paths.ts'
import { incomingFolder, type Progress } from '../homeSwap.ts'
import { migrateCopies, type ProgramFiles } from '../migrateCopies.ts'
import { DATABASE_FILES, namesToSwap } from './contents.ts'
import type { Manifest } from './manifest.ts'
import { proveUnpacked } from './prove.ts'
import { settleRestored, settleWatch } from './settleRestored.ts'
import { type Unpacked, unpackBackup } from './unpack.ts'

/** What is to be laid ready. */
export type RestoreOrder = {
  readonly paths: HomePaths
  readonly file: string
  readonly passphrase?: string | undefined
  readonly version: string
  /** ISO 8601, UTC. */
  readonly at: string
  readonly program: ProgramFiles
  readonly environment: NodeJS.ProcessEnv
  readonly readRoom: (path: string) => DiskRoom
  readonly progress?: Progress
}

/** What lies ready under an id, and the names that an exchange takes; or why nothing does. */
export type StagedRestore =
  | { readonly ok: true; readonly id: string; readonly manifest: Manifest; readonly names: readonly string[] }
  | {
      readonly ok: false
      readonly fault: Extract<Unpacked, { ok: false }>['fault'] | 'broken' | 'refused'
      readonly detail: string
    }

/** Room that stays free, in bytes. */
const SPARE_BYTES = 64 * 1_024 * 1_024

/** Lays it ready; what cannot be used leaves nothing behind. */
export async function stageRestore(order: RestoreOrder): Promise<StagedRestore> {
  const { paths, at, progress = () => {} } = order
  const id = newId(Date.parse(at))
  const folder = incomingFolder(paths, id)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const staged = await stage(order, id, folder)
  if (!staged.ok) dropStaged(paths, id)
  else progress('staged')
  return staged
}

/** Removes what was laid ready and is not wanted. */
export function dropStaged(paths: Pick<HomePaths, 'data'>, id: string): void {
  rmSync(join(incomingFolder(paths, id), '..'), { recursive: true, force: true })
}

async function stage(order: RestoreOrder, id: string, folder: string): Promise<StagedRestore> {
  const { paths, file, passphrase, version, program, environment, readRoom, progress = () => {} } = order
  const mostBytes = readRoom(paths.data).freeBytes - SPARE_BYTES
  const unpacked = await unpackBackup({ file, passphrase, folder, version, mostBytes })
  if (!unpacked.ok) return unpacked.fault === 'too-large' ? { ...unpacked, fault: 'no-room' } : unpacked
  progress('unpacked')
  const { manifest, names } = unpacked
  const { broken, complaints } = await proveUnpacked(folder, manifest, environment)
  if (broken.length > 0) return { ok: false, fault: 'broken', detail: broken.join('; ') }
  if (complaints.length > 0) return { ok: false, fault: 'refused', detail: complaints.join('; ') }
  const migrated = await migrateCopies(program, copiesIn(folder), environment)
  if (!migrated.ok) return { ok: false, fault: 'refused', detail: migrated.reason }
  progress('proved')
  return { ok: true, id, manifest, names: namesToSwap(names) }
}

function copiesIn(folder: string): { agent?: string; watchdog?: string } {
  const there = Object.entries(DATABASE_FILES).filter(([, file]) => existsSync(join(folder, file)))
  return Object.fromEntries(there.map(([name, file]) => [name, join(folder, file)]))
}

/** Makes the databases that lie ready go on from now; for when the home has come to rest. Gives how many runs were ended. */
export function settleStaged(
  paths: HomePaths,
  id: string,
  { nowMs, reason }: { nowMs: number; reason: string },
): number {
  const at = (name: string) => join(incomingFolder(paths, id), name)
  const [file, watched] = [at(DATABASE_FILES.agent), at(DATABASE_FILES.watchdog)]
  if (existsSync(watched)) settleWatch(watched)
  if (!existsSync(file)) return 0
  const db = new Sqlite(file, { fileMustExist: true })
  try {
    db.pragma('synchronous = FULL')
    return settleRestored(db, { nowMs, above: highestEvent(paths), reason })
  } finally {
    db.close()
    chmodSync(file, 0o600)
  }
}

/** The highest number that the journal of this home has given out. A journal that cannot be read says nothing. */
function highestEvent(paths: HomePaths): number {
  const witness = readWitness(paths)
  if (!existsSync(paths.agentDb)) return witness
  try {
    const db = new Sqlite(paths.agentDb, { readonly: true, fileMustExist: true })
    try {
      return Math.max(witness, readHeadSeq(db) ?? 0)
    } finally {
      db.close()
    }
  } catch {
    return witness
  }
}

/** Takes a backup of a home while it is in use, and proves it before it gets its name. */
import { createReadStream, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { NewEntry } from '../../shared/archive/writeArchive.ts'
import { writeArchive } from '../../shared/archive/writeArchive.ts'
import { syncFolder } from '../../shared/atomicFile.ts'
import { backupDatabase } from '../../shared/backup.ts'
import type { DiskRoom } from '../../shared/diskRoom.ts'
import { newId } from '../../shared/newId.ts'
import type { HomePaths } from '../../shared/paths.ts'
import type { Progress } from '../homeSwap.ts'
import { DATABASE_FILES, filesOf, type Tally, type Wanted } from './contents.ts'
import { countDatabase, type DatabaseCounts } from './databaseCounts.ts'
import { MANIFEST_NAME, type Manifest } from './manifest.ts'
import { proveUnpacked } from './prove.ts'
import { unpackBackup } from './unpack.ts'

/** What is to be taken. `file` must not be there yet; its folder must. `cost` is the power of scrypt, for a passphrase. */
export type BackupOrder = Wanted & {
  readonly paths: HomePaths
  readonly file: string
  readonly passphrase?: string | undefined
  readonly cost?: number
  readonly version: string
  /** ISO 8601, UTC. */
  readonly at: string
  readonly environment: NodeJS.ProcessEnv
  readonly readRoom: (path: string) => DiskRoom
  readonly progress?: Progress
}

/** A backup that was proved, or why there is none; then nothing is left of it. `complaints`: why a start from it would be refused. */
export type BackupTaken =
  | {
      readonly ok: true
      readonly bytes: number
      readonly files: number
      readonly leftOut: number
      readonly manifest: Manifest
      readonly complaints: readonly string[]
    }
  | { readonly ok: false; readonly fault: 'no-room' | 'failed'; readonly detail: string }

/** Where a backup is made, below the folder of backups; leftovers of killed ones have the same beginning. */
const WORK_PREFIX = '.making-'
/** Room that stays free, in bytes: a backup must not be what fills the disk. */
const SPARE_BYTES = 64 * 1_024 * 1_024

/** Takes it. The caller holds the lock of backups, so what is left of others is of dead ones. */
export async function takeBackup(order: BackupOrder): Promise<BackupTaken> {
  const { paths, file } = order
  const part = `${file}.part`
  const work = join(paths.backups, `${WORK_PREFIX}${newId(Date.parse(order.at))}`)
  try {
    sweep(paths)
    rmSync(part, { force: true })
    const lacks = lackOfRoom(order)
    if (lacks > 0) return { ok: false, fault: 'no-room', detail: String(lacks) }
    mkdirSync(work, { mode: 0o700 })
    return await make(order, work, part)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const isFull = code === 'ENOSPC' || code === 'EDQUOT' || code === 'SQLITE_FULL'
    return { ok: false, fault: isFull ? 'no-room' : 'failed', detail: message }
  } finally {
    rmSync(work, { recursive: true, force: true })
    rmSync(part, { force: true })
  }
}

async function make(order: BackupOrder, work: string, part: string): Promise<BackupTaken> {
  const { file, passphrase, cost, version, progress = () => {} } = order
  const copies = await copyDatabases(order, work)
  const manifest = manifestOf(order, copies)
  const tally: Tally = { files: 0, leftOut: 0 }
  const entries = entriesOf(order, { copies, manifest, tally })
  const sealing = { passphrase, ...(cost === undefined ? {} : { cost }) }
  const bytes = await writeArchive(part, entries, sealing)
  progress('written')
  const proof = join(work, 'proof')
  const unpacked = await unpackBackup({
    file: part,
    passphrase,
    folder: proof,
    version,
    mostBytes: Number.MAX_SAFE_INTEGER,
  })
  if (!unpacked.ok)
    return { ok: false, fault: unpacked.fault === 'no-room' ? 'no-room' : 'failed', detail: unpacked.detail }
  const { broken, complaints } = await proveUnpacked(proof, manifest, order.environment)
  if (broken.length > 0) return { ok: false, fault: 'failed', detail: broken.join('; ') }
  progress('proved')
  renameSync(part, file)
  syncFolder(dirname(file))
  progress('named')
  return { ok: true, bytes, ...tally, manifest, complaints }
}

type Copy = { readonly name: string; readonly path: string; readonly counts: DatabaseCounts }

/** Each is a moment of its own database: no two databases of ours depend on each other's last second. */
async function copyDatabases({ paths, at, progress = () => {} }: BackupOrder, work: string): Promise<Copy[]> {
  const copies: Copy[] = []
  for (const [name, file] of Object.entries(DATABASE_FILES)) {
    const dbPath = join(paths.home, file)
    if (!statSync(dbPath, { throwIfNoEntry: false })) continue
    const copied = await backupDatabase({ dbPath, backupsDir: join(work, name), keep: 1, at })
    if (!copied.ok) throw Object.assign(new Error(`${basename(file)}: ${copied.reason}`), { code: copied.code })
    const path = join(work, name, copied.name)
    copies.push({ name, path, counts: await countDatabase(path) })
    progress(`copied ${name}`)
  }
  return copies
}

function manifestOf({ version, at, secrets, workspace }: BackupOrder, copies: readonly Copy[]): Manifest {
  const databases = Object.fromEntries(copies.map(({ name, counts }) => [name, counts]))
  const what = { hasSecrets: secrets, hasWorkspace: workspace, databases }
  return { kind: 'ottugi-backup', form: 1, version, createdAt: at, ...what }
}

type Parts = { readonly copies: readonly Copy[]; readonly manifest: Manifest; readonly tally: Tally }

function* entriesOf({ paths, ...wanted }: BackupOrder, { copies, manifest, tally }: Parts): Generator<NewEntry> {
  const mode = 0o600
  yield { name: MANIFEST_NAME, mode, content: () => [Buffer.from(JSON.stringify(manifest))] }
  for (const { name, path } of copies) {
    const content = () => createReadStream(path) as AsyncIterable<Buffer>
    yield { name: DATABASE_FILES[name as keyof typeof DATABASE_FILES], mode, content }
  }
  yield* filesOf(paths.home, wanted, tally)
}

function sweep({ backups }: HomePaths): void {
  for (const name of readdirSync(backups)) {
    if (name.startsWith(WORK_PREFIX)) rmSync(join(backups, name), { recursive: true, force: true })
  }
}

/** Copy, archive and proof of the databases together need at most three times their size; how many bytes of that are missing. */
function lackOfRoom({ paths, readRoom }: BackupOrder): number {
  const sizes = Object.values(DATABASE_FILES).map((file) => {
    return statSync(join(paths.home, file), { throwIfNoEntry: false })?.size ?? 0
  })
  const needed = 3 * sizes.reduce((sum, size) => sum + size, 0) + SPARE_BYTES
  return Math.max(0, needed - readRoom(paths.backups).freeBytes)
}

/** Unpacks a backup into an empty folder: only names that a backup of ours has, only regular files, open to nobody else, durable at the end. */
import { createWriteStream, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { ArchiveError, type ArchiveFault } from '../../shared/archive/archiveFault.ts'
import { type ReadEntry, readArchive } from '../../shared/archive/readArchive.ts'
import { syncFolder } from '../../shared/atomicFile.ts'
import { isOfBackup } from './contents.ts'
import { MANIFEST_NAME, MAX_MANIFEST_BYTES, type Manifest, readManifest } from './manifest.ts'

/** What was unpacked, or why nothing of it counts: then the folder may hold a part, which the caller removes. */
export type Unpacked =
  | { readonly ok: true; readonly manifest: Manifest; readonly names: readonly string[] }
  | {
      readonly ok: false
      readonly fault: ArchiveFault | 'no-backup' | 'no-room' | 'unreadable'
      readonly detail: string
    }

/** Where from and where to. `mostBytes` ends the unpacking of what would fill the disk. */
export type UnpackOrder = {
  readonly file: string
  readonly passphrase?: string | undefined
  readonly folder: string
  readonly version: string
  readonly mostBytes: number
}

const PRIVATE = 0o700
const OWNER_BITS = 0o700
const READ_WRITE = 0o600

class Refused extends Error {
  readonly unpacked: Extract<Unpacked, { ok: false }>
  constructor(fault: Extract<Unpacked, { ok: false }>['fault'], detail: string) {
    super(fault)
    this.unpacked = { ok: false, fault, detail }
  }
}

/** Unpacks it. Never throws for a file that is bad, or a disk that is full. */
export async function unpackBackup(order: UnpackOrder): Promise<Unpacked> {
  try {
    return await unpack(order)
  } catch (error) {
    if (error instanceof Refused) return error.unpacked
    if (error instanceof ArchiveError) return { ok: false, fault: error.fault, detail: error.message }
    const { code, message } = error as NodeJS.ErrnoException
    const fault = code === 'ENOSPC' || code === 'EDQUOT' ? 'no-room' : 'unreadable'
    return { ok: false, fault, detail: message }
  }
}

async function unpack({ file, passphrase, folder, version, mostBytes }: UnpackOrder): Promise<Unpacked> {
  const names: string[] = []
  let manifest: Manifest | undefined
  let leftBytes = mostBytes
  const count = (bytes: number) => {
    leftBytes -= bytes
    if (leftBytes < 0) throw new ArchiveError('too-large')
  }
  for await (const entry of readArchive(file, passphrase)) {
    if (!manifest) {
      manifest = await manifestIn(entry, version)
      continue
    }
    if (!isOfBackup(entry.name)) throw new ArchiveError('unsafe-name', entry.name)
    await writeEntry(folder, entry, count)
    names.push(entry.name)
  }
  if (!manifest) throw new Refused('no-backup', '')
  for (const path of new Set(names.map((name) => dirname(join(folder, name))))) syncFolder(path)
  return { ok: true, manifest, names }
}

async function manifestIn({ name, content }: ReadEntry, version: string): Promise<Manifest> {
  if (name !== MANIFEST_NAME) throw new Refused('no-backup', '')
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of content) {
    length += piece.length
    if (length > MAX_MANIFEST_BYTES) throw new Refused('no-backup', '')
    pieces.push(piece)
  }
  const read = readManifest(Buffer.concat(pieces), version)
  if (!read.ok) throw new Refused(read.fault, read.detail)
  return read.manifest
}

async function writeEntry(folder: string, entry: ReadEntry, count: (bytes: number) => void): Promise<void> {
  const path = join(folder, entry.name)
  mkdirSync(dirname(path), { recursive: true, mode: PRIVATE })
  const counted = async function* (): AsyncGenerator<Buffer> {
    for await (const piece of entry.content) {
      count(piece.length)
      yield piece
    }
  }
  const mode = (entry.mode & OWNER_BITS) | READ_WRITE
  await pipeline(counted, createWriteStream(path, { flags: 'wx', mode, flush: true }))
}

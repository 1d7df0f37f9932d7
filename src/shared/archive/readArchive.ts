/** Reads an archive, entry by entry. Nothing of a chunk is given on before it was proved; what was given on is whole only when the end was reached. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { ArchiveError } from './archiveFault.ts'
import { type ByteReader, createByteReader } from './byteReader.ts'
import { isSafeEntryName } from './entryName.ts'
import {
  type ArchiveHeader,
  CHUNK_BYTES,
  type EntryHead,
  FIRST_LINE,
  FORM,
  HASH_BYTES,
  LAST_MARK,
  MAX_HEAD_BYTES,
  numberBytes,
} from './form.ts'
import { createSealer, keyFor, readSealingFacts, type Sealer, TAG_BYTES } from './sealing.ts'

/** One file. Its content is read whole or not at all, before the next entry is asked for; one that was not read is passed over. */
export type ReadEntry = EntryHead & { readonly content: AsyncIterable<Buffer> }

/** Permission bits that a file may come with: nothing runs as somebody else. */
const MODE_BITS = 0o777

/** The entries in their order. Throws an {@link ArchiveError} at the first thing that is not as it was written. */
export async function* readArchive(path: string, passphrase?: string): AsyncGenerator<ReadEntry> {
  const file = createReadStream(path)
  try {
    const sealed = createByteReader(file)
    const { header, head } = await readHeader(sealed)
    const sealer = createSealer(header.sealing, await keyFor(header.sealing, passphrase), head)
    yield* entriesIn(createByteReader(unpacked(openChunks(sealed, sealer))))
  } finally {
    file.destroy()
  }
}

async function readHeader(file: ByteReader): Promise<{ header: ArchiveHeader; head: Buffer }> {
  const first = await file.exactly(FIRST_LINE.length).catch((error: unknown) => {
    // Too short to be one; what the disk says is another matter.
    if (error instanceof ArchiveError) return Buffer.alloc(0)
    throw error
  })
  if (!first.equals(FIRST_LINE)) throw new ArchiveError('no-archive')
  const length = (await file.exactly(4)).readUInt32BE()
  if (length > MAX_HEAD_BYTES) throw new ArchiveError('damaged')
  const bytes = await file.exactly(length)
  const { form, sealing } = parse(bytes) as Partial<ArchiveHeader>
  if (typeof form !== 'number') throw new ArchiveError('damaged')
  if (form > FORM) throw new ArchiveError('newer', `form ${form}`)
  const facts = readSealingFacts(sealing)
  if (!facts) throw new ArchiveError('damaged')
  return { header: { form, sealing: facts }, head: Buffer.concat([first, numberBytes(length), bytes]) }
}

function parse(bytes: Buffer): object {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'))
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}

async function* openChunks(file: ByteReader, sealer: Sealer): AsyncGenerator<Buffer> {
  for (let isLast = false; !isLast; ) {
    const marked = (await file.exactly(4)).readUInt32BE()
    isLast = marked >= LAST_MARK
    const length = isLast ? marked - LAST_MARK : marked
    if (length < TAG_BYTES || length > CHUNK_BYTES + TAG_BYTES) throw new ArchiveError('damaged')
    yield sealer.open(await file.exactly(length), isLast)
  }
  if (!(await file.isAtEnd())) throw new ArchiveError('damaged')
}

async function* unpacked(packed: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  try {
    // The fault of the source reaches whoever reads: the stream is destroyed with it.
    yield* pipeline(Readable.from(packed), createGunzip(), () => {})
  } catch (error) {
    if (error instanceof ArchiveError) throw error
    if (/^Z_|ERR_.*ZLIB/.test(String((error as NodeJS.ErrnoException).code))) throw new ArchiveError('damaged')
    throw error
  }
}

async function* entriesIn(plain: ByteReader): AsyncGenerator<ReadEntry> {
  const seen = new Set<string>()
  for (;;) {
    const length = (await plain.exactly(4)).readUInt32BE()
    if (length === 0) break
    if (length > MAX_HEAD_BYTES) throw new ArchiveError('damaged')
    const head = readHead(await plain.exactly(length))
    if (seen.has(head.name)) throw new ArchiveError('unsafe-name', head.name)
    seen.add(head.name)
    const content = readContent(plain)
    yield { ...head, content }
    for await (const _unread of content) {
      // Passed over, and proved all the same.
    }
  }
  const count = (await plain.exactly(4)).readUInt32BE()
  if (count !== seen.size || !(await plain.isAtEnd())) throw new ArchiveError('damaged')
}

function readHead(bytes: Buffer): EntryHead {
  const { name, mode } = parse(bytes) as Partial<EntryHead>
  if (typeof name !== 'string' || typeof mode !== 'number' || !Number.isInteger(mode)) throw new ArchiveError('damaged')
  if (!isSafeEntryName(name)) throw new ArchiveError('unsafe-name', JSON.stringify(name).slice(0, 200))
  return { name, mode: mode & MODE_BITS }
}

async function* readContent(plain: ByteReader): AsyncGenerator<Buffer> {
  const hash = createHash('sha256')
  for (;;) {
    const length = (await plain.exactly(4)).readUInt32BE()
    if (length === 0) break
    if (length > CHUNK_BYTES) throw new ArchiveError('damaged')
    const piece = await plain.exactly(length)
    hash.update(piece)
    yield piece
  }
  if (!(await plain.exactly(HASH_BYTES)).equals(hash.digest())) throw new ArchiveError('damaged')
}

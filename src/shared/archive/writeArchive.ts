/** Writes an archive: files by name, packed, and sealed with a passphrase where one is given. Node's own zlib and crypto, no package. */
import { createHash } from 'node:crypto'
import { createWriteStream, statSync } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { isSafeEntryName } from './entryName.ts'
import { CHUNK_BYTES, type EntryHead, FIRST_LINE, FORM, LAST_MARK, numberBytes } from './form.ts'
import { createSealer, newSealing, type Sealer } from './sealing.ts'

/** A file to be put in; its content is read when its turn comes, once. */
export type NewEntry = EntryHead & { readonly content: () => AsyncIterable<Buffer> | Iterable<Buffer> }

/** How it is sealed: without a passphrase anybody can read it. `cost` is the power of scrypt; it has a safe default. */
export type SealWith = { readonly passphrase?: string | undefined; readonly cost?: number }

/**
 * Writes a new file, open to nobody else and durable when this resolves; gives its size in bytes. Throws where the file is there already, where
 * the disk is full, or where an entry cannot be read; what is half written is the caller's to remove.
 */
export async function writeArchive(
  path: string,
  entries: AsyncIterable<NewEntry> | Iterable<NewEntry>,
  { passphrase, cost }: SealWith = {},
): Promise<number> {
  const { facts, key } = await newSealing(passphrase, cost)
  const header = Buffer.from(JSON.stringify({ form: FORM, sealing: facts }))
  const head = Buffer.concat([FIRST_LINE, numberBytes(header.length), header])
  const sealer = createSealer(facts, key, head)
  await pipeline(
    () => recordsOf(entries),
    createGzip(),
    (packed: AsyncIterable<Buffer>) => framesOf(head, evenChunks(packed), sealer),
    createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true }),
  )
  return statSync(path).size
}

async function* recordsOf(entries: AsyncIterable<NewEntry> | Iterable<NewEntry>): AsyncGenerator<Buffer> {
  let count = 0
  for await (const { name, mode, content } of entries) {
    if (!isSafeEntryName(name)) throw new Error(`cannot put ${JSON.stringify(name)} into an archive`)
    const head = Buffer.from(JSON.stringify({ name, mode } satisfies EntryHead))
    yield Buffer.concat([numberBytes(head.length), head])
    yield* contentOf(content())
    count++
  }
  yield Buffer.concat([numberBytes(0), numberBytes(count)])
}

async function* contentOf(content: AsyncIterable<Buffer> | Iterable<Buffer>): AsyncGenerator<Buffer> {
  const hash = createHash('sha256')
  for await (const piece of content) {
    for (let from = 0; from < piece.length; from += CHUNK_BYTES) {
      const part = piece.subarray(from, from + CHUNK_BYTES)
      hash.update(part)
      yield numberBytes(part.length)
      yield part
    }
  }
  yield Buffer.concat([numberBytes(0), hash.digest()])
}

/** Chunks of one size; one is always held back, so that the last one is known to be it. */
async function* evenChunks(
  packed: AsyncIterable<Buffer>,
): AsyncGenerator<{ readonly chunk: Buffer; readonly isLast: boolean }> {
  let waiting: Buffer = Buffer.alloc(0)
  for await (const piece of packed) {
    waiting = Buffer.concat([waiting, piece])
    while (waiting.length > CHUNK_BYTES) {
      yield { chunk: waiting.subarray(0, CHUNK_BYTES), isLast: false }
      waiting = waiting.subarray(CHUNK_BYTES)
    }
  }
  yield { chunk: waiting, isLast: true }
}

async function* framesOf(head: Buffer, chunks: ReturnType<typeof evenChunks>, sealer: Sealer): AsyncGenerator<Buffer> {
  yield head
  for await (const { chunk, isLast } of chunks) {
    const sealed = sealer.seal(chunk, isLast)
    // Not with `|`: that would make the number negative.
    yield numberBytes(sealed.length + (isLast ? LAST_MARK : 0))
    yield sealed
  }
}

/**
 * Reads a chain of log files (the one that is written now, then the rotated ones) line by line from the end, in blocks: never a whole file. A place in it
 * holds on over a rotation: a file is known by its inode and its beginning, not by its name. Files that are gone are the oldest: there the chain ends.
 */
import { createHash } from 'node:crypto'
import { type FileHandle, open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Everything of a file from `end` on has been read. */
export type LogPlace = { readonly file: string; readonly end: number }

/** One line; of a very long one the head. `end` is the place behind it. */
export type BackLine = { readonly bytes: Buffer; readonly place: LogPlace }

/** How much may be read for one answer, in bytes; shared by all chains of it. */
export type ReadBudget = { left: number }

/** One chain. `next` gives undefined at its end, and also where the budget is spent: then `place` says where to go on, and is undefined at the end. */
export type BackReader = {
  readonly next: () => Promise<BackLine | undefined>
  readonly place: () => LogPlace | undefined
  readonly close: () => Promise<void>
}

const BLOCK = 64 * 1_024
/** Of a longer line only so much is given. */
export const HEAD_BYTES: number = 64 * 1_024
const NAMED_BY_BYTES = 256
const NEWLINE = 10

type OpenFile = { readonly handle: FileHandle; readonly name: string }

/** Opens the chain of `<app>.jsonl` in a folder, at its end or at a place. */
export async function readBackwards(
  folder: string,
  app: string,
  { from, budget }: { readonly from: LogPlace | undefined; readonly budget: ReadBudget },
): Promise<BackReader> {
  const files = await chainOf(folder, app)
  let current: OpenFile | undefined
  let end = 0
  let block: Block | undefined
  const openNext = async (wanted?: string): Promise<OpenFile | undefined> => {
    await current?.handle.close()
    current = undefined
    block = undefined
    for (let file = files.shift(); file !== undefined; file = files.shift()) {
      current = await openNamed(file)
      if (current && (wanted === undefined || current.name === wanted)) return current
      await current?.handle.close()
      current = undefined
    }
    return undefined
  }
  const first = await openNext(from?.file)
  if (first) {
    const { size } = await first.handle.stat()
    end = from ? Math.min(from.end, size) : await endOfWholeLines(first.handle, size)
  }
  const next = async (): Promise<BackLine | undefined> => {
    while (current && budget.left > 0) {
      if (end === 0) {
        const older = await openNext()
        if (older) end = (await older.handle.stat()).size
        continue
      }
      const found = await lineBefore(current.handle, { end, block, budget })
      block = found.block
      const place = { file: current.name, end }
      end = found.start
      if (found.bytes && found.bytes.length > 0) return { bytes: found.bytes, place }
    }
    return undefined
  }
  return {
    next,
    place: () => current && { file: current.name, end },
    close: async () => current?.handle.close(),
  }
}

type Block = { readonly from: number; readonly bytes: Buffer }

type FoundLine = { readonly start: number; readonly bytes: Buffer | undefined; readonly block: Block | undefined }
type LineEnd = { readonly end: number; readonly block: Block | undefined; readonly budget: ReadBudget }

/** The line that ends at `end`, without its line break; no bytes where the budget ended in the middle of it. */
async function lineBefore(handle: FileHandle, { end, block: given, budget }: LineEnd): Promise<FoundLine> {
  let block = await blockWith(handle, end, { block: given, budget })
  const lineEnd = block?.bytes[end - 1 - block.from] === NEWLINE ? end - 1 : end
  let position = lineEnd
  while (position > 0) {
    const holding = await blockWith(handle, position, { block, budget })
    if (!holding) return { start: position, bytes: undefined, block }
    block = holding
    // The file is shorter than it was: nothing of it can be told any more.
    if (block.from + block.bytes.length < position) return { start: 0, bytes: undefined, block: undefined }
    const found = block.bytes.lastIndexOf(NEWLINE, position - 1 - block.from)
    position = block.from + found + 1
    if (found !== -1) break
  }
  return { start: position, bytes: await headOf(handle, { start: position, end: lineEnd, block }), block }
}

/** The block with the byte before `end`: the one at hand, or the next; undefined where nothing more may be read. */
async function blockWith(
  handle: FileHandle,
  end: number,
  { block, budget }: Pick<LineEnd, 'block' | 'budget'>,
): Promise<Block | undefined> {
  if (block && end > block.from && end <= block.from + block.bytes.length) return block
  if (budget.left <= 0) return undefined
  const from = Math.max(0, end - BLOCK)
  budget.left -= BLOCK
  return { from, bytes: await readAt(handle, from, end - from) }
}

async function headOf(
  handle: FileHandle,
  { start, end, block }: { readonly start: number; readonly end: number; readonly block: Block | undefined },
): Promise<Buffer> {
  const length = Math.min(end - start, HEAD_BYTES)
  const isInside = block && start >= block.from && start + length <= block.from + block.bytes.length
  return isInside
    ? Buffer.from(block.bytes.subarray(start - block.from, start - block.from + length))
    : readAt(handle, start, length)
}

async function readAt(handle: FileHandle, from: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(Math.max(0, length))
  let filled = 0
  while (filled < bytes.length) {
    const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, from + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return bytes.subarray(0, filled)
}

/** The newest file may end in half a line that is being written: it is shown when it is whole. */
async function endOfWholeLines(handle: FileHandle, size: number): Promise<number> {
  let end = size
  while (end > 0) {
    const from = Math.max(0, end - BLOCK)
    const found = (await readAt(handle, from, end - from)).lastIndexOf(NEWLINE)
    if (found !== -1) return from + found + 1
    end = from
  }
  return 0
}

/** Paths, newest first. The rotated ones are told by when they were last written: their numbers are used again. */
async function chainOf(folder: string, app: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [] as string[])
  const rotated = names.filter((name) => name.startsWith(`${app}.`) && /^\d+\.jsonl$/.test(name.slice(app.length + 1)))
  const aged = await Promise.all(
    rotated.map(async (name) => {
      const path = join(folder, name)
      return { path, at: (await stat(path).catch(() => undefined))?.mtimeMs ?? 0 }
    }),
  )
  const current = names.includes(`${app}.jsonl`) ? [join(folder, `${app}.jsonl`)] : []
  return [...current, ...aged.toSorted((a, b) => b.at - a.at).map(({ path }) => path)]
}

/** A regular file with its name; undefined where there is none, or none that holds a line. Never waits for a pipe that was put in its place. */
async function openNamed(path: string): Promise<OpenFile | undefined> {
  const stats = await stat(path).catch(() => undefined)
  if (!stats?.isFile()) return undefined
  const handle = await open(path, 'r').catch(() => undefined)
  if (!handle) return undefined
  // Of the open file: another one may have taken its name since.
  const { ino } = await handle.stat()
  const head = await readAt(handle, 0, NAMED_BY_BYTES)
  const lineBreak = head.indexOf(NEWLINE)
  if (head.length === 0) {
    await handle.close()
    return undefined
  }
  const beginning = lineBreak === -1 ? head : head.subarray(0, lineBreak)
  // The number of the inode alone is used again, and two logs may begin alike.
  const name = createHash('sha256').update(`${ino} `).update(beginning).digest('hex').slice(0, 16)
  return { handle, name }
}

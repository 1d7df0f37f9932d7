/** Takes exact lengths out of a stream of pieces. */
import { ArchiveError } from './archiveFault.ts'

/** The reader. */
export type ByteReader = {
  /** So many bytes; throws `truncated` where the stream ends before. */
  readonly exactly: (length: number) => Promise<Buffer>
  /** True when nothing is left. */
  readonly isAtEnd: () => Promise<boolean>
}

/** Reads from pieces of any size. */
export function createByteReader(source: AsyncIterable<Buffer>): ByteReader {
  const pieces = source[Symbol.asyncIterator]()
  let kept: Buffer = Buffer.alloc(0)
  const fetch = async (): Promise<boolean> => {
    const next = await pieces.next()
    if (next.done) return false
    kept = kept.length === 0 ? next.value : Buffer.concat([kept, next.value])
    return true
  }
  return {
    exactly: async (length) => {
      while (kept.length < length) if (!(await fetch())) throw new ArchiveError('truncated')
      const taken = kept.subarray(0, length)
      kept = kept.subarray(length)
      return taken
    },
    isAtEnd: async () => {
      while (kept.length === 0) if (!(await fetch())) return true
      return false
    },
  }
}

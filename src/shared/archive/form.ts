/**
 * The form of an archive. First line, length and JSON of the header; then chunks of a gzip stream, each with its length (the highest bit marks
 * the last one) and sealed. Inside the stream: entries, each with length and JSON of its head, its content in pieces that end with an empty
 * one, and its SHA-256; an empty head ends them, with their count. Numbers are unsigned, 32 bits, big-endian. There are files and nothing else:
 * links, devices and folders have no form, so they cannot come out of one.
 */
import type { SealingFacts } from './sealing.ts'

/** The first line of every archive. */
export const FIRST_LINE: Buffer = Buffer.from('OTTUGI-ARCHIVE\n')
/** The form that this version writes; it reads this one and older ones. */
export const FORM = 1
/** Largest header and head of an entry, in bytes. */
export const MAX_HEAD_BYTES = 16_384
/** Bytes of a chunk and of a piece of content. */
export const CHUNK_BYTES = 65_536
/** Marks the last chunk in its length. */
export const LAST_MARK = 0x8000_0000
/** Bytes of a SHA-256. */
export const HASH_BYTES = 32

/** The header. */
export type ArchiveHeader = { readonly form: number; readonly sealing: SealingFacts }

/** The head of an entry; `mode` are the permission bits. */
export type EntryHead = { readonly name: string; readonly mode: number }

/** A number as it stands in an archive. */
export function numberBytes(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

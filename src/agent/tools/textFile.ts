/** Files as text: what is read, what is told to be no text, and how a file is replaced. All of it below the workspace. */

import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  openSync,
  readSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { randomHex } from './laterCrypto.ts'
import { inFolderOf, type OpenFolder, type PathRefusal, type Place, withFile } from './paths.ts'

/** Longest file that is read as text, in bytes. */
const MAX_BYTES = 10 * 1_024 * 1_024
/** Where a file is looked at for what tells a binary one. */
const PROBE_BYTES = 8_192

/** A file that was read. `mode` holds its permission bits. */
export type TextFile = { readonly ok: true; readonly text: string; readonly bytes: number; readonly mode: number }

/** Reads a text. What is too large, a picture or otherwise no UTF-8 text is refused with a hint. */
export function readTextFile(place: Place): TextFile | PathRefusal {
  return withFile<TextFile | PathRefusal>(place, (fd) => {
    const { size, mode } = fstatSync(fd)
    if (size > MAX_BYTES) return tooLarge(place.shown, size)
    const bytes = readAll(fd)
    if (bytes === undefined) return tooLarge(place.shown, MAX_BYTES + 1)
    const text = textOf(bytes)
    if (text === undefined) return noText(place.shown, bytes)
    return { ok: true, text, bytes: bytes.length, mode: mode & 0o777 }
  })
}

/** The file may grow while it is read: no more than the limit is taken. */
function readAll(fd: number): Buffer | undefined {
  const chunks: Buffer[] = []
  let length = 0
  for (;;) {
    const chunk = Buffer.allocUnsafe(64 * 1_024)
    const read = readSync(fd, chunk)
    if (read === 0) return Buffer.concat(chunks, length)
    chunks.push(chunk.subarray(0, read))
    length += read
    if (length > MAX_BYTES) return undefined
  }
}

/** The bytes as UTF-8; undefined where they are none or hold what no text holds. */
function textOf(bytes: Buffer): string | undefined {
  if (bytes.subarray(0, PROBE_BYTES).includes(0)) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function tooLarge(shown: string, size: number): PathRefusal {
  return {
    ok: false,
    reason: `${shown} has ${size} bytes; at most ${MAX_BYTES} are read`,
    hint: 'grep finds lines in files of any size up to that; shell can cut a part out of a larger one (head, tail, sed -n)',
  }
}

const KINDS: readonly { readonly begins: readonly number[]; readonly kind: string; readonly hint: string }[] = [
  { begins: [0x89, 0x50, 0x4e, 0x47], kind: 'a picture (PNG)', hint: 'ask the person to attach it to a message' },
  { begins: [0xff, 0xd8, 0xff], kind: 'a picture (JPEG)', hint: 'ask the person to attach it to a message' },
  { begins: [0x47, 0x49, 0x46, 0x38], kind: 'a picture (GIF)', hint: 'ask the person to attach it to a message' },
  { begins: [0x52, 0x49, 0x46, 0x46], kind: 'a picture or sound (RIFF)', hint: 'ask the person what is in it' },
  { begins: [...Buffer.from('SQLite format 3\0')], kind: 'an SQLite database', hint: 'sqlite_query reads it' },
  { begins: [0x25, 0x50, 0x44, 0x46], kind: 'a PDF', hint: 'pdftotext, by shell, where it is installed' },
  {
    begins: [0x50, 0x4b, 0x03, 0x04],
    kind: 'a ZIP archive (or an Office document)',
    hint: 'unzip -l, by shell, lists it',
  },
  { begins: [0x1f, 0x8b], kind: 'compressed with gzip', hint: 'zcat, by shell, unpacks it' },
  { begins: [0x7f, 0x45, 0x4c, 0x46], kind: 'a program (ELF)', hint: 'there is no text in it' },
]

function noText(shown: string, bytes: Buffer): PathRefusal {
  const found = KINDS.find(({ begins }) => begins.every((byte, index) => bytes[index] === byte))
  return {
    ok: false,
    reason: `${shown} is no UTF-8 text but ${found?.kind ?? 'binary'} (${bytes.length} bytes)`,
    hint: found?.hint ?? 'run_python or shell can look at its bytes or convert it',
  }
}

/** A file that was written. */
export type Written = { readonly ok: true; readonly bytes: number }

/** Permission bits of a new file. */
const NEW_MODE = 0o644

/** Puts a text in place of what is there, or of nothing: written beside, synced, renamed. A kill leaves the old or the new one, whole. */
export function replaceFile(place: Place, text: string, mode = NEW_MODE): Written | PathRefusal {
  const bytes = Buffer.from(text)
  return inFolderOf<Written | PathRefusal>(
    place,
    (folder, name) => {
      const beside = folder.at(`.${randomHex(8)}.tmp`)
      try {
        writeNew(beside, bytes, mode)
        renameSync(beside, folder.at(name))
      } catch (error) {
        dropQuietly(beside)
        throw error
      }
      syncQuietly(folder)
      return { ok: true, bytes: bytes.length }
    },
    true,
  )
}

function writeNew(path: string, bytes: Uint8Array, mode: number): void {
  const fd = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600)
  try {
    for (let offset = 0; offset < bytes.length; ) offset += writeSync(fd, bytes, offset)
    fchmodSync(fd, mode)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

function dropQuietly(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // It was never made.
  }
}

/** Not every file system syncs folders; the file itself is safe. */
function syncQuietly({ fd }: OpenFolder): void {
  try {
    fsyncSync(fd)
  } catch {
    // Nothing to do about it.
  }
}

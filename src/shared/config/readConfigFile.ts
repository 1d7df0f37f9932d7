import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats } from 'node:fs'
import { type Phrase, phrase } from '../messages/phrase.ts'

/** Larger files are refused: nobody writes that much by hand. */
export const MAX_CONFIG_BYTES = 1_048_576

/** The text of a file, `undefined` where there is none, or why it cannot be had. */
export type ConfigFileResult =
  | { readonly ok: true; readonly text: string | undefined }
  | { readonly ok: false; readonly expected: Phrase; readonly got: Phrase }

/** Reads a small text file of the owner. Never throws, and never waits for a pipe that was put in its place. */
export function readConfigFile(path: string): ConfigFileResult {
  let fd: number
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? { ok: true, text: undefined } : unreadable(error)
  }
  try {
    return refusal(fstatSync(fd)) ?? decode(readFileSync(fd))
  } catch (error) {
    return unreadable(error)
  } finally {
    closeSync(fd)
  }
}

function refusal(stats: Stats): ConfigFileResult | undefined {
  if (stats.isDirectory()) return { ok: false, expected: phrase('expected.readableFile'), got: phrase('got.folder') }
  if (!stats.isFile()) return { ok: false, expected: phrase('expected.readableFile'), got: phrase('got.notAFile') }
  if (stats.size <= MAX_CONFIG_BYTES) return undefined
  const got = phrase('got.size', { kib: Math.ceil(stats.size / 1_024) })
  return { ok: false, expected: phrase('expected.smallFile', { maxKib: MAX_CONFIG_BYTES / 1_024 }), got }
}

function decode(bytes: Uint8Array): ConfigFileResult {
  try {
    return { ok: true, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
  } catch {
    return { ok: false, expected: phrase('expected.utf8'), got: phrase('got.otherBytes') }
  }
}

function unreadable(error: unknown): ConfigFileResult {
  return { ok: false, expected: phrase('expected.readableFile'), got: phrase('got.fileError', { code: codeOf(error) }) }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown'
}

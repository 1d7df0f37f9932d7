/**
 * What makes a change of a file happen once per key: before a file is replaced, the fingerprints of its old and its new text are kept under the key.
 * A second attempt sees by them whether the first one came through.
 */
import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { sha256 } from './laterCrypto.ts'
import { findPlace } from './paths.ts'
import { readTextFile, replaceFile } from './textFile.ts'

/** Names one attempted change. */
export type EditMark = { readonly workspace: string; readonly key: string; readonly shown: string }

const FOLDER = '.ottugi/edits'
/** Marks that are kept; an attempt is repeated after a restart at the latest, so the newest ones are enough. */
const KEPT = 500

/** What is known of an earlier attempt: there was none (or it did not come through), it is done, or others have changed the file since. */
export function editAgain(mark: EditMark, text: string): 'new' | 'done' | 'changed' {
  const place = findPlace(mark.workspace, fileOf(mark))
  if (!place.ok || place.kind !== 'file') return 'new'
  const file = readTextFile(place)
  if (!file.ok) return 'new'
  const [before, after] = file.text.split(' ')
  const now = sha256(text)
  if (now === after) return 'done'
  return now === before ? 'new' : 'changed'
}

/** Keeps the fingerprints. A mark that cannot be kept does not stop the change: then the same text is found again, or not. */
export function keepEdit(mark: EditMark, before: string, after: string): void {
  const place = findPlace(mark.workspace, fileOf(mark))
  if (!place.ok || !replaceFile(place, `${sha256(before)} ${sha256(after)}`).ok) return
  prune(join(place.root, FOLDER))
}

function fileOf({ key, shown }: EditMark): string {
  return `${FOLDER}/${sha256(`${key}\0${shown}`).slice(0, 32)}`
}

function prune(folder: string): void {
  const names = readdirSync(folder)
  if (names.length <= KEPT) return
  const byAge = names.map((name) => ({ name, at: statSync(join(folder, name)).mtimeMs })).sort((a, b) => b.at - a.at)
  for (const { name } of byAge.slice(KEPT / 2)) rmSync(join(folder, name), { force: true })
}

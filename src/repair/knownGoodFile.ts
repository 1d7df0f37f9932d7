/** `data/known-good/known-good.json`: what the last start that stayed healthy had. One file, so that it is always whole; one generation before it is kept. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { readJsonIfThere, writeFileDurably } from '../shared/atomicFile.ts'
import type { HomePaths } from '../shared/paths.ts'
import { readPlainText } from './plainText.ts'

/** A state of the installation that was proved by staying healthy. */
export type KnownGood = {
  /** The text of `ottugi.yaml`; null where there was no such file and the defaults were good. */
  readonly settingsText: string | null
  /** Hash of the settings in force: what the boot ledger calls `settingsHash`. */
  readonly settingsHash: string
  readonly lockfileHash: string | null
  /** File name of a backup in `data/backups`. */
  readonly databaseBackup: string | null
  readonly version: string
  /** ISO 8601, UTC. */
  readonly savedAt: string
}

const fileOf = (paths: HomePaths) => join(paths.knownGood, 'known-good.json')
const previousOf = (paths: HomePaths) => join(paths.knownGood, 'known-good.previous.json')

/** The last good state, or the one before it where the last cannot be read. */
export function readKnownGood(paths: HomePaths): KnownGood | undefined {
  return [fileOf(paths), previousOf(paths)].map(readJsonIfThere).find(isKnownGood)
}

function isKnownGood(value: unknown): value is KnownGood {
  if (typeof value !== 'object' || value === null) return false
  const { settingsText, settingsHash } = value as Partial<KnownGood>
  return (typeof settingsText === 'string' || settingsText === null) && typeof settingsHash === 'string'
}

/** Stores a good state durably; a different one that was stored before becomes the previous generation. */
export function writeKnownGood(paths: HomePaths, good: KnownGood): void {
  const current = readJsonIfThere(fileOf(paths))
  if (isKnownGood(current) && current.settingsHash !== good.settingsHash) {
    writeFileDurably(previousOf(paths), `${JSON.stringify(current, null, 2)}\n`)
  }
  writeFileDurably(fileOf(paths), `${JSON.stringify(good, null, 2)}\n`)
}

/** A short name for a text: equal texts, equal names. Null for a missing file. */
export function textHash(text: string | null | undefined): string | null {
  return typeof text === 'string' ? createHash('sha256').update(text).digest('hex').slice(0, 16) : null
}

/** Hash of a file's text; null where it is missing or cannot be read. */
export function fileHash(path: string): string | null {
  try {
    return textHash(readPlainText(path))
  } catch {
    return null
  }
}

/** The first entry of a backup: what it holds and whence it comes. */
import { compareVersions } from '../versions.ts'
import type { DatabaseCounts } from './databaseCounts.ts'

/** The name of the entry. */
export const MANIFEST_NAME = 'manifest.json'
/** Longest manifest, in bytes. */
export const MAX_MANIFEST_BYTES = 1_024 * 1_024

/** What stands in it. */
export type Manifest = {
  readonly kind: 'ottugi-backup'
  readonly form: 1
  /** The version of Ottugi that made it. */
  readonly version: string
  /** ISO 8601, UTC. */
  readonly createdAt: string
  readonly hasSecrets: boolean
  readonly hasWorkspace: boolean
  /** By the name of their owner: form of the tables, rows of each, and the hash of the file. A database that was not there is missing. */
  readonly databases: Readonly<Record<string, DatabaseCounts>>
}

/** A manifest, or why a backup is not taken. */
export type ManifestResult =
  | { readonly ok: true; readonly manifest: Manifest }
  | { readonly ok: false; readonly fault: 'no-backup' | 'newer'; readonly detail: string }

/** Reads one; a backup of a newer version than `own` is not for us. */
export function readManifest(bytes: Buffer, own: string): ManifestResult {
  const value = parse(bytes)
  const { kind, form, version, createdAt, databases } = value
  if (kind !== 'ottugi-backup' || typeof version !== 'string' || typeof createdAt !== 'string')
    return { ok: false, fault: 'no-backup', detail: '' }
  if (form !== 1 || compareVersions(version, own) > 0) return { ok: false, fault: 'newer', detail: version }
  if (typeof databases !== 'object' || databases === null) return { ok: false, fault: 'no-backup', detail: '' }
  return { ok: true, manifest: value as Manifest }
}

function parse(bytes: Buffer): Partial<Record<keyof Manifest, unknown>> {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'))
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}

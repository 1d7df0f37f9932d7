/**
 * `data/always.json`: a person's lasting permissions, each for one tool and one shape of a call, in one session or everywhere. Written by the
 * agent when a person said "always", read by it and by the command line. What is damaged, forged, a link, or open to others allows nothing;
 * nothing here ever allows what the gates refuse. Node: built-ins only.
 */
import { createHash } from 'node:crypto'
import { lstatSync } from 'node:fs'
import { writeFileDurably } from '../atomicFile.ts'
import { canonicalJson } from '../canonicalJson.ts'
import { readSmallJson } from '../smallFile.ts'

/** What is permitted: calls of a tool that have exactly this shape. */
export type Permission = {
  readonly tool: string
  /** The call, generalised: see the gates. Plain JSON. */
  readonly shape: unknown
  readonly scope: 'session' | 'everywhere'
  /** Empty where the scope is `everywhere`. */
  readonly session: string
}

/** A permission as it is kept. */
export type AlwaysEntry = Permission & {
  /** `P7`: short enough to be typed. */
  readonly id: string
  /** ISO 8601, UTC. */
  readonly since: string
  /** When it ends; absent where it does not. */
  readonly until?: string
  /** SHA-256 over all of it but the id: an entry that was edited allows nothing. */
  readonly digest: string
}

/** So many are kept; the oldest goes. */
const MAX_ENTRIES = 60
/** Longest shape, in characters of JSON: the whole file stays a small one. */
const MAX_SHAPE = 800
const ENTRY_ID = /^P[1-9]\d{0,8}$/
/** Write bits of the group and of everybody. */
const OPEN_TO_OTHERS = 0o022

/** The permissions of a file. `isDamaged`: something is there that is not believed, in whole or in part. */
export type Always = { readonly entries: readonly AlwaysEntry[]; readonly isDamaged: boolean }

/** Reads them; entries that are over at `at` (ISO 8601) are left out. */
export function readAlways(path: string, at: string): Always {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  if (!stats) return { entries: [], isDamaged: false }
  const isOurs = stats.isFile() && (stats.mode & OPEN_TO_OTHERS) === 0 && stats.uid === process.getuid?.()
  const value = isOurs ? readSmallJson(path) : undefined
  if (!Array.isArray(value)) return { entries: [], isDamaged: true }
  const believed = value.filter(isEntry)
  const hasTwins = new Set(believed.map(({ id }) => id)).size < believed.length
  if (hasTwins) return { entries: [], isDamaged: true }
  const entries = believed.filter(({ until }) => until === undefined || Date.parse(at) < Date.parse(until))
  return { entries, isDamaged: believed.length < value.length }
}

/** Adds one, durable when it returns; the same permission is kept once. False where its shape is too long to be kept. */
export function addAlways(path: string, permission: Permission, at: string, until?: string): boolean {
  const shape = JSON.parse(canonicalJson(permission.shape))
  if (canonicalJson(shape).length > MAX_SHAPE) return false
  const { entries } = readAlways(path, at)
  const fresh = { ...permission, shape }
  if (entries.some((entry) => samePermission(entry, fresh))) return true
  const facts = { ...fresh, since: at, ...(until === undefined ? {} : { until }) }
  const number = Math.max(0, ...entries.map(({ id }) => Number(id.slice(1)))) + 1
  write(path, [...entries, { id: `P${number}`, ...facts, digest: digestOf(facts) }].slice(-MAX_ENTRIES))
  return true
}

/** Takes one back; false where there is none of this id. */
export function forgetAlways(path: string, id: string, at: string): boolean {
  const { entries } = readAlways(path, at)
  const left = entries.filter((entry) => entry.id !== id.toUpperCase())
  if (left.length === entries.length) return false
  write(path, left)
  return true
}

/** True where an entry permits a call of this tool and shape in this session. */
export function permits(
  entry: AlwaysEntry,
  call: { readonly tool: string; readonly shape: unknown; readonly session: string },
): boolean {
  const isHere = entry.scope === 'everywhere' || entry.session === call.session
  return isHere && entry.tool === call.tool && canonicalJson(entry.shape) === canonicalJson(call.shape)
}

function samePermission(entry: AlwaysEntry, { tool, shape, scope, session }: Permission): boolean {
  return (
    canonicalJson([entry.tool, entry.shape, entry.scope, entry.session]) ===
    canonicalJson([tool, shape, scope, session])
  )
}

function write(path: string, entries: readonly AlwaysEntry[]): void {
  writeFileDurably(path, `${JSON.stringify(entries, null, 1)}\n`)
}

function digestOf({ tool, shape, scope, session, since, until }: Omit<AlwaysEntry, 'id' | 'digest'>): string {
  const text = canonicalJson(['ottugi always 1', tool, shape, scope, session, since, until ?? ''])
  return createHash('sha256').update(text).digest('hex')
}

function isEntry(value: unknown): value is AlwaysEntry {
  const it = (typeof value === 'object' && value !== null ? value : {}) as AlwaysEntry
  const isUntil = it.until === undefined || (typeof it.until === 'string' && Number.isFinite(Date.parse(it.until)))
  const areTexts = [it.id, it.tool, it.session, it.since, it.digest].every((text) => typeof text === 'string')
  if (!areTexts || !isUntil || !ENTRY_ID.test(it.id)) return false
  const isScope = it.scope === 'everywhere' ? it.session === '' : it.scope === 'session' && it.session !== ''
  return isScope && digestOf(it) === it.digest
}

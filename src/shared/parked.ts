/**
 * `data/parked.json`: runs and sessions of the agent that are set aside, because lives of the agent ended while they were worked on.
 * A parked run is not resumed, a parked session takes no messages; nothing of them is ended or lost. A person releases them.
 * Written by the hands and by `release`, read by the agent; node: built-ins only.
 */
import { unlinkSync } from 'node:fs'
import { writeFileDurably } from './atomicFile.ts'
import type { HomePaths } from './paths.ts'
import { readSmallJson } from './smallFile.ts'

/** One run or session that is set aside. */
export type ParkedEntry = {
  readonly id: string
  /** ISO 8601, UTC. */
  readonly since: string
  /** One short sentence in English: why. */
  readonly reason: string
}

/** Everything that is parked, oldest first. */
export type Parked = { readonly runs: readonly ParkedEntry[]; readonly sessions: readonly ParkedEntry[] }

/** What can be parked. */
export type ParkedKind = keyof Parked

/** Most entries of a kind: more than that is no single poisoned run any more, and a person is needed. */
export const MAX_PARKED = 100
/** What an id of a run or session looks like; the same as the agent's HTTP interface takes. */
export const PARKABLE_ID: RegExp = /^[A-Za-z0-9_-]{1,64}$/
/** Longest reason that is kept, in characters. */
const MAX_REASON = 200

/** What is parked. A file that is missing, damaged or no file of its own parks nothing; an entry that is no entry is passed over. */
export function readParked(paths: HomePaths): Parked {
  const value = readSmallJson(paths.parked)
  const { runs, sessions } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
  return { runs: entriesOf(runs), sessions: entriesOf(sessions) }
}

function entriesOf(list: unknown): ParkedEntry[] {
  if (!Array.isArray(list)) return []
  return list
    .filter(isEntry)
    .slice(0, MAX_PARKED)
    .map(({ id, since, reason }) => ({ id, since, reason: reason.slice(0, MAX_REASON) }))
}

function isEntry(value: unknown): value is ParkedEntry {
  const { id, since, reason } = (value ?? {}) as Partial<Record<keyof ParkedEntry, unknown>>
  return typeof id === 'string' && PARKABLE_ID.test(id) && typeof since === 'string' && typeof reason === 'string'
}

/** Why something is set aside: by itself, or with its session. */
export type ParkedAs = { readonly what: 'run' | 'session'; readonly entry: ParkedEntry }

/** As what this run is parked, the session first; undefined while neither is. */
export function parkedAs(
  parked: Parked,
  { run, session }: { readonly run: string; readonly session: string },
): ParkedAs | undefined {
  const inSession = parked.sessions.find(({ id }) => id === session)
  if (inSession) return { what: 'session', entry: inSession }
  const itself = parked.runs.find(({ id }) => id === run)
  return itself ? { what: 'run', entry: itself } : undefined
}

/** What the file holds with one entry more; one that was parked before keeps its place. Beyond {@link MAX_PARKED} nothing is added. */
export function withParked(parked: Parked, kind: ParkedKind, entry: ParkedEntry): Parked {
  const isKnown = parked[kind].some(({ id }) => id === entry.id)
  if (isKnown || parked[kind].length >= MAX_PARKED) return parked
  return { ...parked, [kind]: [...parked[kind], entry] }
}

/** Replaces the file, durable when it returns. `path` is where to write it, when the folder is held by a descriptor. */
export function writeParked(path: string, parked: Parked): void {
  writeFileDurably(path, `${JSON.stringify(parked, null, 2)}\n`)
}

/** Takes a run or session out again, by its id; both where both have it. False where none was parked. The agent goes on with it by itself. */
export function release(paths: HomePaths, id: string): boolean {
  const { runs, sessions } = readParked(paths)
  const left = { runs: runs.filter((entry) => entry.id !== id), sessions: sessions.filter((entry) => entry.id !== id) }
  if (left.runs.length + left.sessions.length === runs.length + sessions.length) return false
  if (left.runs.length + left.sessions.length > 0) writeParked(paths.parked, left)
  else unlinkSync(paths.parked)
  return true
}

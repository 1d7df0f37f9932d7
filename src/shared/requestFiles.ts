/**
 * Requests to the watchdog as files: one small file each in `data/requests/`, made whole or not at all, and taken away by the watchdog once it is done.
 * So a request outlives a watchdog that is just being replaced, and nobody but the watchdog writes its database.
 */
import { randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readdirSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { syncFolder, writeFileDurably } from './atomicFile.ts'
import type { HomePaths } from './paths.ts'
import { readSmallJson } from './smallFile.ts'

/** Somebody takes care of an alert; without an id, of all that are open. */
export type AcknowledgeRequest = {
  readonly request: 'acknowledge'
  readonly id: string | null
  readonly by: string
  readonly at: string
}

/** What a job of the schedule came to, for the channels that shall hear of it. */
export type ResultRequest = {
  readonly request: 'result'
  /** The run; it names the request, so that it is left once and told once. */
  readonly run: string
  /** Name of the job. */
  readonly job: string
  /** How the run ended, in the word of the journal, or `not-run`. */
  readonly finish: string
  /** What the model said, or why there is nothing; no longer than {@link MAX_RESULT}. */
  readonly text: string
  /** Names of channels. */
  readonly channels: readonly string[]
  readonly at: string
}

/** Longest text of a result, in characters: a channel carries about a page, and the session has the whole. */
export const MAX_RESULT = 3_000

/** A request as it was found. */
export type FoundRequest = { readonly file: string; readonly value: unknown }

/** More in one look would be no person. */
const MOST_AT_ONCE = 50

/** Leaves a request, durable when it returns. Never replaces another one. */
export function leaveRequest(paths: HomePaths, request: AcknowledgeRequest): string {
  return leave(paths, `${Date.parse(request.at).toString(36)}-${randomBytes(6).toString('hex')}`, request)
}

/** Leaves what a job came to, durable when it returns. The name follows from the run: where it lies already, nothing is added. */
export function leaveResult(paths: HomePaths, request: ResultRequest): void {
  try {
    leave(paths, `result-${request.run}`, { ...request, text: request.text.slice(0, MAX_RESULT) })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

function leave(paths: HomePaths, name: string, request: AcknowledgeRequest | ResultRequest): string {
  const folder = requestFolder(paths)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, `${name}.json`)
  const whole = `${file}.${randomBytes(6).toString('hex')}.new`
  writeFileDurably(whole, `${JSON.stringify(request)}\n`)
  try {
    // A link is refused where the name is taken, and shows the whole file at once.
    linkSync(whole, file)
  } finally {
    unlinkSync(whole)
  }
  syncFolder(folder)
  return file
}

/** The requests that wait, oldest first. Never throws; a missing folder is none. What is no JSON comes as `undefined`. */
export function findRequests(paths: HomePaths): FoundRequest[] {
  const folder = requestFolder(paths)
  return namesIn(folder)
    .filter((name) => name.endsWith('.json'))
    .toSorted()
    .slice(0, MOST_AT_ONCE)
    .map((name) => ({ file: join(folder, name), value: readSmallJson(join(folder, name)) }))
}

/** Takes a request away; nothing happens where it is gone. */
export function dropRequest({ file }: FoundRequest): void {
  try {
    unlinkSync(file)
  } catch {
    // Another one took it, or it lies where we may not write: it is asked again, and the answer is the same.
  }
}

function requestFolder({ data }: HomePaths): string {
  return join(data, 'requests')
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

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

/** A request as it was found. */
export type FoundRequest = { readonly file: string; readonly value: unknown }

/** More in one look would be no person. */
const MOST_AT_ONCE = 50

/** Leaves a request, durable when it returns. Never replaces another one. */
export function leaveRequest(paths: HomePaths, request: AcknowledgeRequest): string {
  const folder = requestFolder(paths)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, `${Date.parse(request.at).toString(36)}-${randomBytes(6).toString('hex')}.json`)
  const whole = `${file}.new`
  writeFileDurably(whole, `${JSON.stringify(request)}\n`)
  // A link is refused where the name is taken, and shows the whole file at once.
  linkSync(whole, file)
  unlinkSync(whole)
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

/**
 * The files of the approvals: up to three a question, each of them written once and never changed. `link(2)` fills a slot whole or not at all,
 * and of any number of processes that try, one wins; so there is no lock, and a kill at any moment leaves nothing half.
 */
import { randomBytes } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { syncFolder } from '../atomicFile.ts'
import { readStat } from '../procfs.ts'
import { readSmallJson } from '../smallFile.ts'

/** The three files of a question. */
export type Slot = 'question' | 'answer' | 'end'

const ENDINGS: Readonly<Record<Slot, string>> = { question: '.json', answer: '.answer.json', end: '.end.json' }
const SLOT_NAME = /^A([1-9]\d{0,8})(?:\.answer|\.end)?\.json$/
const HALF_WRITTEN = /^\.A\d+.*\.(\d+)\.[0-9a-f]{8}\.tmp$/

/** Where a slot lies. */
export function slotPath(folder: string, id: string, slot: Slot): string {
  return join(folder, `${id}${ENDINGS[slot]}`)
}

/** Fills a slot, durable when it returns; false where it was filled already. */
export function fillSlot(folder: string, { id, slot }: { readonly id: string; readonly slot: Slot }, value: unknown) {
  const path = slotPath(folder, id, slot)
  const beside = join(folder, `.${id}${ENDINGS[slot]}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`)
  const fd = openSync(beside, 'wx', 0o600)
  try {
    const bytes = Buffer.from(`${JSON.stringify(value, null, 2)}\n`)
    for (let offset = 0; offset < bytes.length; ) offset += writeSync(fd, bytes, offset)
    fsyncSync(fd)
    linkSync(beside, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    closeSync(fd)
    unlinkSync(beside)
  }
  syncFolder(folder)
  return true
}

/** The value of a slot; undefined where it is empty, `'damaged'` where something is there that is no such value. */
export function readSlot<T>(path: string, isValue: (value: unknown) => value is T): T | 'damaged' | undefined {
  const value = readSmallJson(path)
  if (isValue(value)) return value
  return lstatSync(path, { throwIfNoEntry: false }) ? 'damaged' : undefined
}

/** The numbers of all questions of which any file is there, ascending: a number is never given out twice. */
export function usedNumbers(folder: string): number[] {
  const numbers = namesIn(folder).flatMap((name) => Number(SLOT_NAME.exec(name)?.[1] ?? []))
  return [...new Set(numbers)].filter(Number.isSafeInteger).toSorted((a, b) => a - b)
}

/** Makes the folder where it is missing. A link in its place is refused: what follows would lead elsewhere. */
export function ensureApprovals(
  folder: string,
): { readonly ok: true } | { readonly ok: false; readonly reason: string } {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    if (lstatSync(folder).isDirectory()) return { ok: true }
    return { ok: false, reason: `${folder} is not a folder of its own` }
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) }
  }
}

/** Removes a question for good, the question first: what is left of it after a kill allows nothing. */
export function removeSlots(folder: string, id: string): void {
  for (const slot of ['question', 'answer', 'end'] as const) removeIfThere(slotPath(folder, id, slot))
}

/** Removes what killed processes left half written. */
export function sweepHalfWritten(folder: string): void {
  for (const name of namesIn(folder)) {
    const pid = HALF_WRITTEN.exec(name)?.[1]
    if (pid !== undefined && readStat(Number(pid)) === undefined) removeIfThere(join(folder, name))
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function removeIfThere(path: string): void {
  try {
    unlinkSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

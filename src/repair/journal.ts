/**
 * The repair journal: every step of every repair, one JSON line each in `data/repairs.journal`, synced before the next step is taken.
 * Each line carries the hash of the one before it, so that a flipped byte or an edit is seen. A plain file, because it must be
 * writable when the databases are what is broken, and node: built-ins only, because it must work when every package is missing.
 */
import { createHash } from 'node:crypto'
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  renameSync,
  writeSync,
} from 'node:fs'
import { basename, dirname } from 'node:path'
import { syncFolder } from '../shared/atomicFile.ts'
import { bootId, now } from '../shared/clock.ts'
import { inFolder } from './heldFolder.ts'

/** Any value that JSON can carry unchanged. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue }

/** How far a repair has come. The last three end it. */
export type RepairStep = 'begin' | 'snapshot' | 'acted' | 'verified' | 'undoing' | 'committed' | 'undone' | 'failed'

/** What a line says of its repair. `by` is who asked (guardian, runbook, model, person), `fault` what it treats. */
export type JournalFacts = {
  readonly repairId: string
  readonly step: RepairStep
  readonly action: string
  readonly args: JsonValue
  readonly by: string
  readonly fault: string
  readonly note?: string
  readonly data?: JsonValue
}

/** One line: the facts, its place in the chain, and when it was written by both clocks. */
export type JournalEntry = JournalFacts & {
  readonly seq: number
  readonly prev: string
  readonly hash: string
  readonly at: string
  readonly monoMs: number
  readonly bootId: string
}

/** Is the chain whole? `head` is the hash of the last line; `brokenAt` the number (1 = first) of the first line that is not as it was written. */
export type JournalVerdict =
  | { readonly ok: true; readonly head: string; readonly count: number }
  | { readonly ok: false; readonly brokenAt: number }

/** What the first line has as its predecessor. */
export const NO_PREDECESSOR = '0'.repeat(64)

/** A repair's lines are far shorter; the last line is always inside. */
const TAIL_BYTES = 256 * 1_024
const NEWLINE = 10
/** A journal that is a link is not written through. */
const APPENDING = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW

const ENDED: ReadonlySet<RepairStep> = new Set(['committed', 'undone', 'failed'])

/** JSON with sorted keys: the same value gives the same bytes, so a line can be compared with what it should be. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`).join(',')}}`
}

function hashOf(entry: Omit<JournalEntry, 'hash'>): string {
  return createHash('sha256').update(entry.prev).update('\n').update(canonical(entry)).digest('hex')
}

type Tail = {
  readonly lines: readonly Buffer[]
  /** Bytes after the last newline: a line that was cut by a kill, or nothing. */
  readonly rest: Buffer
  readonly size: number
}

function readTail(file: string, limit: number): Tail | undefined {
  let fd: number
  try {
    fd = openSync(file, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  try {
    const { size } = fstatSync(fd)
    const bytes = Buffer.alloc(Math.min(size, limit))
    readSync(fd, bytes, 0, bytes.length, size - bytes.length)
    const whole = bytes.length === size ? bytes : bytes.subarray(bytes.indexOf(NEWLINE) + 1)
    return { ...splitLines(whole), size }
  } finally {
    closeSync(fd)
  }
}

function splitLines(bytes: Buffer): { lines: Buffer[]; rest: Buffer } {
  const lines: Buffer[] = []
  let from = 0
  for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, from)) {
    lines.push(bytes.subarray(from, end))
    from = end + 1
  }
  return { lines, rest: bytes.subarray(from) }
}

function parseLine(line: Buffer): JournalEntry | undefined {
  try {
    const entry = JSON.parse(line.toString('utf8'))
    return typeof entry?.repairId === 'string' && typeof entry.hash === 'string' ? entry : undefined
  } catch {
    return undefined
  }
}

/** True when the line is, byte for byte, what {@link appendStep} wrote after the line with the hash `prev`. */
function isIntact(line: Buffer, entry: JournalEntry | undefined, prev: string): entry is JournalEntry {
  if (!entry || entry.prev !== prev) return false
  const { hash, ...rest } = entry
  return hash === hashOf(rest) && Buffer.from(canonical(entry)).equals(line)
}

/** All readable lines, oldest first. A missing file is an empty history. */
export function readJournal(file: string): JournalEntry[] {
  return entriesOf(readTail(file, Number.MAX_SAFE_INTEGER))
}

function entriesOf(tail: Tail | undefined): JournalEntry[] {
  if (!tail) return []
  return [...tail.lines, tail.rest].flatMap((line) => parseLine(line) ?? [])
}

/** Walks the whole chain. A last line that a kill cut short is no break: it never counted. */
export function verifyJournal(file: string): JournalVerdict {
  const tail = readTail(file, Number.MAX_SAFE_INTEGER)
  let head = NO_PREDECESSOR
  const lines = tail?.lines ?? []
  for (const [index, line] of lines.entries()) {
    const entry = parseLine(line)
    if (!isIntact(line, entry, head)) return { ok: false, brokenAt: index + 1 }
    head = entry.hash
  }
  const rest = tail?.rest ?? Buffer.alloc(0)
  return isTorn(rest, head) ? { ok: true, head, count: lines.length } : { ok: false, brokenAt: lines.length + 1 }
}

/**
 * A torn line is a beginning of a line. A whole object followed by anything is not: its newline was changed.
 * (A whole line without its newline is a kill between two bytes, and torn as well.)
 */
function isTorn(rest: Buffer, prev: string): boolean {
  const whole = parseLine(rest)
  if (whole) return isIntact(rest, whole, prev)
  return parseLine(rest.subarray(0, -1)) === undefined
}

/** Appends one step, durable when it returns. A torn end is first kept aside in `<file>.torn`. */
export function appendStep(path: string, facts: JournalFacts): JournalEntry {
  const folder = dirname(path)
  return inFolder(dirname(folder), folder, (at) => append(at(basename(path)), facts))
}

function append(file: string, facts: JournalFacts): JournalEntry {
  const tail = readTail(file, TAIL_BYTES)
  if (tail && tail.rest.length > 0) setTornEndAside(file, tail)
  const last = lastEntry(file, tail)
  const rest = { seq: (last?.seq ?? 0) + 1, prev: last?.hash ?? NO_PREDECESSOR, ...now(), bootId: bootId(), ...facts }
  const entry: JournalEntry = { ...rest, hash: hashOf(rest) }
  const fd = openSync(file, APPENDING, 0o600)
  try {
    writeWhole(fd, Buffer.from(`${canonical(entry)}\n`))
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
  if (!tail) syncFolder(dirname(file))
  return entry
}

function writeWhole(fd: number, bytes: Buffer): void {
  const before = fstatSync(fd).size
  try {
    for (let offset = 0; offset < bytes.length; ) offset += writeSync(fd, bytes, offset)
  } catch (error) {
    // A full disk may have taken half of the line.
    ftruncateSync(fd, before)
    throw error
  }
}

function setTornEndAside(file: string, tail: Tail): void {
  const torn = openSync(`${file}.torn`, APPENDING, 0o600)
  try {
    writeWhole(torn, Buffer.concat([tail.rest, Buffer.from('\n')]))
  } finally {
    closeSync(torn)
  }
  const fd = openSync(file, constants.O_RDWR | constants.O_NOFOLLOW)
  try {
    ftruncateSync(fd, tail.size - tail.rest.length)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

/** The line that the next one follows. A file whose last line cannot be read is set aside whole, and a new chain begins. */
function lastEntry(file: string, tail: Tail | undefined): JournalEntry | undefined {
  const line = tail?.lines.at(-1)
  if (!line) return undefined
  const entry = parseLine(line)
  if (!entry) renameSync(file, `${file}.broken-${Date.now()}`)
  return entry
}

/** The repair that was begun and not ended; there is at most one, because repairs never run side by side. */
export function openRepair(file: string): readonly JournalEntry[] {
  const entries = entriesOf(readTail(file, TAIL_BYTES))
  const last = entries.at(-1)
  if (!last || ENDED.has(last.step)) return []
  const begun = entries.filter((entry) => entry.repairId === last.repairId)
  if (begun[0]?.step === 'begin') return begun
  return readJournal(file).filter((entry) => entry.repairId === last.repairId)
}

/** The last line of every repair that was written to since `sinceIso` (ISO 8601, UTC), oldest first: what was repaired lately and what came of it. */
export function lastRepairs(file: string, sinceIso: string): JournalEntry[] {
  const byRepair = new Map<string, JournalEntry>()
  for (const entry of readJournal(file)) if (entry.at >= sinceIso) byRepair.set(entry.repairId, entry)
  return [...byRepair.values()]
}

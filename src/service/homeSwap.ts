/**
 * Exchanges files and folders of a home for others, all of them or none: what is new lies ready in `data/swaps/<id>/new`, what was there goes to
 * `data/swaps/<id>/old`, and `data/swap.json` says how far it is. Only renames, so nothing is ever half copied. A kill at any moment is undone by
 * {@link settleSwap} before the next start; an exchange that is done can be undone by a person. Nothing is deleted here.
 *
 * Whoever calls these holds the start lock, and nothing of the home runs.
 */
import { existsSync, lstatSync, mkdirSync, renameSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { syncFolder, writeFileDurably } from '../shared/atomicFile.ts'
import type { HomePaths } from '../shared/paths.ts'
import { readSmallJson } from '../shared/smallFile.ts'

/** What is exchanged: a name below the home, and whether something was there before. */
export type SwapItem = { readonly name: string; readonly had: boolean }

/** The last exchange. `under-way` outside of a running exchange means that it was cut off. */
export type SwapRecord = {
  readonly id: string
  readonly why: 'restore' | 'update'
  /** ISO 8601, UTC. */
  readonly at: string
  readonly state: 'under-way' | 'done' | 'undone'
  readonly items: readonly SwapItem[]
}

/** Called between two steps, for whoever watches. */
export type Progress = (step: string) => void

/** How it went. After a failure everything is as it was. */
export type SwapResult = { readonly ok: true } | { readonly ok: false; readonly reason: string }

const PRIVATE = 0o700
const SWAP_ID = /^[0-9A-Za-z-]{1,64}$/

/** The folder in which the new things of an exchange are laid ready. */
export function incomingFolder({ data }: Pick<HomePaths, 'data'>, id: string): string {
  return join(data, 'swaps', id, 'new')
}

/** The folder in which the old things of an exchange are kept. */
export function outgoingFolder({ data }: Pick<HomePaths, 'data'>, id: string): string {
  return join(data, 'swaps', id, 'old')
}

/** The last exchange of this home; undefined where there was none. */
export function readSwap({ data }: Pick<HomePaths, 'data'>): SwapRecord | undefined {
  const value = readSmallJson(join(data, 'swap.json')) as Partial<SwapRecord> | undefined
  const isRecord = typeof value?.id === 'string' && SWAP_ID.test(value.id) && Array.isArray(value.items)
  return isRecord ? (value as SwapRecord) : undefined
}

/** Exchanges these names: what lies ready under one comes in, what is there goes out, also where nothing comes in for it. */
export function swapHome(
  paths: HomePaths,
  order: Pick<SwapRecord, 'id' | 'why' | 'at'> & { readonly names: readonly string[] },
  progress: Progress = () => {},
): SwapResult {
  const { id, why, at, names } = order
  const items = names.map((name) => ({ name, had: isThere(join(paths.home, name)) }))
  const record: SwapRecord = { id, why, at, state: 'under-way', items }
  try {
    note(paths, record)
    progress('begun')
    for (const item of items) bringIn(paths, id, item, progress)
    note(paths, { ...record, state: 'done' })
    progress('done')
    return { ok: true }
  } catch (error) {
    undo(paths, record, progress)
    return { ok: false, reason: error instanceof Error ? error.message : String(error) }
  }
}

/** Undoes an exchange that was cut off; true when there was one. */
export function settleSwap(paths: HomePaths, progress: Progress = () => {}): boolean {
  const record = readSwap(paths)
  if (record?.state !== 'under-way') return false
  undo(paths, record, progress)
  return true
}

/** Undoes an exchange that is done: a kill meanwhile is gone on with by the next start. False where the last one is not done. */
export function swapBack(paths: HomePaths, progress: Progress = () => {}): boolean {
  const record = readSwap(paths)
  if (record?.state !== 'done') return false
  note(paths, { ...record, state: 'under-way' })
  progress('begun')
  undo(paths, record, progress)
  return true
}

function bringIn({ home, data }: HomePaths, id: string, { name, had }: SwapItem, progress: Progress): void {
  const place = join(home, name)
  if (had) move(place, join(outgoingFolder({ data }, id), name))
  progress(`out ${name}`)
  const fresh = join(incomingFolder({ data }, id), name)
  if (isThere(fresh)) move(fresh, place)
  progress(`in ${name}`)
}

/** Bears to be cut off and begun anew: what it does follows from what lies where. */
function undo(paths: HomePaths, record: SwapRecord, progress: Progress): void {
  for (const { name, had } of record.items.toReversed()) {
    const place = join(paths.home, name)
    const old = join(outgoingFolder(paths, record.id), name)
    // Its turn had not come: what is there is what always was.
    if (had && !isThere(old)) continue
    if (isThere(place)) move(place, freeName(join(incomingFolder(paths, record.id), name)))
    progress(`aside ${name}`)
    if (had) move(old, place)
    progress(`back ${name}`)
  }
  note(paths, { ...record, state: 'undone' })
  progress('undone')
}

function note({ data }: HomePaths, record: SwapRecord): void {
  writeFileDurably(join(data, 'swap.json'), `${JSON.stringify(record)}\n`)
}

function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined
  } catch {
    // A file stands where its folder would be.
    return false
  }
}

function move(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true, mode: PRIVATE })
  renameSync(from, to)
  syncFolder(dirname(to))
  syncFolder(dirname(from))
}

/** Something of a process that ran meanwhile may be in the way: it is kept beside. */
function freeName(path: string): string {
  let name = path
  for (let number = 1; existsSync(name); number++) name = `${path}.${number}`
  return name
}

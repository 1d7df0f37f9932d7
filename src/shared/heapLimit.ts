/**
 * `data/heap-limit.json`: a heap limit of the agent above the one of the settings, set by the hands after it ended out of memory.
 * It counts only while the setting is still the one that it was raised from: an owner's word always goes before it.
 */
import { totalmem } from 'node:os'
import type { HomePaths } from './paths.ts'
import { readSmallJson } from './smallFile.ts'

/** What the file holds. Whole MiB. */
export type HeapLimit = {
  /** `agent.maxHeapMb` when the limit was raised. */
  readonly configuredMb: number
  readonly mb: number
  /** ISO 8601, UTC. */
  readonly at: string
}

/** Bounds of a raised limit in MiB: V8's own default for a 64-bit machine is about 4 GiB. */
export const RAISED_HEAP = { minMb: 64, maxMb: 4_096 } as const
/** A raised limit is at most so many times the one of the settings, and leaves half of the machine to others. */
const MOST_TIMES = 4
const MEMORY_SHARE = 0.5
const MIB = 1_048_576

/** The highest limit that the hands may set, in MiB. */
export function highestHeapMb(configuredMb: number, memoryMb: number): number {
  return Math.min(RAISED_HEAP.maxMb, MOST_TIMES * configuredMb, Math.floor(memoryMb * MEMORY_SHARE))
}

/** Memory of this machine, or of the container that we are in, in MiB. */
export function usableMemoryMb(): number {
  const constrained = process.constrainedMemory()
  return Math.floor((constrained > 0 ? Math.min(constrained, totalmem()) : totalmem()) / MIB)
}

/** The heap limit in force, in MiB: the raised one where there is one that still counts, else the setting. Never throws, never below the setting. */
export function heapLimitMb(paths: HomePaths, configuredMb: number): number {
  const { configuredMb: from, mb } = (readSmallJson(paths.heapLimit) ?? {}) as Partial<Record<keyof HeapLimit, unknown>>
  const counts =
    from === configuredMb &&
    typeof mb === 'number' &&
    Number.isInteger(mb) &&
    mb >= RAISED_HEAP.minMb &&
    mb <= highestHeapMb(configuredMb, usableMemoryMb())
  return counts ? Math.max(mb, configuredMb) : configuredMb
}

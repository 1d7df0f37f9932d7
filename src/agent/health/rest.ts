/**
 * Gives memory back when the agent rests: V8 collects when a heap grows, and one that has stopped growing keeps what its last burst has left;
 * so does the C library.
 */
import { memoryUsage } from 'node:process'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { giveBackFreed } from './freedMemory.ts'

/** Below this share of its time the event loop rests. */
const RESTING_SHARE = 0.1
/** So many looks in a row make a rest: between two questions of a conversation nothing is done. */
const RESTING_LOOKS = 3
/** A process that grew by less is left as it is. */
const WORTH_SHARE = 0.1
/** A collection takes a twentieth of a second, and only where the heap has grown: at most one in this time, in milliseconds. */
const PAUSE_MS = 10_000

/** How the memory is looked at; the process's own by default. */
export type MemoryAtRest = {
  /** Bytes that the process holds, garbage and room for more included. */
  readonly read: () => number
  /** Collects garbage and gives the room back. */
  readonly collect: () => void
}

/** Makes the watch: call it once a second with the monotonic time and the share of that second in which the event loop was busy. */
export function createRest(source: MemoryAtRest = OWN_MEMORY): (nowMs: number, busyShare: number) => void {
  let quietLooks = 0
  let restingBytes: number | undefined
  let againMs = Number.NEGATIVE_INFINITY
  return (nowMs, busyShare) => {
    quietLooks = busyShare < RESTING_SHARE ? quietLooks + 1 : 0
    if (quietLooks < RESTING_LOOKS || nowMs < againMs) return
    // At the first rest everything is loaded, and what that has left lies there too.
    if (restingBytes !== undefined && source.read() <= restingBytes * (1 + WORTH_SHARE)) return
    source.collect()
    restingBytes = source.read()
    againMs = nowMs + PAUSE_MS
  }
}

const OWN_MEMORY: MemoryAtRest = {
  read: memoryUsage.rss,
  collect: () => {
    // V8 shows its function only to contexts that are made after the flag was set.
    setFlagsFromString('--expose-gc')
    const collect: (how: object) => void = runInNewContext('gc')
    collect({ type: 'major', flavor: 'last-resort' })
    giveBackFreed()
  },
}

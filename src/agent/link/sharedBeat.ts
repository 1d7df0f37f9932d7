/**
 * The few numbers that the main thread and the link worker share. The main thread writes, the worker reads:
 * neither ever waits for the other, so that a blocked main thread is still seen and reported.
 */
import type { AgentPhase } from '../../shared/link.ts'

const PHASES: readonly AgentPhase[] = ['preflight', 'starting', 'ready', 'draining']
const SLOT = { mark: 0, busyUntil: 1, hangMs: 2, phase: 3 } as const
const NOT_BUSY = -1n
const MICROSECONDS = 1_000

/** What the worker sees of the main thread. Times are monotonic milliseconds. */
export type SharedBeat = {
  readonly buffer: SharedArrayBuffer
  /** The main thread's last sign of life. */
  readonly markMonoMs: () => number
  readonly mark: (monoMs: number) => void
  /** Until then silence of the main thread is expected; null when nothing long was announced. */
  readonly busyUntilMonoMs: () => number | null
  readonly announceBusy: (untilMonoMs: number | null) => void
  /** Silence of the main thread that counts as a hang, in milliseconds. */
  readonly hangMs: () => number
  readonly setHangMs: (hangMs: number) => void
  readonly phase: () => AgentPhase
  readonly setPhase: (phase: AgentPhase) => void
}

/** Opens the shared numbers; without a buffer, new ones. */
export function sharedBeat(buffer: SharedArrayBuffer = newBuffer()): SharedBeat {
  const slots = new BigInt64Array(buffer)
  const read = (slot: number) => Atomics.load(slots, slot)
  const write = (slot: number, value: bigint) => {
    Atomics.store(slots, slot, value)
  }
  return {
    buffer,
    markMonoMs: () => fromMicroseconds(read(SLOT.mark)),
    mark: (monoMs) => write(SLOT.mark, toMicroseconds(monoMs)),
    busyUntilMonoMs: () => {
      const value = read(SLOT.busyUntil)
      return value === NOT_BUSY ? null : fromMicroseconds(value)
    },
    announceBusy: (untilMonoMs) => write(SLOT.busyUntil, untilMonoMs === null ? NOT_BUSY : toMicroseconds(untilMonoMs)),
    hangMs: () => Number(read(SLOT.hangMs)),
    setHangMs: (hangMs) => write(SLOT.hangMs, BigInt(Math.round(hangMs))),
    phase: () => PHASES[Number(read(SLOT.phase))] ?? 'starting',
    setPhase: (phase) => write(SLOT.phase, BigInt(PHASES.indexOf(phase))),
  }
}

function newBuffer(): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(Object.keys(SLOT).length * BigInt64Array.BYTES_PER_ELEMENT)
  new BigInt64Array(buffer)[SLOT.busyUntil] = NOT_BUSY
  return buffer
}

function toMicroseconds(ms: number): bigint {
  return BigInt(Math.round(ms * MICROSECONDS))
}

function fromMicroseconds(value: bigint): number {
  return Number(value) / MICROSECONDS
}

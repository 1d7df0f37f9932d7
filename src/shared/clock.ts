import { readFileSync } from 'node:fs'

/** A point in time as both clocks see it. Only `monoMs` decides; `at` is for people. */
export type Instant = {
  /** Milliseconds of the machine's monotonic clock; comparable between processes of one boot. */
  readonly monoMs: number
  /** Wall clock, ISO 8601, UTC. */
  readonly at: string
}

/** Milliseconds of the monotonic clock. On Linux all processes of one boot share its zero (CLOCK_MONOTONIC). */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint() / 1_000n) / 1_000
}

/** Both clocks now. */
export function now(): Instant {
  return { monoMs: monotonicMs(), at: new Date().toISOString() }
}

let cachedBootId: string | undefined

/** Names this boot of the machine: monotonic times that were stored under another id mean nothing. */
export function bootId(): string {
  cachedBootId ??= readBootId()
  return cachedBootId
}

function readBootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    // No such file on macOS: the minute of boot is stable enough and differs between boots.
    return `boot-${Math.round((Date.now() - monotonicMs()) / 60_000)}`
  }
}

/** Where there is no `/proc` (macOS): what systeminformation says, asked in the background once a minute. It is loaded only there. */
import type { ProcessSample } from './meters.ts'

/** Starting a program for it costs tens of milliseconds, in milliseconds. */
const EVERY_MS = 60_000

/** Bytes a second. */
type Traffic = { readonly received: number; readonly sent: number }

/** The newest answer; undefined before the first. A question that fails leaves what was known for one more round, then nothing. */
function inBackground<T>(ask: () => Promise<T>): (now: number) => T | undefined {
  let known: T | undefined
  let askedAt = Number.NEGATIVE_INFINITY
  let answeredAt = Number.NEGATIVE_INFINITY
  return (now) => {
    if (now - askedAt >= EVERY_MS) {
      askedAt = now
      ask().then(
        (answer) => {
          known = answer
          answeredAt = now
        },
        () => {},
      )
    }
    return now - answeredAt <= 2 * EVERY_MS ? known : undefined
  }
}

/** The traffic of this machine. */
export function createPortableTraffic(): (now: number) => Traffic | undefined {
  return inBackground(async () => {
    const { default: system } = await import('systeminformation')
    const links = await system.networkStats()
    // The first answer has no rate yet: -1 or null.
    const sum = (of: (link: (typeof links)[number]) => number) =>
      links.reduce((all, link) => all + Math.max(0, of(link)), 0)
    return { received: sum((link) => link.rx_sec), sent: sum((link) => link.tx_sec) }
  })
}

/** One process by its pid; its descriptors are not known there. */
export function createPortableProcesses(): (pid: number, now: number) => ProcessSample | undefined {
  const processes = inBackground(async () => {
    const { default: system } = await import('systeminformation')
    const { list } = await system.processes()
    return new Map(
      list.map(({ pid, cpu, memRss }) => [pid, { cpu: cpu / 100, memory: memRss * 1_024, descriptors: null }]),
    )
  })
  return (pid, now) => processes(now)?.get(pid)
}

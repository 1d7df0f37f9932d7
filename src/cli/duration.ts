export { formatDuration, formatTime } from '../shared/durationWords.ts'

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 }

/** Reads `90s`, `30m`, `2h` as milliseconds; undefined for anything else. */
export function parseDuration(given: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([smh])$/.exec(given.trim())
  const ms = match ? Number(match[1]) * (UNITS[match[2] ?? ''] ?? 0) : 0
  return ms > 0 ? ms : undefined
}

/** What was measured and is not written yet: bounded, whatever keeps it from being written. */
import { type Bucket, bucketOf, merged } from '../../shared/metrics/bucket.ts'
import { FINEST_MS, type HealthWord } from '../../shared/metrics/tiers.ts'
import type { Measurements } from './metricStore.ts'

/** So many of the finest buckets are kept for a disk that has no room: an hour. */
const MOST_BUCKETS = 720
const MOST_MINUTES = 60
const MINUTE_MS = 60_000

/** Collects until `clear`. Times: wall clock, milliseconds. */
export type Pending = {
  /** What is no finite number was not measured. */
  readonly add: (series: string, value: number | null | undefined, wallMs: number) => void
  readonly addHealth: (word: HealthWord, forMs: number, wallMs: number) => void
  readonly all: () => Measurements
  readonly clear: () => void
}

/** An empty one. */
export function createPending(): Pending {
  const buckets = new Map<string, Map<number, Bucket>>()
  const health = new Map<number, Partial<Record<HealthWord, number>>>()
  return {
    add(series, value, wallMs) {
      if (value === null || value === undefined || !Number.isFinite(value)) return
      const at = Math.floor(wallMs / FINEST_MS) * FINEST_MS
      const own = buckets.get(series) ?? new Map<number, Bucket>()
      buckets.set(series, own)
      own.set(at, merged(own.get(at), bucketOf(value)))
      dropOldest(own, MOST_BUCKETS)
    },
    addHealth(word, forMs, wallMs) {
      const at = Math.floor(wallMs / MINUTE_MS) * MINUTE_MS
      const times = health.get(at) ?? {}
      times[word] = (times[word] ?? 0) + forMs
      health.set(at, times)
      dropOldest(health, MOST_MINUTES)
    },
    all: () => ({ buckets, health }),
    clear() {
      buckets.clear()
      health.clear()
    },
  }
}

/** A map keeps its order of writing. */
function dropOldest(map: Map<number, unknown>, most: number): void {
  if (map.size <= most) return
  const [oldest] = map.keys()
  if (oldest !== undefined) map.delete(oldest)
}

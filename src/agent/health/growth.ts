/**
 * PURE. Tells a leak from a large working set, by what is left after garbage was collected.
 *
 *  1. what stays below three quarters of its limit is never a leak, however it grows;
 *  2. one large answer, a sawtooth, a plateau are none: a leak grows in every interval and gives nothing back;
 *  3. it is due when the rest would be used up within seconds, or within a quarter of the time that was watched: that holds
 *     for a leak of megabytes a second as for one of megabytes an hour, and leaves time for a drain.
 *
 * The slope is the median of all pairwise slopes (Theil 1950, Sen 1968), which single odd samples do not move.
 */

/** What was left in use after a collection. */
export type Sample = { readonly atMs: number; readonly bytes: number }

/** `growing`: persistent growth, `isDue` once the process should leave. */
export type Growth =
  | { readonly kind: 'steady' }
  | {
      readonly kind: 'growing'
      readonly bytesPerSecond: number
      readonly msToLimit: number
      readonly isDue: boolean
    }

/** From this share of the limit on, it is looked at closely. */
const WATCHED_SHARE = 0.5
/** Below this share nobody has to leave. */
const DUE_SHARE = 0.75
/** Another sample is worth a collection when this share of what was left is used. */
const STEP_SHARE = 0.2
/** But not for less than this share of the limit: what is nearly full would be collected all the time. */
const LEAST_STEP_SHARE = 0.04
/** A leak that would be full sooner than this is due, in milliseconds: time for a drain. */
const HORIZON_MS = 5_000
/** The same for slow leaks, as a share of the time over which they were seen to grow. */
const HORIZON_OF_SPAN = 0.25
const MIN_SAMPLES = 4
const MAX_SAMPLES = 16
/** An interval that grew by less than this share of the slope is a pause, not a leak. */
const PAUSE_SHARE = 0.25
/** A smaller change than this share is noise. */
const NOISE_SHARE = 0.02

/** True when `rawBytes` (garbage included) are worth a collection and another sample. */
export function isWorthSample(samples: readonly Sample[], rawBytes: number, limitBytes: number): boolean {
  if (rawBytes < limitBytes * WATCHED_SHARE) return false
  const last = samples.at(-1)
  if (!last) return true
  return rawBytes - last.bytes >= Math.max((limitBytes - last.bytes) * STEP_SHARE, limitBytes * LEAST_STEP_SHARE)
}

/** The series after a look without a collection: what fell below its last sample was given back, and the series begins anew. */
export function unlessReturned(samples: readonly Sample[], rawBytes: number): readonly Sample[] {
  const last = samples.at(-1)
  return last && rawBytes < last.bytes * (1 - NOISE_SHARE) ? [] : samples
}

/**
 * The series with one more sample. One that gave memory back was no leak: the series begins anew. The newest takes the place of one
 * before it that had hardly grown, so that a slow leak is remembered over hours and a plateau stays one interval.
 */
export function withSample(samples: readonly Sample[], sample: Sample): readonly Sample[] {
  const [before, last] = samples.slice(-2)
  if (!last) return [...samples, sample]
  if (sample.bytes < last.bytes * (1 - NOISE_SHARE)) return [sample]
  const hardlyGrew = before !== undefined && last.bytes < before.bytes * (1 + NOISE_SHARE)
  return [...(hardlyGrew ? samples.slice(0, -1) : samples), sample].slice(-MAX_SAMPLES)
}

/** Judges a series against the limit of what it measures. Total: any finite samples in order of time. */
export function judgeGrowth(samples: readonly Sample[], limitBytes: number): Growth {
  const first = samples[0]
  const last = samples.at(-1)
  if (!first || !last || samples.length < MIN_SAMPLES) return { kind: 'steady' }
  const recent = samples.slice(-MIN_SAMPLES)
  const intervals = recent.slice(1).map((sample, index) => slopeOf(recent[index] ?? sample, sample))
  // What slows down is judged by its end.
  const slope = Math.min(medianSlope(samples), slopeOf(samples.at(-3) ?? first, last))
  if (slope <= 0 || intervals.some((rate) => rate < slope * PAUSE_SHARE)) return { kind: 'steady' }
  const msToLimit = Math.max(0, limitBytes - last.bytes) / slope
  const horizonMs = Math.max(HORIZON_MS, (last.atMs - first.atMs) * HORIZON_OF_SPAN)
  const isDue = last.bytes >= limitBytes * DUE_SHARE && msToLimit <= horizonMs
  return { kind: 'growing', bytesPerSecond: slope * 1_000, msToLimit, isDue }
}

/** Bytes a millisecond. Samples of the same moment say nothing. */
function slopeOf(from: Sample, to: Sample): number {
  return to.atMs > from.atMs ? (to.bytes - from.bytes) / (to.atMs - from.atMs) : 0
}

function medianSlope(samples: readonly Sample[]): number {
  const slopes = samples.flatMap((from, index) => samples.slice(index + 1).map((to) => slopeOf(from, to)))
  return slopes.toSorted((a, b) => a - b)[Math.floor(slopes.length / 2)] ?? 0
}

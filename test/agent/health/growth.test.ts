/** The laws by which a leak is told from everything that only looks like one. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  isWorthSample,
  judgeGrowth,
  type Sample,
  unlessReturned,
  withSample,
} from '../../../src/agent/health/growth.ts'

const MIB = 1_048_576
const LIMIT = 512 * MIB
const LOOK_MS = 1_000

/** What is held at a moment, and how much garbage lies on top of it so long after a collection. */
type Use = { readonly held: (ms: number) => number; readonly garbage: (sinceMs: number) => number }

type Ending = { readonly dueMs: number | null; readonly dueAtBytes: number; readonly samples: number }

/** Plays a history as the watch does: looks each second, and collects where a sample is worth it. */
function play(use: Use, forMs: number, limit = LIMIT): Ending {
  let samples: readonly Sample[] = []
  let count = 0
  let collectedMs = 0
  for (let ms = 0; ms <= forMs; ms += LOOK_MS) {
    const held = use.held(ms)
    if (held > limit) return { dueMs: null, dueAtBytes: held, samples: count }
    const raw = held + use.garbage(ms - collectedMs)
    samples = unlessReturned(samples, raw)
    if (!isWorthSample(samples, raw, limit)) continue
    count++
    collectedMs = ms
    samples = withSample(samples, { atMs: ms, bytes: held })
    const growth = judgeGrowth(samples, limit)
    if (growth.kind === 'growing' && growth.isDue) return { dueMs: ms, dueAtBytes: held, samples: count }
  }
  return { dueMs: null, dueAtBytes: 0, samples: count }
}

const NONE = () => 0
const leak = (base: number, mibPerSecond: number) => (ms: number) => base + (mibPerSecond * MIB * ms) / 1_000
const sawtooth = (size: number, periodMs: number) => (ms: number) => size * ((ms % periodMs) / periodMs)

describe('a leak', () => {
  it('of 20 MiB a second is due before the limit, with time for a drain', () => {
    const { dueMs, dueAtBytes } = play({ held: leak(40 * MIB, 20), garbage: sawtooth(60 * MIB, 7_000) }, 60_000)
    expect(dueMs).not.toBeNull()
    expect(dueAtBytes).toBeGreaterThanOrEqual(0.75 * LIMIT)
    expect((LIMIT - dueAtBytes) / (20 * MIB)).toBeGreaterThan(2)
  })

  it('of any pace up to 30 MiB a second is due before the limit', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 30, noNaN: true }),
        fc.double({ min: 0, max: 0.45, noNaN: true }),
        fc.integer({ min: 2_000, max: 20_000 }),
        (pace, baseShare, periodMs) => {
          const base = baseShare * LIMIT
          const fullMs = ((LIMIT - base) / (pace * MIB)) * 1_000
          // Slow leaks last for hours: the same law on a coarser clock.
          const scale = Math.max(1, fullMs / 200_000)
          const use = { held: leak(base, pace * scale), garbage: sawtooth(20 * MIB, periodMs) }
          const { dueMs } = play(use, fullMs / scale)
          expect(dueMs).not.toBeNull()
        },
      ),
      { numRuns: 300 },
    )
  })

  it('of a megabyte a minute is due in the last tenth, after hours', () => {
    const use = { held: leak(100 * MIB, 1 / 60), garbage: sawtooth(80 * MIB, 300_000) }
    const { dueMs, dueAtBytes, samples } = play(use, 8 * 3_600_000)
    expect(dueMs).not.toBeNull()
    expect(dueAtBytes).toBeGreaterThan(0.88 * LIMIT)
    expect(dueAtBytes).toBeLessThan(0.99 * LIMIT)
    expect(samples).toBeLessThan(300)
  })
})

describe('no leak', () => {
  it('below three quarters of the limit, however it grows', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 0.749, noNaN: true }), { maxLength: 200 }), (shares) => {
        const held = (ms: number) => (shares[ms / LOOK_MS] ?? 0) * LIMIT
        const { dueMs } = play({ held, garbage: () => 0.6 * LIMIT }, 200_000)
        expect(dueMs).toBeNull()
      }),
    )
  })

  it('a large working set that comes at once or in three pieces, and stays', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 30_000 }), { minLength: 1, maxLength: 3 }),
        fc.double({ min: 0.5, max: 0.97, noNaN: true }),
        fc.integer({ min: 1_000, max: 30_000 }),
        (steps, share, periodMs) => {
          const held = (ms: number) => (share * LIMIT * steps.filter((at) => at <= ms).length) / steps.length
          const garbage = sawtooth((1 - share) * LIMIT, periodMs)
          expect(play({ held, garbage }, 300_000).dueMs).toBeNull()
        },
      ),
    )
  })

  it('garbage, as much as there is room for', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 0.9, noNaN: true }),
        fc.integer({ min: 1_500, max: 60_000 }),
        (share, periodMs) => {
          const use = { held: () => share * LIMIT, garbage: sawtooth((1 - share) * LIMIT, periodMs) }
          expect(play(use, 600_000).dueMs).toBeNull()
        },
      ),
    )
  })

  it('large answers that come and go', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.3, max: 0.97, noNaN: true }), { minLength: 2, maxLength: 60 }),
        (sizes) => {
          // Each takes five looks: it builds up, and is let go of.
          const held = (ms: number) => {
            const look = ms / LOOK_MS
            return (sizes[Math.floor(look / 5) % sizes.length] ?? 0) * LIMIT * ((look % 5) / 5)
          }
          expect(play({ held, garbage: NONE }, 300_000).dueMs).toBeNull()
        },
      ),
    )
  })

  it('peaks of which each is higher than the one before, minutes or hours apart', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.5, max: 0.98, noNaN: true }), { minLength: 5, maxLength: 15 }),
        fc.integer({ min: 60_000, max: 900_000 }),
        (peaks, everyMs) => {
          const rising = peaks.toSorted((a, b) => a - b)
          const held = (ms: number) => (ms % everyMs < 10_000 ? (rising[Math.floor(ms / everyMs)] ?? 0) : 0.1) * LIMIT
          expect(play({ held, garbage: sawtooth(0.1 * LIMIT, 10_000) }, everyMs * 15).dueMs).toBeNull()
        },
      ),
      { numRuns: 50 },
    )
  })

  it('a cache that fills ever more slowly', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.5, max: 0.9, noNaN: true }),
        fc.integer({ min: 30_000, max: 600_000 }),
        (share, slowMs) => {
          const held = (ms: number) => share * LIMIT * (1 - Math.exp(-ms / slowMs))
          expect(play({ held, garbage: sawtooth(0.1 * LIMIT, 10_000) }, 3_600_000).dueMs).toBeNull()
        },
      ),
      { numRuns: 50 },
    )
  })
})

it('judges any samples without failing, and never by fewer than four', () => {
  const samples = fc.array(fc.record({ atMs: fc.nat(), bytes: fc.nat() }), { maxLength: 12 })
  fc.assert(
    fc.property(samples, fc.integer({ min: 1 }), (some, limit) => {
      const growth = judgeGrowth(
        some.toSorted((a, b) => a.atMs - b.atMs),
        limit,
      )
      if (some.length < 4) expect(growth).toEqual({ kind: 'steady' })
      if (growth.kind === 'growing') expect(growth.bytesPerSecond).toBeGreaterThan(0)
    }),
  )
})

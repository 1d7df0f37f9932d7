/** The brake: laws over any history of starts and ends in which every start obeys the verdict. */
import { appendFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  appendBoot,
  BRAKE,
  failedStarts,
  judgeStart,
  type LedgerEvent,
  type LedgerRecord,
  livesOf,
  readBoots,
} from '../../src/shared/bootledger.ts'
import { bootId } from '../../src/shared/clock.ts'
import { ownIdentity } from '../../src/shared/identity.ts'

const BOOT = 'this-boot'

/** A history that is written down as it happens. */
function history(boot = BOOT) {
  const records: LedgerRecord[] = []
  let pid = 100
  const note = (event: LedgerEvent, monoMs: number) =>
    void records.push({ app: 'agent', pid, startTicks: pid, nonce: `n${pid}`, bootId: boot, monoMs, at: '', ...event })
  return {
    records,
    judge: (monoMs: number) => judgeStart(records, 'agent', boot, monoMs),
    start: (monoMs: number) => {
      pid++
      note({ kind: 'start' }, monoMs)
    },
    end: (monoMs: number, planned = false) => note({ kind: 'end', code: 1, reason: 'r', planned }, monoMs),
    refuse: (monoMs: number) => note({ kind: 'refused', fault: 'f', reason: 'r', untilMonoMs: null }, monoMs),
    reset: (monoMs: number) => note({ kind: 'reset', reason: 'r' }, monoMs),
  }
}

/** `count` lives that end at once, each as soon as it may be; gives the time of the last end. */
function fail(past: ReturnType<typeof history>, count: number, from = 0): number {
  let now = from
  for (let failure = 0; failure < count; failure++) {
    const verdict = past.judge(now)
    if (!verdict.go) now = verdict.holdUntilMonoMs
    past.start(now)
    past.end(now)
  }
  return now
}

describe('the brake', () => {
  it('restarts the first failure at once, and then holds 3, 6, 12 … 60 s', () => {
    const holds: number[] = []
    for (let failures = 0; failures <= 9; failures++) {
      const past = history()
      const now = fail(past, failures)
      const verdict = past.judge(now)
      holds.push(verdict.go ? 0 : Math.round(verdict.holdUntilMonoMs - now))
    }
    expect(holds).toEqual([0, 0, 3_000, 6_000, 12_000, 24_000, 48_000, 60_000, 60_000, 60_000])
  })

  it('forgets failures after a long life, a planned end and a reset, and says how many there were', () => {
    const now = 100_000
    const failuresLeft = (more: (past: ReturnType<typeof history>) => void) => {
      const past = history()
      const failedAt = fail(past, 3, now)
      expect(past.judge(failedAt)).toEqual({ go: false, holdUntilMonoMs: failedAt + 6_000, failures: 3 })
      more(past)
      return failedStarts(past.records, 'agent', BOOT).length
    }
    expect(
      failuresLeft((past) => {
        past.start(now + 9_000)
        past.end(now + 9_000 + BRAKE.stableMs)
      }),
    ).toBe(0)
    expect(
      failuresLeft((past) => {
        past.start(now + 9_000)
        past.end(now + 9_001, true)
      }),
    ).toBe(0)
    expect(failuresLeft((past) => past.reset(now + 9_000))).toBe(0)
    expect(
      failuresLeft((past) => {
        past.start(now + 9_000)
        past.refuse(now + 9_001)
      }),
    ).toBe(3)
  })

  it('looks at its own app and boot only', () => {
    const past = history()
    const now = fail(past, 6)
    expect(judgeStart(past.records, 'dashboard', BOOT, now)).toEqual({ go: true })
    expect(judgeStart(past.records, 'agent', 'another-boot', now)).toEqual({ go: true })
  })

  const step = fc.record({
    waitMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 0, max: 90_000 })),
    lifeMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 12_000 }), fc.integer({ min: 0, max: 90_000 })),
    planned: fc.boolean(),
    resetBefore: fc.boolean(),
    /** The next start comes while this one lives: a hand-over. */
    overlaps: fc.boolean(),
  })

  it('never lets more than 8 unplanned starts into any 60 s, whatever the lives were and however often it is reset', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.boolean(), (steps, isImpatient) => {
        const past = history()
        const starts: number[] = []
        let now = 1_000
        for (const { waitMs, lifeMs, planned, resetBefore, overlaps } of steps) {
          now += waitMs
          if (resetBefore) past.reset(now)
          const verdict = past.judge(now)
          // An impatient supervisor comes at the very moment that the hold is over; another one just comes again later.
          if (!verdict.go && !isImpatient) continue
          if (!verdict.go) now = verdict.holdUntilMonoMs
          expect(past.judge(now)).toEqual({ go: true })
          past.start(now)
          if (!planned) starts.push(now)
          past.end(now + lifeMs, planned)
          if (!overlaps) now += lifeMs
        }
        for (const from of starts) {
          const inWindow = starts.filter((at) => at >= from && at - from < BRAKE.windowMs)
          expect(inWindow.length).toBeLessThanOrEqual(BRAKE.maxStartsInWindow)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('never holds longer than the window, and what it names as the end of the hold is one', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.nat(100_000), (steps, askedAfterMs) => {
        const past = history()
        let now = 0
        for (const { waitMs, lifeMs, planned } of steps) {
          now += waitMs
          past.start(now)
          now += lifeMs
          past.end(now, planned)
        }
        const asked = now + askedAfterMs
        const verdict = past.judge(asked)
        if (verdict.go) return
        expect(verdict.holdUntilMonoMs - asked).toBeLessThanOrEqual(BRAKE.maxHoldMs)
        expect(past.judge(verdict.holdUntilMonoMs)).toEqual({ go: true })
        const justBefore = past.judge(verdict.holdUntilMonoMs - 1)
        expect(justBefore.go).toBe(false)
      }),
    )
  })
})

describe('the file', () => {
  let folder: string
  let file: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ottugi-boots-'))
    file = join(folder, 'boots.jsonl')
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('holds a line a record, for its owner only', () => {
    expect(readBoots(file)).toEqual([])
    appendBoot(file, 'agent', { kind: 'start' })
    appendBoot(file, 'agent', { kind: 'end', code: 0, reason: 'stop', planned: true })
    const own = ownIdentity()
    expect(readBoots(file)).toMatchObject([
      { app: 'agent', kind: 'start', ...own, bootId: bootId() },
      { app: 'agent', kind: 'end', planned: true, ...own },
    ])
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(livesOf(readBoots(file), 'agent', bootId())).toMatchObject([{ planned: true, endReason: 'stop' }])
  })

  it('passes over broken, cut and foreign lines', () => {
    appendBoot(file, 'agent', { kind: 'start' })
    appendFileSync(file, 'no json\n{"app":"agent"}\n[]\nnull\n42\n\u0000\u0000\n')
    appendBoot(file, 'agent', { kind: 'ready' })
    appendFileSync(file, '{"app":"agent","kind":"start","monoM')
    expect(readBoots(file).map(({ kind }) => kind)).toEqual(['start', 'ready'])
  })

  it('is read from its end: an endless one costs nothing, and a line that is cut by that is passed over', () => {
    const line = (index: number) => `${JSON.stringify({ app: 'agent', kind: 'ready', monoMs: index, pid: 1 })}\n`
    writeFileSync(file, Array.from({ length: 20_000 }, (_, index) => line(index)).join(''))
    const read = readBoots(file)
    expect(read.at(-1)?.monoMs).toBe(19_999)
    expect(read.length).toBeGreaterThan(1_000)
    expect(read.length).toBeLessThan(20_000)
    expect(read.map(({ monoMs }) => monoMs)).toEqual(read.map((_, index) => 20_000 - read.length + index))
  })

  it('whatever is in it, reading never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        writeFileSync(file, bytes)
        readBoots(file)
      }),
      { numRuns: 50 },
    )
  })
})

/** The laws of the judge, over random histories. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  startWatch,
  WATCH_LIMITS,
  type WatchdogAct,
  type WatchdogSighting,
  watchTheWatchdog,
} from '../../src/agent/link/watchTheWatchdog.ts'

const A = { pid: 100, startTicks: 1, nonce: 'a' }
const B = { pid: 200, startTicks: 2, nonce: 'b' }
const STEP_MS = 250

type Look = Omit<WatchdogSighting, 'nowMonoMs'> & { readonly afterMs: number }

const calm: Look = {
  afterMs: STEP_MS,
  ownLateMs: 0,
  linkUp: true,
  heardFrom: A,
  processState: 'S',
  supervisorAlive: true,
  isWanted: false,
}
const silent: Look = { ...calm, heardFrom: null }
const down: Look = { ...silent, linkUp: false, isWanted: true }
const orphaned: Look = { ...down, processState: null, supervisorAlive: false }

/** Plays looks; returns each act with the time of its look. */
function play(looks: readonly Look[]): { act: WatchdogAct; at: number; look: Look }[] {
  let watch = startWatch(0)
  let now = 0
  return looks.flatMap((look) => {
    now += look.afterMs
    const { afterMs: _, ...seen } = look
    const [next, act] = watchTheWatchdog(watch, { ...seen, nowMonoMs: now })
    watch = next
    return act ? [{ act, at: now, look }] : []
  })
}

const repeat = (look: Look, forMs: number) => Array<Look>(Math.ceil(forMs / look.afterMs)).fill(look)

describe('a watchdog that hangs', () => {
  it('is ended when it was silent for its limit', () => {
    const acts = play([calm, ...repeat(silent, WATCH_LIMITS.silentMs + STEP_MS)])
    expect(acts.map(({ act }) => act)).toEqual([{ do: 'endWatchdog', identity: A, reason: 'silent' }])
  })

  it('is ended sooner when the kernel shows it as stopped', () => {
    const acts = play([calm, ...repeat({ ...silent, processState: 'T' }, 2_000)])
    expect(acts.map(({ act, at }) => [act, at])).toEqual([
      [{ do: 'endWatchdog', identity: A, reason: 'stopped' }, 2_250],
    ])
  })

  it('is not ended for the time in which we did not run ourselves', () => {
    expect(play([calm, { ...silent, afterMs: 60_250, ownLateMs: 60_000 }, calm])).toEqual([])
  })

  it('is not ended before it ever spoke', () => {
    expect(play(repeat(silent, 20_000))).toEqual([])
  })
})

describe('a watchdog that is gone', () => {
  it('is brought back soon when the supervisor is gone too', () => {
    const acts = play([calm, ...repeat(orphaned, 500)])
    expect(acts).toMatchObject([{ act: { do: 'revive' }, at: STEP_MS * 3 }])
  })

  it('is left to a living supervisor for a while', () => {
    expect(play([calm, ...repeat(down, WATCH_LIMITS.linkDownMs)])).toEqual([])
    const acts = play([calm, ...repeat(down, WATCH_LIMITS.linkDownMs + STEP_MS * 2)])
    expect(acts.map(({ act }) => act.do)).toEqual(['revive'])
  })

  it('stays away when nobody wants it', () => {
    expect(play([calm, ...repeat({ ...orphaned, isWanted: false }, 60_000)])).toEqual([])
  })
})

const anyLook: fc.Arbitrary<Look> = fc.record({
  afterMs: fc.integer({ min: 1, max: 2_000 }),
  ownLateMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 2_000 })),
  linkUp: fc.boolean(),
  heardFrom: fc.constantFrom(null, null, A, B),
  processState: fc.constantFrom(null, 'S', 'T', 'R', 'D'),
  supervisorAlive: fc.boolean(),
  isWanted: fc.boolean(),
})
// Long stretches of the same look reach the limits; single random looks hardly would.
const history = fc
  .array(fc.tuple(anyLook, fc.integer({ min: 1, max: 30 })), { maxLength: 30 })
  .map((stretches) => stretches.flatMap(([look, times]) => Array<Look>(times).fill(look)))

describe('laws over all histories', () => {
  it('only who spoke is ended, while the link is up, alive, and not too often', () => {
    fc.assert(
      fc.property(history, (looks) => {
        const ends = play(looks).filter(({ act }) => act.do === 'endWatchdog')
        for (const { act, look } of ends) {
          expect(look.linkUp).toBe(true)
          expect(look.processState).not.toBe(null)
          expect(act.do === 'endWatchdog' && [A, B]).toContainEqual(act.do === 'endWatchdog' && act.identity)
        }
        for (const [index, { at }] of ends.entries()) {
          const before = ends[index - 1]
          if (before) expect(at - before.at).toBeGreaterThanOrEqual(WATCH_LIMITS.endPauseMs)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('nothing is revived unless it is wanted, the link is down, and not too often', () => {
    fc.assert(
      fc.property(history, (looks) => {
        const revivals = play(looks).filter(({ act }) => act.do === 'revive')
        for (const { look } of revivals) expect([look.linkUp, look.isWanted]).toEqual([false, true])
        for (const [index, { at }] of revivals.entries()) {
          const before = revivals[index - 1]
          if (before) expect(at - before.at).toBeGreaterThanOrEqual(WATCH_LIMITS.revivePauseMs)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('a punctual watchdog is never touched', () => {
    const healthy = anyLook.map((look) => ({ ...look, linkUp: true, heardFrom: A, processState: 'S' }))
    fc.assert(fc.property(fc.array(healthy, { maxLength: 200 }), (looks) => void expect(play(looks)).toEqual([])))
  })

  it('time in which we did not run ourselves proves nothing', () => {
    const late = anyLook.map((look) => ({ ...look, ownLateMs: look.afterMs }))
    fc.assert(fc.property(fc.array(late, { maxLength: 200 }), (looks) => void expect(play(looks)).toEqual([])))
  })
})

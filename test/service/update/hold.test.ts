/** When a new version has proved itself, and when it is taken back. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { beginHold, type Hold, type HoldLook, type HoldVerdict, judgeHold } from '../../../src/service/update/hold.ts'
import { judgeCutOff } from '../../../src/service/update/settleUpdate.ts'
import { compareVersions } from '../../../src/service/versions.ts'

const LIMITS = { readyMs: 30_000, lostMs: 1_200, holdMs: 60_000 }
type Look = Omit<HoldLook, 'askedAt'>
const OLD_SERVES: Look = { isNewReady: false, doesAnswer: true, agent: null }
const NOBODY: Look = { isNewReady: false, doesAnswer: false, agent: null }
const ready = (agent = 'a'): Look => ({ isNewReady: true, doesAnswer: true, agent })

/** Looks each 100 ms, as often as said, until there is a verdict. */
function watched(story: readonly (readonly [Look, number])[]): {
  verdict: HoldVerdict
  atMs: number
  wasReady: boolean
} {
  let hold: Hold = beginHold(0)
  let [atMs, wasReady] = [0, false]
  for (const [look, lastsMs] of story) {
    for (const end = atMs + lastsMs; atMs < end; atMs += 100) {
      const [next, verdict] = judgeHold(hold, { ...look, askedAt: atMs }, atMs, LIMITS)
      hold = next
      wasReady ||= verdict === 'ready'
      if (verdict !== 'wait' && verdict !== 'ready') return { verdict, atMs, wasReady }
    }
  }
  return { verdict: 'wait', atMs, wasReady }
}

describe('a new version', () => {
  it('is good when it stayed ready for the hold time', () => {
    expect(
      watched([
        [OLD_SERVES, 2_000],
        [ready(), 100_000],
      ]),
    ).toEqual({ verdict: 'good', atMs: 62_000, wasReady: true })
  })

  it('may leave a gap while it takes over', () => {
    expect(
      watched([
        [OLD_SERVES, 1_000],
        [NOBODY, 1_000],
        [ready(), 100_000],
      ]).verdict,
    ).toBe('good')
  })

  it('is taken back when it does not get ready although the old one serves', () => {
    expect(watched([[OLD_SERVES, 100_000]])).toEqual({ verdict: 'not-ready', atMs: 30_000, wasReady: false })
  })

  it('is taken back soon when nobody serves any more', () => {
    expect(
      watched([
        [OLD_SERVES, 1_000],
        [NOBODY, 100_000],
      ]),
    ).toEqual({ verdict: 'lost', atMs: 2_200, wasReady: false })
    expect(
      watched([
        [ready(), 10_000],
        [{ ...NOBODY, agent: 'a' }, 100_000],
      ]),
    ).toEqual({ verdict: 'lost', atMs: 11_200, wasReady: true })
  })

  it('is taken back at once when its agent was ready and ends', () => {
    expect(
      watched([
        [ready(), 10_000],
        [NOBODY, 100_000],
      ]),
    ).toEqual({ verdict: 'ended', atMs: 10_000, wasReady: true })
  })

  it('is silent since it was asked, not since no answer came', () => {
    const [asked] = judgeHold(beginHold(0), { ...ready(), askedAt: 0 }, 0, LIMITS)
    const silent = { ...NOBODY, agent: 'a', askedAt: 100 }
    expect(judgeHold(asked, silent, 100 + LIMITS.lostMs, LIMITS)[1]).toBe('lost')
  })

  it('is taken back when its agent becomes another one again and again', () => {
    expect(
      watched([
        [ready('a'), 1_000],
        [ready('b'), 1_000],
        [ready('c'), 1_000],
      ]).verdict,
    ).toBe('restarts')
    expect(
      watched([
        [ready('a'), 1_000],
        [ready('b'), 100_000],
      ]).verdict,
    ).toBe('good')
  })

  it('is never good without the hold time, and never watched for ever', () => {
    const look = fc.constantFrom(OLD_SERVES, NOBODY, ready('a'), ready('b'))
    fc.assert(
      fc.property(fc.array(fc.tuple(look, fc.integer({ min: 100, max: 20_000 })), { maxLength: 12 }), (story) => {
        const { verdict, atMs } = watched([...story, [ready('z'), 200_000]])
        expect(verdict).not.toBe('wait')
        if (verdict === 'good') expect(atMs).toBeGreaterThanOrEqual(LIMITS.holdMs)
      }),
    )
  })
})

describe('an update that was cut off', () => {
  it('stays where it was ready once, goes back where it was not, and waits for those who run', () => {
    const judged = (['switching', 'holding', 'back', 'done', 'undone'] as const).map((state) => [
      state,
      judgeCutOff(state, false),
      judgeCutOff(state, true),
    ])
    expect(judged).toEqual([
      ['switching', 'undone', 'nothing'],
      ['holding', 'finished', 'finished'],
      ['back', 'undone', 'nothing'],
      ['done', 'nothing', 'nothing'],
      ['undone', 'nothing', 'nothing'],
    ])
  })
})

describe('versions', () => {
  it('are in their order', () => {
    const order = ['0.1.0', '0.2.0-alpha', '0.2.0-beta', '0.2.0', '0.10.0', '1.0.0']
    expect(order.toReversed().toSorted(compareVersions)).toEqual(order)
    expect(compareVersions('1.2.3+a', '1.2.3+b')).toBe(0)
  })
})

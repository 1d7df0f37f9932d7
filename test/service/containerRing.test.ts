import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  FIRST_WATCH,
  FOREGROUND,
  type RingDeed,
  type RingSight,
  type RingWatch,
  waitAfterTries,
  watchRing,
} from '../../src/service/containerRing.ts'

const GONE: RingSight = { wish: 'running', hasSupervisor: false, apps: 0, isStarting: false }
const UP: RingSight = { ...GONE, hasSupervisor: true, apps: 3 }
const BARE: RingSight = { ...GONE, hasSupervisor: true }
const STOPPED: RingSight = { ...GONE, wish: 'stopped' }

/** What is done over a history of looks, each `everyMs` after the other. */
function history(sights: readonly RingSight[], everyMs = 1_000, first: RingWatch = FIRST_WATCH) {
  let watch = first
  return sights.map((sight, index): { readonly at: number; readonly deed: RingDeed; readonly watch: RingWatch } => {
    const at = index * everyMs
    const [next, deed] = watchRing(watch, sight, at)
    watch = next
    return { at, deed, watch }
  })
}

const startsOf = (sights: readonly RingSight[], everyMs?: number) =>
  history(sights, everyMs).flatMap(({ at, deed }) => (deed === 'start' ? [at] : []))
const times = (count: number, sight: RingSight) => Array.from({ length: count }, () => sight)

describe('the ring in the foreground', () => {
  it('is started at the first look', () => {
    expect(startsOf([GONE])).toEqual([0])
  })

  it('is left alone while anything of it lives: it heals itself', () => {
    const one = { ...GONE, apps: 1 }
    expect(startsOf([UP, one, UP, one, one])).toEqual([])
  })

  it('is started at once when all of it is gone, and ever more slowly when that does not help', () => {
    expect(startsOf([UP, ...times(130, GONE)]).map((at) => at / 1_000)).toEqual([1, 2, 4, 8, 16, 32, 64, 124])
  })

  it('is a new story after it was up for long', () => {
    const long = times(FOREGROUND.steadyMs / 1_000 + 1, UP)
    const [first, second] = startsOf([...times(10, GONE), ...long, GONE, GONE]).slice(-2)
    expect([first, second]).toEqual([10_000 + long.length * 1_000, 11_000 + long.length * 1_000])
  })

  it('gets some time where PM2 lives without its processes, and then a start', () => {
    const deeds = startsOf([UP, ...times(40, BARE)])
    expect(deeds[0]).toBe(1_000 + FOREGROUND.bareMs)
  })

  it('rests when a person stopped it and all of it has ended, says so once, and goes on with their next start', () => {
    const ending: RingSight = { ...UP, wish: 'stopped' }
    const told = history([UP, ending, ending, STOPPED, STOPPED, STOPPED, GONE]).map(({ deed }) => deed)
    expect(told).toEqual(['nothing', 'nothing', 'nothing', 'rest', 'nothing', 'nothing', 'start'])
  })

  it('waits where somebody holds it who will go on, and goes on at once', () => {
    const held: RingSight = { ...GONE, wish: 'paused' }
    expect(history([UP, held, held, GONE]).map(({ deed }) => deed)).toEqual(['nothing', 'nothing', 'nothing', 'start'])
  })

  it('waits for a start of ours that still runs, also when a person stops meanwhile', () => {
    expect(history([{ ...STOPPED, isStarting: true }])[0]?.deed).toBe('nothing')
  })
})

const anySight: fc.Arbitrary<RingSight> = fc.record({
  wish: fc.constantFrom('running', 'paused', 'stopped'),
  hasSupervisor: fc.boolean(),
  apps: fc.integer({ min: 0, max: 3 }),
  isStarting: fc.boolean(),
})

describe('over every history', () => {
  it('nothing is started against a wish, beside a living process, or beside another start', () => {
    fc.assert(
      fc.property(fc.array(anySight, { maxLength: 80 }), (sights) => {
        history(sights).forEach(({ deed }, index) => {
          const { wish, apps, isStarting } = sights[index] as RingSight
          if (deed === 'start') expect([wish, apps, isStarting]).toEqual(['running', 0, false])
          if (deed === 'rest') expect([wish, apps, isStarting]).toEqual(['stopped', 0, false])
        })
      }),
    )
  })

  it('a ring that is gone is started within the longest wait', () => {
    fc.assert(
      fc.property(fc.array(anySight, { maxLength: 60 }), (before) => {
        const last = history(before).at(-1)?.watch ?? FIRST_WATCH
        const looks = FOREGROUND.longestWaitMs / 1_000 + 2
        // The clock goes on where the history ended.
        let watch = last
        const deeds = Array.from({ length: looks }, (_, index) => {
          const [next, deed] = watchRing(watch, GONE, (before.length + index) * 1_000)
          watch = next
          return deed
        })
        expect(deeds).toContain('start')
      }),
    )
  })

  it('the waits grow, and end at the longest', () => {
    const waits = Array.from({ length: 12 }, (_, tries) => waitAfterTries(tries))
    expect(waits).toEqual(waits.toSorted((a, b) => a - b))
    expect([waits[0], waits.at(-1)]).toEqual([0, FOREGROUND.longestWaitMs])
  })
})

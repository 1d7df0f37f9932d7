import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type SupervisorAction, type SupervisorWatch, stepSupervisor } from '../../src/watchdog/supervisorWatch.ts'

const seen = (state: string) => ({ pid: 2, startTicks: 2, state })
type Looked = ReturnType<typeof seen> | undefined

function run(looked: Looked, untilMs: number, everyMs = 250): [number, SupervisorAction][] {
  let watch: SupervisorWatch = { name: 'unknown' }
  const done: [number, SupervisorAction][] = []
  for (let now = 0; now <= untilMs; now += everyMs) {
    const [next, action] = stepSupervisor(watch, looked, now)
    watch = next
    if (action) done.push([now, action])
  }
  return done
}

describe('the supervisor', () => {
  it('is left alone while it runs, whatever it does', () => {
    for (const state of ['S', 'R', 'D', 't']) expect(run(seen(state), 60_000)).toEqual([])
  })

  it('is brought back at once when it is gone, and again each 10 s', () => {
    expect(run(undefined, 20_000)).toEqual([
      [0, 'revive'],
      [10_000, 'revive'],
      [20_000, 'revive'],
    ])
  })

  it('is resumed after 0.7 s when it was stopped, and ended when that did not help', () => {
    expect(run(seen('T'), 2_400, 100)).toEqual([
      [700, 'resume'],
      [1_400, 'kill'],
      [2_100, 'kill'],
    ])
  })

  it('over any history: a running one is never touched, none is killed that was not resumed first, and none is revived twice in 10 s', () => {
    const look = fc.constantFrom<Looked>(undefined, seen('S'), seen('T'), seen('R'))
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 4_000 }), look), { maxLength: 80 }), (history) => {
        let watch: SupervisorWatch = { name: 'unknown' }
        let now = 0
        let revivedAt = Number.NEGATIVE_INFINITY
        let wasResumed = false
        for (const [waitMs, looked] of history) {
          now += waitMs
          const [next, action] = stepSupervisor(watch, looked, now)
          watch = next
          if (looked?.state !== 'T') wasResumed = false
          if (looked) revivedAt = Number.NEGATIVE_INFINITY
          if (action === 'revive') {
            expect(looked).toBeUndefined()
            expect(now - revivedAt).toBeGreaterThanOrEqual(10_000)
            revivedAt = now
          }
          if (action === 'resume' || action === 'kill') expect(looked?.state).toBe('T')
          if (action === 'kill') expect(wasResumed).toBe(true)
          if (action === 'resume') wasResumed = true
        }
      }),
      { numRuns: 300 },
    )
  })
})

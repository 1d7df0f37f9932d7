import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Identity } from '../../src/shared/identity.ts'
import {
  type DashboardAction,
  type DashboardView,
  NEW_DASHBOARD_WATCH,
  stepDashboard,
} from '../../src/watchdog/dashboardWatch.ts'

const THRESHOLD = 3
const process = (pid: number): Identity => ({ pid, startTicks: pid, nonce: `n${pid}` })
const WELL: DashboardView = { identity: process(2), alive: true, procState: 'S', healthFailures: 0, refusal: null }
const GONE: DashboardView = { ...WELL, alive: false, procState: null }

/** What is done over a history of [at, seen]. */
function run(history: readonly (readonly [number, DashboardView])[]): [number, DashboardAction['do']][] {
  let watch = NEW_DASHBOARD_WATCH
  return history.flatMap(([at, seen]) => {
    const [next, action] = stepDashboard(watch, seen, at, THRESHOLD)
    watch = next
    return action ? [[at, action.do] as [number, DashboardAction['do']]] : []
  })
}

const every = (ms: number, untilMs: number, seen: DashboardView) =>
  Array.from({ length: Math.floor(untilMs / ms) + 1 }, (_, index) => [index * ms, seen] as const)

describe('the dashboard', () => {
  it('is left alone while it is well', () => {
    expect(run(every(250, 10_000, WELL))).toEqual([])
    expect(run(every(250, 10_000, { ...WELL, healthFailures: THRESHOLD - 1 }))).toEqual([])
  })

  it('is asked for when it is gone for 2.5 s, and then each 10 s', () => {
    expect(run(every(500, 23_000, GONE))).toEqual([
      [2_500, 'start'],
      [12_500, 'start'],
      [22_500, 'start'],
    ])
  })

  it('is not asked for while its start is held', () => {
    const held = { ...GONE, refusal: { fault: 'crash-loop', reason: 'r', atMonoMs: 0, untilMonoMs: 7_000 } }
    expect(run(every(500, 7_500, held))).toEqual([[7_000, 'start']])
  })

  it('is resumed when it was stopped, and ended when that did not help', () => {
    const stopped = { ...WELL, procState: 'T' }
    expect(run(every(500, 6_000, stopped))).toEqual([
      [0, 'resume'],
      [3_000, 'kill'],
      [6_000, 'kill'],
    ])
  })

  it('is ended when it does not answer', () => {
    expect(run(every(1_000, 2_000, { ...WELL, healthFailures: THRESHOLD }))).toEqual([[0, 'kill']])
  })

  const seen = fc.record<DashboardView>({
    identity: fc.constantFrom(process(2), process(3), null),
    alive: fc.boolean(),
    procState: fc.constantFrom('S', 'R', 'T', 'D'),
    healthFailures: fc.nat(5),
    refusal: fc.option(
      fc.record({
        fault: fc.constant('f'),
        reason: fc.constant('r'),
        atMonoMs: fc.constant(0),
        untilMonoMs: fc.option(fc.nat(60_000)),
      }),
    ),
  })

  it('over any history: only a living one is signalled, only a missing one is started, and neither too often', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 3_000 }), seen), { maxLength: 80 }), (history) => {
        let watch = NEW_DASHBOARD_WATCH
        let now = 0
        let startedAt = Number.NEGATIVE_INFINITY
        let signalled: { readonly pid: number; readonly at: number } | undefined
        for (const [waitMs, view] of history) {
          now += waitMs
          const [next, action] = stepDashboard(watch, view, now, THRESHOLD)
          watch = next
          const isThere = view.alive && view.identity !== null
          if (isThere) startedAt = Number.NEGATIVE_INFINITY
          // Another process in between: a pid that comes back then is a new one.
          if (view.identity?.pid !== signalled?.pid || !isThere) signalled = undefined
          if (action?.do === 'start') {
            expect(isThere).toBe(false)
            expect(now - startedAt).toBeGreaterThanOrEqual(10_000)
            expect(now).toBeGreaterThanOrEqual(view.refusal?.untilMonoMs ?? 0)
            startedAt = now
          } else if (action) {
            expect(action.target).toEqual(view.identity)
            expect(isThere && (view.procState === 'T' || view.healthFailures >= THRESHOLD)).toBe(true)
            expect(now - (signalled?.at ?? Number.NEGATIVE_INFINITY)).toBeGreaterThanOrEqual(3_000)
            signalled = { pid: action.target.pid, at: now }
          }
        }
      }),
      { numRuns: 300 },
    )
  })
})

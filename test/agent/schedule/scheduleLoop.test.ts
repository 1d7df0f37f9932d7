/** The loop over real runs of the agent's port: it begins what is due, goes on while there is something to do, survives a beat that fails, and stops. */
import { expect, it } from 'vitest'
import { scheduledRuns } from '../../../src/agent/schedule/runsPort.ts'
import { startScheduleLoop } from '../../../src/agent/schedule/scheduleLoop.ts'
import { createTick } from '../../../src/agent/schedule/scheduler.ts'
import { LIMITS, mustAdd, scheduleAt } from './home.ts'

it('beats when it is woken, and not after it was stopped', async () => {
  const home = scheduleAt('2026-05-01T00:30:00Z')
  const id = mustAdd(home, { trigger: { kind: 'cron', line: '0 * * * *' } })
  const tick = createTick({ store: home.store, runs: home.runs.port, tell: () => {}, limits: LIMITS })
  let onBeat = () => {}
  let isBroken = false
  const errors: unknown[] = []
  const loop = startScheduleLoop({
    tick: async (nowMs) => {
      if (isBroken) throw new Error('locked')
      const moved = await tick(nowMs)
      if (!moved) onBeat()
      return moved
    },
    store: home.store,
    look: () => {},
    nowMs: home.clock.nowMs,
    onError: (error) => {
      errors.push(error)
      onBeat()
    },
  })
  /** Wakes the loop, and waits for the beat that makes it so. */
  const until = (isSo: () => boolean) =>
    new Promise<void>((resolve) => {
      onBeat = () => {
        if (isSo()) resolve()
      }
      loop.wake()
    })
  home.clock.set('2026-05-01T01:00:00Z')
  await until(() => home.story(id).length > 0)
  expect(home.story(id)).toEqual(['2026-05-01T01:00:00.000Z started'])
  isBroken = true
  await until(() => errors.length > 0)
  isBroken = false
  home.runs.endAll()
  await until(() => home.story(id)[0]?.endsWith('answered') === true)
  await loop.stop()
  home.clock.set('2026-05-01T02:00:00Z')
  loop.wake()
  expect({ errors: errors.length > 0, runs: home.runs.asked.length }).toEqual({ errors: true, runs: 1 })
})

it.each([
  [
    { ok: false, why: 'conflict' },
    { ok: false, why: 'never', reason: 'conflict' },
  ],
  [
    { ok: false, why: 'leaving' },
    { ok: false, why: 'later', reason: 'leaving' },
  ],
  [
    { ok: false, why: 'obstacle', obstacle: { kind: 'budget', reason: 'used up' } },
    { ok: false, why: 'later', reason: 'used up' },
  ],
])('what the runs say (%j) is told as %j', async (said, expected) => {
  const runs = scheduledRuns({ accept: async () => said as never, find: () => undefined, cancel: async () => true })
  expect(await runs.accept({} as never)).toEqual(expected)
  expect(runs.find('x')).toBeUndefined()
})

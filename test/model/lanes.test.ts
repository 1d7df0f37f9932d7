/** The lane of a provider: persons first, no session starves another, nobody waits in vain. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Comer, createLane, type Entry, type Lane, type Priority } from '../../src/model/lanes.ts'
import { createTestClock } from './gateRig.ts'

const NEVER = new AbortController().signal
const turn = () => new Promise(setImmediate)

function comer(session: string, priority: Priority = 'person', more: Partial<Comer> = {}): Comer {
  return { session, priority, signal: NEVER, patienceMs: 60_000, ...more }
}

/** Lets all of them wait behind one call, and says in which order they are let in, one at a time. */
async function orderOf(comers: readonly Comer[], places = 1): Promise<string[]> {
  const lane = createLane(places, createTestClock())
  const before = await Promise.all(Array.from({ length: places }, () => lane.enter(comer('before'))))
  const order: string[] = []
  const done = comers.map(async (one) => {
    const entry = await lane.enter(one)
    order.push(`${one.priority} ${one.session}`)
    await turn()
    leave(entry)
  })
  for (const entry of before) leave(entry)
  await Promise.all(done)
  return order
}

function leave(entry: Entry): void {
  if (entry.ok) entry.leave()
}

it('a person goes before a program, and both before a job', async () => {
  expect(await orderOf([comer('a', 'job'), comer('b', 'program'), comer('c'), comer('d', 'program')])).toEqual([
    'person c',
    'program b',
    'program d',
    'job a',
  ])
})

it('sessions take turns, however many calls one of them has waiting', async () => {
  const many = Array.from({ length: 4 }, () => comer('greedy'))
  expect(await orderOf([...many, comer('x'), comer('y')])).toEqual([
    'person greedy',
    'person x',
    'person y',
    ...Array.from({ length: 3 }, () => 'person greedy'),
  ])
})

it('a session that has a call running lets another one go first, whose turn was later but is over', async () => {
  const lane = createLane(2, createTestClock())
  const running = await lane.enter(comer('busy'))
  leave(await lane.enter(comer('quick')))
  const other = await lane.enter(comer('other'))
  const order: string[] = []
  const waiting = ['busy', 'quick'].map(async (session) => {
    const entry = await lane.enter(comer(session))
    order.push(session)
    leave(entry)
  })
  leave(other)
  await Promise.all(waiting)
  leave(running)
  expect(order).toEqual(['quick', 'busy'])
})

it('lets so many in at once, keeps the last place free of jobs, and a second leave gives no second place', async () => {
  const lane = createLane(2, createTestClock())
  const job = await lane.enter(comer('j', 'job'))
  expect([lane.isBusy('job'), lane.isBusy('person')]).toEqual([true, false])
  const person = await lane.enter(comer('p'))
  expect(lane.isBusy('person')).toBe(true)
  leave(job)
  leave(job)
  leave(person)
  await lane.enter(comer('a'))
  await lane.enter(comer('b'))
  expect(lane.isBusy('person')).toBe(true)
  const single = createLane(1, createTestClock())
  expect(await single.enter(comer('j', 'job'))).toMatchObject({ ok: true })
})

it('who is cancelled while waiting leaves the queue and takes no place', async () => {
  const lane = createLane(1, createTestClock())
  const first = await lane.enter(comer('a'))
  const cancel = new AbortController()
  const second = lane.enter(comer('b', 'person', { signal: cancel.signal }))
  const third = lane.enter(comer('c', 'job'))
  cancel.abort()
  expect(await second).toEqual({ ok: false, why: 'cancelled' })
  leave(first)
  expect(await third).toMatchObject({ ok: true })
  expect(await lane.enter(comer('d', 'person', { signal: AbortSignal.abort() }))).toEqual({
    ok: false,
    why: 'cancelled',
  })
})

it('a pause holds everybody until it is over, and sends away who has no patience for it', async () => {
  const clock = createTestClock()
  const lane = createLane(1, clock)
  const first = await lane.enter(comer('a'))
  const hasty = lane.enter(comer('hasty', 'person', { patienceMs: 100 }))
  const patient = lane.enter(comer('patient', 'job'))
  lane.holdUntil(clock.monoMs() + 5_000)
  lane.holdUntil(clock.monoMs() + 1_000)
  expect(lane.heldMs()).toBe(5_000)
  leave(first)
  expect(await hasty).toEqual({ ok: false, why: 'held' })
  expect(await lane.enter(comer('late', 'person', { patienceMs: 4_999 }))).toEqual({ ok: false, why: 'held' })
  const person = lane.enter(comer('person'))
  expect(await person).toMatchObject({ ok: true })
  expect([clock.monoMs(), lane.heldMs()]).toEqual([6_000, 0])
  leave(await person)
  expect(await patient).toMatchObject({ ok: true })
})

it('law: never more than its places at once, and everybody who is not cancelled gets in', async () => {
  const one = fc.record({
    session: fc.constantFrom('a', 'b', 'c'),
    priority: fc.constantFrom<Priority>('person', 'program', 'job'),
    cancelled: fc.boolean(),
    turns: fc.nat(3),
  })
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 4 }), fc.array(one, { maxLength: 20 }), async (places, comers) => {
      const clock = createTestClock()
      const lane: Lane = createLane(places, clock)
      let inside = 0
      const results = await Promise.all(
        comers.map(async ({ session, priority, cancelled, turns }, index) => {
          const cancel = new AbortController()
          if (cancelled) setImmediate(() => cancel.abort())
          const entry = await lane.enter(comer(session, priority, { signal: cancel.signal }))
          if (!entry.ok) return cancelled ? 'in' : entry.why
          inside++
          expect(inside).toBeLessThanOrEqual(places)
          if (index % 5 === 0) lane.holdUntil(clock.monoMs() + 10)
          for (let left = turns; left > 0; left--) await turn()
          inside--
          entry.leave()
          return 'in'
        }),
      )
      expect(results).toEqual(comers.map(() => 'in'))
      expect(lane.isBusy('person') && lane.heldMs() === 0).toBe(false)
    }),
    { numRuns: 60 },
  )
})

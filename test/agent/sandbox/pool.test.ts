import { afterEach, describe, expect, it } from 'vitest'
import type { ChildEnd, SandboxChild } from '../../../src/agent/sandbox/launch.ts'
import { createPool, type Pool } from '../../../src/agent/sandbox/pool.ts'
import { createSlots } from '../../../src/agent/sandbox/slots.ts'

type Fake = SandboxChild & { readonly number: number }
let pool: Pool
afterEach(() => pool?.close())

/** A pool of children that are only numbers. */
function fakePool(limits: { idleMs?: number; maxIdle?: number; starts?: boolean } = {}) {
  const children: Fake[] = []
  const launch = (): Fake => {
    let isGone = limits.starts === false
    const ended = Promise.withResolvers<ChildEnd>()
    if (isGone) ended.resolve({ code: 1, signal: null, said: 'bwrap: no' })
    const child: Fake = {
      number: children.length,
      ready: Promise.resolve(!isGone),
      ended: ended.promise,
      send: () => {},
      listen: () => {},
      everyone: () => [],
      leftovers: () => [],
      isGone: () => isGone,
      kill: async () => {
        isGone = true
        ended.resolve({ code: null, signal: 'SIGKILL', said: '' })
      },
    }
    children.push(child)
    return child
  }
  pool = createPool({ launch, idleMs: limits.idleMs ?? 60_000, maxIdle: limits.maxIdle ?? 4 })
  const take = async (session: string, programs = false) => {
    const taken = await pool.take({ session, programs })
    if (!('child' in taken)) throw new Error(taken.failure)
    return taken.child as Fake
  }
  return { children, take }
}
const owner = (session: string, programs = false) => ({ session, programs })

describe('a pool', () => {
  it('gives a session its own child again, and another one a clean one that was started ahead', async () => {
    const { children, take } = fakePool()
    const first = await take('a')
    expect(children).toHaveLength(2)
    pool.giveBack(first, owner('a'), true)
    expect((await take('a')).number).toBe(first.number)
    expect((await take('b')).number).toBe(1)
    expect(children).toHaveLength(3)
  })

  it('gives the child of programs to programs only', async () => {
    const { take } = fakePool()
    const first = await take('a', true)
    pool.giveBack(first, owner('a', true), true)
    expect((await take('a', false)).number).not.toBe(first.number)
    expect((await take('a', true)).number).toBe(first.number)
  })

  it('ends a child that is not good any more', async () => {
    const { take } = fakePool()
    const first = await take('a')
    pool.giveBack(first, owner('a'), false)
    expect(first.isGone()).toBe(true)
    expect((await take('a')).number).not.toBe(first.number)
  })

  it('keeps no more than it may, the newest', async () => {
    const { take } = fakePool({ maxIdle: 2 })
    const all = [await take('a'), await take('b'), await take('c')]
    for (const [index, child] of all.entries()) pool.giveBack(child, owner('abc'[index] ?? ''), true)
    expect(all.map((child) => child.isGone())).toEqual([true, true, false])
  })

  it('ends idle children, and gives none of them away', async () => {
    const { take } = fakePool({ idleMs: 0 })
    const first = await take('a')
    pool.giveBack(first, owner('a'), true)
    await first.ended
    expect((await take('a')).number).not.toBe(first.number)
  })

  it('starts one child ahead, not two', () => {
    const { children } = fakePool()
    pool.prepare()
    pool.prepare()
    expect(children).toHaveLength(1)
  })

  it('says why none can be started, and gives none after it was closed', async () => {
    fakePool({ starts: false })
    expect(await pool.take(owner('a'))).toEqual({ failure: 'bwrap: no' })
    await pool.close()
    expect(await pool.take(owner('a'))).toEqual({ failure: 'the agent is leaving' })
  })
})

describe('slots', () => {
  it('let in so many, the others in their order; who gives up leaves the queue', async () => {
    const never = new AbortController().signal
    const slots = createSlots(1)
    const order: string[] = []
    const leave = await slots.enter(never)
    const impatient = new AbortController()
    const second = slots.enter(impatient.signal).then((free) => order.push(free ? 'second' : 'gave up'))
    const third = slots.enter(never).then((free) => {
      order.push('third')
      free?.()
    })
    impatient.abort()
    await second
    leave?.()
    leave?.()
    await third
    expect(order).toEqual(['gave up', 'third'])
    expect(await slots.enter(AbortSignal.abort())).toBeUndefined()
    expect(await slots.enter(never)).toEqual(expect.any(Function))
  })
})

/** What one look at the memory comes to: simulated memory for the decisions, this process's own for the figures. */
import { expect, it } from 'vitest'
import { createMemoryWatch, type MemoryReading, residentLimit } from '../../../src/agent/health/memoryWatch.ts'

const MIB = 1_048_576
const LIMITS = { heap: 500 * MIB, resident: 1_000 * MIB }

/** Memory of which garbage can be taken away. */
function simulated(collectMs = 0) {
  const state = { held: { heap: 50 * MIB, resident: 100 * MIB }, garbage: 0, collections: 0 }
  const read = (): MemoryReading => ({
    heap: state.held.heap + state.garbage,
    resident: state.held.resident + state.garbage,
  })
  const collect = () => {
    state.garbage = 0
    state.collections++
    return collectMs
  }
  return { state, look: createMemoryWatch(LIMITS, { read, collect }) }
}

it('says that a heap grows, then that it is due, and passes over garbage', () => {
  const { state, look } = simulated()
  for (let second = 0; second < 100; second++) {
    state.garbage = 200 * MIB
    expect(look(second * 1_000)).toEqual({ kind: 'well' })
  }
  let verdict = look(100_000)
  let second = 100
  const kinds = new Set<string>()
  while (!(verdict.kind === 'growing' && verdict.growth.isDue) && second < 200) {
    second++
    state.held.heap += 20 * MIB
    verdict = look(second * 1_000)
    kinds.add(verdict.kind)
  }
  expect([...kinds]).toEqual(['well', 'growing'])
  expect(verdict).toMatchObject({ kind: 'growing', what: 'heap', usedBytes: state.held.heap, growth: { isDue: true } })
  expect(state.held.heap).toBeLessThan(LIMITS.heap)
})

it('sees a leak outside the heap', () => {
  const { state, look } = simulated()
  let verdict = look(0)
  for (let second = 1; second < 100 && !(verdict.kind === 'growing' && verdict.growth.isDue); second++) {
    state.held.resident += 20 * MIB
    verdict = look(second * 1_000)
  }
  expect(verdict).toMatchObject({ kind: 'growing', what: 'resident', growth: { isDue: true } })
  expect(state.held.resident).toBeLessThan(LIMITS.resident)
})

it('forgets a growth that has ended by the time at which it would have been full', () => {
  const { state, look } = simulated()
  let second = 0
  for (; look(second * 1_000).kind !== 'growing'; second++) state.held.heap += 10 * MIB
  expect(look(second * 1_000).kind).toBe('growing')
  expect(look((second + 60) * 1_000)).toEqual({ kind: 'well' })
})

it('is full over the limit without its garbage: the heap at once, what is resident after three collections', () => {
  const { state, look } = simulated()
  state.held.heap = LIMITS.heap - MIB
  state.garbage = 100 * MIB
  expect(look(0)).toEqual({ kind: 'well' })
  state.held.heap = LIMITS.heap + MIB
  expect(look(1_000)).toEqual({ kind: 'full', what: 'heap', usedBytes: LIMITS.heap + MIB, isLeak: false })
  state.held = { heap: MIB, resident: LIMITS.resident + MIB }
  expect([look(2_000), look(3_000)]).toEqual([{ kind: 'well' }, { kind: 'well' }])
  expect(look(4_000)).toEqual({ kind: 'full', what: 'resident', usedBytes: LIMITS.resident + MIB, isLeak: false })
})

it('calls a heap that grew too fast to drain a leak all the same', () => {
  const { state, look } = simulated()
  let verdict = look(0)
  for (let second = 1; verdict.kind !== 'full' && second < 20; second++) {
    state.held.heap += 60 * MIB
    verdict = look(second * 1_000)
    if (verdict.kind === 'growing' && second < 7) expect(verdict.growth.isDue).toBe(false)
  }
  expect(verdict).toMatchObject({ kind: 'full', what: 'heap', isLeak: true })
})

it('does not let the collections become the load', () => {
  const { state, look } = simulated(1_000)
  for (let second = 0; second < 60; second++) {
    state.garbage = 600 * MIB
    look(second * 1_000)
  }
  expect(state.collections).toBe(12)
})

it('bounds what is resident by the heap and by the machine', () => {
  const plenty = 64 * 1_024 * MIB
  expect(residentLimit(512, plenty)).toBe(1_280 * MIB)
  expect(residentLimit(512, 1_000 * MIB)).toBe(800 * MIB)
  expect(residentLimit(16)).toBe(288 * MIB)
})

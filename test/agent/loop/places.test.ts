/** Places: never more taken than there are, let in in the order of coming, and nobody waits whose wish is gone. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createPlaces, type LeavePlace } from '../../../src/agent/runs/places.ts'

const FOREVER = new Promise<never>(() => {})
const settled = async () => {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve()
}

it('lets in as many as there are places, the others in the order of coming', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 12 }), async (count, comers) => {
      const enter = createPlaces(count)
      const seen: { readonly who: number; readonly leave: LeavePlace }[] = []
      for (let who = 0; who < comers; who++) void enter(FOREVER).then((leave) => seen.push({ who, leave }))
      for (let left = 0; left < comers; left++) {
        await settled()
        expect(seen.length).toBe(Math.min(comers, left + count))
        seen[left]?.leave()
      }
      expect(seen.map(({ who }) => who)).toEqual(Array.from({ length: comers }, (_, who) => who))
    }),
  )
})

it('who is told to stop waits no longer, and takes no place from those behind', async () => {
  const enter = createPlaces(1)
  const first = await enter(FOREVER)
  const gone = Promise.withResolvers<void>()
  const second = enter(gone.promise)
  let isThirdIn = false
  void enter(FOREVER).then(() => {
    isThirdIn = true
  })
  gone.resolve()
  const leave = await second
  leave()
  await settled()
  expect(isThirdIn).toBe(false)
  first()
  await settled()
  expect(isThirdIn).toBe(true)
})

/** Who keeps the event loop on purpose says so before, and takes it back when the last one is done. */
import { expect, it } from 'vitest'
import { unhurriedOn } from '../../../src/agent/link/unhurried.ts'

function aLink() {
  const said: (number | null)[] = []
  return { said, unhurried: unhurriedOn({ announceBusy: (until) => void said.push(until) }) }
}

it('is announced before the work begins and ends with it, whatever becomes of it', async () => {
  const { said, unhurried } = aLink()
  const seen = await unhurried(async () => said.length)
  expect(seen).toBe(1)
  expect(said).toEqual([expect.any(Number), null])
  await expect(unhurried(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(said.at(-1)).toBe(null)
})

it('ends with the last of several', async () => {
  const { said, unhurried } = aLink()
  const first = Promise.withResolvers<void>()
  const second = Promise.withResolvers<void>()
  const works = [unhurried(() => first.promise), unhurried(() => second.promise)]
  first.resolve()
  await works[0]
  expect(said).not.toContain(null)
  second.resolve()
  await works[1]
  expect(said.at(-1)).toBe(null)
})

import { expect, it } from 'vitest'
import { keepClients } from '../../src/model/keptClient.ts'

const access = (changes: object = {}) => ({ baseUrl: 'http://a', key: 'k', timeoutMs: 1_000, ...changes })

it('makes one client for each way to a provider, and another one for a new key', () => {
  let made = 0
  const clientOf = keepClients(() => ++made)
  expect([clientOf(access()), clientOf(access()), clientOf(access({ key: 'new' })), clientOf(access())]).toEqual([
    1, 1, 2, 1,
  ])
  expect(clientOf(access({ quirks: { auth: 'bearer' } }))).toBe(3)
})

it('forgets the one that was not used for longest', () => {
  let made = 0
  const clientOf = keepClients(() => ++made)
  for (let index = 0; index < 16; index++) clientOf(access({ key: `${index}` }))
  clientOf(access({ key: '0' }))
  clientOf(access({ key: 'one more' }))
  expect([clientOf(access({ key: '0' })), clientOf(access({ key: '1' }))]).toEqual([1, 18])
})

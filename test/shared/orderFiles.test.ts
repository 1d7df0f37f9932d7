/** Orders of a person: left whole, taken once, taken back or answered, and forgotten in the end. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { phrase } from '../../src/shared/messages/phrase.ts'
import {
  answerOrder,
  dropOrder,
  findOrders,
  leaveOrder,
  type Order,
  readOrderAnswer,
  sweepOrderAnswers,
  takeOrder,
  withdrawOrder,
} from '../../src/shared/orderFiles.ts'
import { type HomePaths, homePaths } from '../../src/shared/paths.ts'
import { findRequests } from '../../src/shared/requestFiles.ts'

const AT = '2026-03-02T12:00:00.000Z'
const order = (key = 'k1'): Order => ({
  ...{ order: 'restart', key, minutes: null, reason: '', by: 'kim', at: AT },
  ...{ bootId: 'b', expiresMonoMs: 1 },
})

let paths: HomePaths
beforeEach(() => {
  paths = homePaths(mkdtempSync(join(tmpdir(), 'ottugi-orders-')))
})
afterEach(() => rmSync(paths.home, { recursive: true, force: true }))

function only() {
  const [found] = findOrders(paths)
  if (!found) throw new Error('expected an order')
  return found
}

it('leaves an order once a key, whole, and out of the way of other requests', () => {
  expect(findOrders(paths)).toEqual([])
  expect(leaveOrder(paths, order())).toBe(true)
  expect(leaveOrder(paths, { ...order(), by: 'somebody else' })).toBe(false)
  expect(findOrders(paths).map(({ value }) => value)).toEqual([order()])
  expect(findRequests(paths)).toEqual([])
  expect(readdirSync(join(paths.data, 'requests', 'orders'))).toEqual(['k1.json'])
})

it('is taken once, also by one who was killed before the deed', () => {
  leaveOrder(paths, order())
  const found = only()
  expect(takeOrder(paths, order(), found, AT)).toBe(true)
  expect(findOrders(paths)).toEqual([])
  expect(readOrderAnswer(paths, 'k1')).toMatchObject({ state: 'taken' })
  // The same key again is the same order: nothing is left.
  expect(leaveOrder(paths, order())).toBe(false)

  // Killed between the word and the removal: the successor finds both.
  leaveOrder(paths, order('k2'))
  answerOrder(paths, { order: 'restart', key: 'k2', state: 'taken', words: null, at: AT })
  expect(takeOrder(paths, order('k2'), only(), AT)).toBe(false)
  expect(findOrders(paths)).toEqual([])
})

it('is done by nobody once it was withdrawn', () => {
  leaveOrder(paths, order())
  const found = only()
  expect(withdrawOrder(paths, 'k1')).toBe(true)
  expect(takeOrder(paths, order(), found, AT)).toBe(false)
  expect(readOrderAnswer(paths, 'k1')).toBeUndefined()
  expect(withdrawOrder(paths, 'k1')).toBe(false)
  // And may be asked for again.
  expect(leaveOrder(paths, order())).toBe(true)
})

it('keeps the last word for a while', () => {
  const done = { order: 'restart', key: 'k1', state: 'done', words: phrase('actions.restartAsked'), at: AT } as const
  answerOrder(paths, { ...done, state: 'taken', words: null })
  answerOrder(paths, done)
  expect(readOrderAnswer(paths, 'k1')).toEqual(done)
  const file = join(paths.data, 'requests', 'answers', 'k1.json')
  utimesSync(file, 1_000, 1_000)
  sweepOrderAnswers(paths, 1_000_000 + 60_000)
  expect(existsSync(file)).toBe(true)
  sweepOrderAnswers(paths, 1_000_000 + 60 * 60_000)
  expect(existsSync(file)).toBe(false)
})

it.each(['../../evil', 'a/b', '', 'x'.repeat(65), 'ü', '.', 'a.json'])('has no answer for the key %j', (key) => {
  expect(readOrderAnswer(paths, key)).toBeUndefined()
  expect(withdrawOrder(paths, key)).toBe(false)
})

it('passes over what is no order, and over what cannot be read', () => {
  const folder = join(paths.data, 'requests', 'orders')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'bad.json'), '{"order":')
  mkdirSync(join(folder, 'folder.json'))
  const found = findOrders(paths)
  expect(found.map(({ value }) => value)).toEqual([undefined, undefined])
  for (const one of found) dropOrder(one)
  expect(findOrders(paths).length).toBe(1)
})

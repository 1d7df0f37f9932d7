/** The purse of recovery: nothing is called that could not be paid, whatever kills, clocks and files do. */
import { appendFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  beginCall,
  callsFile,
  callsLastHour,
  endCall,
  type PaidCall,
  readCalls,
  spentToday,
} from '../../src/recovery/budget.ts'
import { bootId } from '../../src/shared/clock.ts'
import { temporaryHome } from '../repair/support.ts'

const MINUTE = 60_000
const noon = new Date(2026, 10, 20, 12).getTime()
const at = (ms: number) => ({ monoMs: 1_000_000_000 + ms, at: new Date(noon + ms).toISOString() })
let file = ''

beforeEach(() => {
  file = callsFile(temporaryHome())
})

function calls(): readonly PaidCall[] {
  const read = readCalls(file)
  if (!read.ok) throw new Error(read.reason)
  return read.calls
}

it('counts the worst case until the cost is known', () => {
  const id = beginCall(file, 0.05, at(0))
  expect(spentToday(calls(), at(1))).toBe(0.05)
  endCall(file, id, 0.01, at(2))
  beginCall(file, 0.05, at(3))
  expect(spentToday(calls(), at(4))).toBeCloseTo(0.06)
  expect(calls()).toMatchObject([{ id, usd: 0.01, bootId: bootId() }, { usd: 0.05 }])
  expect(statSync(file).mode & 0o777).toBe(0o600)
})

it('passes over lines that a kill cut, and goes on after them', () => {
  beginCall(file, 1, at(0))
  appendFileSync(file, '{"id":"cut","usd":')
  beginCall(file, 2, at(1))
  appendFileSync(file, '\nnull\n[]\n{"id":1,"usd":9}\n{"id":"x","usd":"9"}\n')
  expect(calls().map(({ usd }) => usd)).toEqual([1, 2])
})

describe('the last hour', () => {
  const call = (changes: Partial<PaidCall>): PaidCall => ({ id: 'x', ...at(0), bootId: 'b', usd: 0, ...changes })
  it.each([
    ['a minute ago', call(at(-MINUTE)), 1],
    ['an hour ago', call(at(-60 * MINUTE)), 0],
    ['an hour ago by the wall, a minute by the other clock', call({ ...at(-MINUTE), at: at(-60 * MINUTE).at }), 1],
    ['a minute ago by the wall, of another boot', call({ bootId: 'a', at: at(-MINUTE).at }), 1],
    ['two hours ago, of another boot', call({ bootId: 'a', at: at(-120 * MINUTE).at }), 0],
    ['tomorrow', call({ bootId: 'a', at: at(1_440 * MINUTE).at }), 1],
    ['at no time', call({ bootId: 'a', at: 'when?' }), 1],
  ])('%s', (_, one, expected) => expect(callsLastHour([one], at(0), 'b')).toBe(expected))
})

it('a day begins at the owner’s midnight', () => {
  beginCall(file, 1, at(-13 * 60 * MINUTE))
  beginCall(file, 2, at(-11 * 60 * MINUTE))
  expect(spentToday(calls(), at(0))).toBe(2)
})

it('what is no file is a reason, and nothing is written', () => {
  mkdirSync(file)
  expect(readCalls(file).ok).toBe(false)
  expect(() => beginCall(file, 1, at(0))).toThrow()
})

it('stays short, and forgets nothing that still counts', () => {
  writeFileSync(
    file,
    `${JSON.stringify({ id: 'old', ...at(-5 * 1_440 * MINUTE), bootId: 'b', usd: 1 })}\n`.repeat(5_000),
  )
  beginCall(file, 2, at(0))
  expect(calls().map(({ usd }) => usd)).toEqual([2])
  expect(readFileSync(file).length).toBeLessThan(1_000)
})

it('law: whoever asks before each call never spends more than the day allows, in any order of kills', () => {
  const dayUsd = 0.5
  const history = fc.array(
    fc.record({
      worst: fc.double({ min: 0.001, max: 0.2, noNaN: true }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      isKilled: fc.boolean(),
    }),
    { maxLength: 25 },
  )
  fc.assert(
    fc.property(history, (asked) => {
      const ledger = `${file}.${Math.random()}`
      let truly = 0
      for (const [index, { worst, share, isKilled }] of asked.entries()) {
        const read = readCalls(ledger)
        if (!read.ok || spentToday(read.calls, at(index)) + worst > dayUsd) continue
        const id = beginCall(ledger, worst, at(index))
        truly += worst * share
        if (!isKilled) endCall(ledger, id, worst * share, at(index))
      }
      expect(truly).toBeLessThanOrEqual(dayUsd + 1e-9)
    }),
    { numRuns: 20 },
  )
})

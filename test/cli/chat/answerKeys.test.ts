/** Which key answers a question of the agent. */
import { expect, it } from 'vitest'
import { readAnswer } from '../../../src/cli/chat/answerKeys.ts'

const LONG_AGO = Number.NEGATIVE_INFINITY
const key = (letter: string) => (/^[a-z]$/.test(letter) ? { name: letter, sequence: letter } : { sequence: letter })

it.each([
  ['y', 'yes'],
  ['n', 'no'],
  ['a', 'always'],
  ['ㅛ', 'yes'],
  ['ㅜ', 'no'],
  ['ㅁ', 'always'],
  ['x', undefined],
  ['\r', undefined],
  ['constructor', undefined],
])('%j says %s', (letter, said) => {
  const now = { typedMs: LONG_AGO, nowMs: 1_000 }
  expect(readAnswer(key(letter), { isAsked: true, ...now }).said).toBe(said)
  expect(readAnswer(key(letter), { isAsked: false, ...now }).said).toBeUndefined()
  expect(readAnswer({ ...key(letter), ctrl: true }, { isAsked: true, ...now }).said).toBeUndefined()
})

it('takes no letter of a sentence that is being typed for an answer, and the same letter after a pause', () => {
  const typed = (words: string, isAsked: boolean, from: { typedMs: number; nowMs: number }) => {
    let { typedMs, nowMs } = from
    const said = [...words].flatMap((letter) => {
      nowMs += 200
      const read = readAnswer(key(letter), { isAsked, typedMs, nowMs })
      typedMs = read.typedMs
      return read.said ?? []
    })
    return { said, typedMs, nowMs }
  }
  // The question comes up in the middle of the words.
  const before = typed('wh', false, { typedMs: LONG_AGO, nowMs: 0 })
  const during = typed('y any', true, before)
  expect(during.said).toEqual([])
  expect(typed('y', true, { ...during, nowMs: during.nowMs + 500 }).said).toEqual(['yes'])
})

/** Which model is asked, and who may stand in for it. */
import { expect, it } from 'vitest'
import { FAILURE_KINDS } from '../../src/model/modelCall.ts'
import { isTrouble, mayFallBack, routesOf } from '../../src/model/routing.ts'

const ROUTES = { quick: 'a/small', deep: '', fallbacks: ['b/x', 'a/small', 'c/y'], fallbackWhenRefused: false }

it.each([
  [{}, undefined, 'task default → the model of the settings'],
  [{ task: 'quick' }, 'a/small', 'task quick → a/small'],
  [{ task: 'deep' }, undefined, 'task deep → the model of the settings'],
  [{ task: 'quick', model: 'd/z' }, 'd/z', 'asked for by name'],
] as const)('%j is put to %s', (wish, name, why) => {
  expect(routesOf(wish, ROUTES)[0]).toEqual({ name, why })
})

it('the fallbacks follow in their order, and nobody is asked twice', () => {
  expect(routesOf({ task: 'quick' }, ROUTES).map(({ name }) => name)).toEqual(['a/small', 'b/x', 'c/y'])
  expect(routesOf({}, ROUTES).map(({ name }) => name)).toEqual([undefined, 'b/x', 'a/small', 'c/y'])
})

it('another model stands in for a provider in trouble; for a refusal only that of another provider, where the owner wants it', () => {
  const trouble = ['rate-limited', 'overloaded', 'timeout', 'network']
  const refusals = ['no-key', 'unauthorized', 'refused', 'bad-answer']
  const wanted = { ...ROUTES, fallbackWhenRefused: true }
  const kinds = (isOther: boolean, routes: typeof ROUTES) =>
    FAILURE_KINDS.filter((kind) => mayFallBack(kind, isOther, routes))
  expect(FAILURE_KINDS.filter(isTrouble)).toEqual(trouble)
  expect(kinds(true, ROUTES)).toEqual(trouble)
  expect(kinds(false, wanted)).toEqual(trouble)
  expect(kinds(true, wanted).toSorted()).toEqual([...trouble, ...refusals].toSorted())
})

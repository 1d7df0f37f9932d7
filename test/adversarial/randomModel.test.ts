import { expect, it } from 'vitest'
import { runRandomModel } from './randomModel.ts'

const ANSWERS = 1_000

it('does no net harm with a thousand random answers to faults and to healthy services', async () => {
  const result = await runRandomModel({ count: ANSWERS, seed: Math.floor(Date.now() / 86_400_000) })
  console.info(JSON.stringify({ ...result, harms: result.harms.length }))
  expect(result.harms.slice(0, 20)).toEqual([])
  expect(result.tried).toBe(ANSWERS)
  // Otherwise nothing was put to the test.
  expect(result.done).toBeGreaterThan(ANSWERS / 50)
  expect(result.onHealthy).toBeGreaterThan(ANSWERS / 10)
}, 180_000)

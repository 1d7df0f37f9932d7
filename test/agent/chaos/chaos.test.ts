/**
 * kill -9, again and again, through many runs of ten steps: no run is lost, no unsafe call is begun twice, no keyed effect happens twice.
 * `OTTUGI_CHAOS_RUNS=200` makes it as large as one likes.
 */
import { expect, it } from 'vitest'
import { killUntilDone } from './untilDone.ts'

const RUNS = Number(process.env['OTTUGI_CHAOS_RUNS'] ?? 8)

it(`loses and repeats nothing in ${RUNS} runs`, { timeout: 600_000 }, async () => {
  const { lost, diverged, keyedNotOnce, unsafeWrong, ...counts } = await killUntilDone(RUNS)
  expect({ lost, diverged, keyedNotOnce, unsafeWrong }).toEqual({
    lost: 0,
    diverged: 0,
    keyedNotOnce: 0,
    unsafeWrong: 0,
  })
  console.log(`chaos: ${RUNS} runs, ${JSON.stringify(counts)}`)
})

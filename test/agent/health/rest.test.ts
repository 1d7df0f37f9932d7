/** A heap that a burst has left large is collected when the agent rests, and not more often than that is worth. */
import { expect, it } from 'vitest'
import { createRest } from '../../../src/agent/health/rest.ts'

/** Looks once a second; gives in which seconds it was collected. */
function collections(looks: readonly { readonly bytes: number; readonly busy: number }[], afterBytes = 100): number[] {
  const seen: number[] = []
  let bytes = 0
  let second = 0
  const rest = createRest({
    read: () => bytes,
    collect: () => {
      seen.push(second)
      bytes = afterBytes
    },
  })
  for (const look of looks) {
    if (look.bytes > 0) bytes = look.bytes
    rest(second * 1_000, look.busy)
    second++
  }
  return seen
}

const times = <Look>(count: number, look: Look): Look[] => Array.from({ length: count }, () => look)
const quiet = { bytes: 0, busy: 0.01 }
const atFirst = times(5, { bytes: 100, busy: 0.01 })

it('is collected when everything is loaded, and after a burst, in the third quiet second, once', () => {
  expect(collections([...atFirst, ...times(5, { bytes: 200, busy: 0.9 }), ...times(100, quiet)])).toEqual([2, 12])
})

it('is left alone while the agent works, and in short pauses', () => {
  const talk = [{ bytes: 200, busy: 0.5 }, quiet, quiet]
  expect(collections([...atFirst, ...times(40, talk).flat()])).toEqual([2])
})

it('is left alone where it grew by less than a tenth', () => {
  expect(collections([...atFirst, { bytes: 110, busy: 0.9 }, ...times(100, quiet)])).toEqual([2])
})

it('is collected at most once in ten seconds, and measured by what the last time has left', () => {
  const burst = [{ bytes: 200, busy: 0.9 }, ...times(4, quiet)]
  expect(collections([...atFirst, ...burst, ...burst, ...burst, ...times(60, quiet)])).toEqual([2, 13, 23])
  expect(collections([...atFirst, ...burst, ...times(70, quiet), ...burst], 190)).toEqual([2])
})

import { expect, it } from 'vitest'
import { faultOfEnd } from '../../src/shared/selfEnd.ts'

it.each([
  ['memory-leak: the heap grows', 'memory-leak'],
  ['descriptor-leak: 243 of 256 descriptors are open', 'descriptor-leak'],
  ['out-of-memory: the heap holds 17 of 16 MiB', 'out-of-memory'],
  ['memory-leak', null],
  ['a memory-leak: no', null],
  ['stop', null],
])('%s names %s', (reason, fault) => {
  expect(faultOfEnd(reason)).toBe(fault)
})

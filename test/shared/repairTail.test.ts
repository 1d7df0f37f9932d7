import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { endedRepairs, newestCommittedRepair } from '../../src/shared/repairTail.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ottugi-repairs-'))
  file = join(folder, 'repairs.journal')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const line = (seq: number, step: string, more: object = {}) =>
  JSON.stringify({
    seq,
    step,
    action: 'remove_lock',
    args: {},
    at: 'then',
    monoMs: seq,
    fault: `fault-${seq}`,
    ...more,
  })

it('tells how repairs ended, and only those that did', () => {
  const lines = [
    line(1, 'intent'),
    line(2, 'acted'),
    line(3, 'committed', { note: 'it was old' }),
    line(4, 'undone'),
    line(5, 'failed'),
  ]
  writeFileSync(file, `${lines.join('\n')}\n`)
  expect(endedRepairs(file)).toMatchObject([
    { seq: 3, result: 'it was old', undone: false, isCommitted: true },
    { seq: 4, result: 'undone', undone: true, isCommitted: false },
    { seq: 5, result: 'failed', undone: false, isCommitted: false },
  ])
  expect(endedRepairs(file, 3).map(({ seq }) => seq)).toEqual([4, 5])
  expect(newestCommittedRepair(file)).toEqual({ seq: 3, fault: 'fault-3' })
})

it('passes over what is broken or cut, and takes a missing journal for an empty one', () => {
  expect([endedRepairs(file), newestCommittedRepair(file)]).toEqual([[], null])
  expect(endedRepairs(folder)).toEqual([])
  writeFileSync(file, `no json\nnull\n42\n${line(7, 'committed')}\n${line(8, 'committed').slice(0, 40)}`)
  expect(endedRepairs(file).map(({ seq }) => seq)).toEqual([7])
})

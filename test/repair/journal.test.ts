import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  appendStep,
  type JournalFacts,
  lastRepairs,
  openRepair,
  readJournal,
  verifyJournal,
} from '../../src/repair/journal.ts'
import { temporaryFolder } from './support.ts'

const facts = (repairId: string, step: JournalFacts['step'], note?: string): JournalFacts => ({
  repairId,
  step,
  action: 'make_dir',
  args: { folder: 'logs' },
  by: 'test',
  fault: 'folder-missing',
  ...(note === undefined ? {} : { note }),
})

function written(...steps: JournalFacts[]): string {
  const file = join(temporaryFolder(), 'repairs.journal')
  for (const step of steps) appendStep(file, step)
  return file
}

describe('the chain', () => {
  it('holds over whole repairs, and says how long it is', () => {
    const file = written(facts('a', 'begin'), facts('a', 'snapshot'), facts('a', 'committed', 'made – 만들었다'))
    const verdict = verifyJournal(file)
    expect(verdict).toEqual({ ok: true, head: readJournal(file).at(-1)?.hash, count: 3 })
    expect(readJournal(file).map(({ seq, step }) => [seq, step])).toEqual([
      [1, 'begin'],
      [2, 'snapshot'],
      [3, 'committed'],
    ])
  })

  it('sees every change of a single byte', () => {
    const file = written(facts('a', 'begin'), facts('a', 'acted', 'tab\t and 한글 \u001f'), facts('a', 'committed'))
    const bytes = readFileSync(file)
    const property = fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ flip
      writeFileSync(file, changed)
      return !verifyJournal(file).ok
    })
    fc.assert(property, { numRuns: 3_000 })
  })

  it('sees a line that is missing in the middle', () => {
    const file = written(facts('a', 'begin'), facts('a', 'acted'), facts('a', 'committed'))
    const [first, , third] = readFileSync(file, 'utf8').split('\n')
    writeFileSync(file, `${first}\n${third}\n`)
    expect(verifyJournal(file)).toEqual({ ok: false, brokenAt: 2 })
  })

  it('bears a last line that a kill cut anywhere, keeps it aside, and goes on', () => {
    const file = written(facts('a', 'begin'), facts('a', 'committed'), facts('b', 'begin'))
    const whole = readFileSync(file)
    const lastLine = whole.lastIndexOf(10, whole.length - 2) + 1
    for (let length = lastLine + 1; length < whole.length; length++) {
      writeFileSync(file, whole.subarray(0, length))
      expect(verifyJournal(file)).toMatchObject({ ok: true, count: 2 })
    }
    appendStep(file, facts('c', 'begin'))
    expect(verifyJournal(file)).toMatchObject({ ok: true, count: 3 })
    expect(readFileSync(`${file}.torn`, 'utf8').trim()).toBe(whole.subarray(lastLine, whole.length - 1).toString())
  })

  it('begins anew, beside, where the last line cannot be read', () => {
    const file = written(facts('a', 'begin'))
    appendFileSync(file, 'no line of ours\n')
    expect(verifyJournal(file)).toEqual({ ok: false, brokenAt: 2 })
    appendStep(file, facts('b', 'begin'))
    expect(verifyJournal(file)).toMatchObject({ ok: true, count: 1 })
  })
})

describe('what is open', () => {
  it('is the repair that was begun and not ended', () => {
    const file = written(facts('a', 'begin'), facts('a', 'committed'), facts('b', 'begin'), facts('b', 'snapshot'))
    expect(openRepair(file).map(({ repairId, step }) => [repairId, step])).toEqual([
      ['b', 'begin'],
      ['b', 'snapshot'],
    ])
    appendStep(file, facts('b', 'undone'))
    expect(openRepair(file)).toEqual([])
    expect(lastRepairs(file, '2000-01-01').map(({ repairId, step }) => [repairId, step])).toEqual([
      ['a', 'committed'],
      ['b', 'undone'],
    ])
  })

  it('is nothing in a journal that is missing', () => {
    const file = join(temporaryFolder(), 'none')
    expect([openRepair(file), readJournal(file), verifyJournal(file)]).toEqual([
      [],
      [],
      expect.objectContaining({ ok: true, count: 0 }),
    ])
  })
})

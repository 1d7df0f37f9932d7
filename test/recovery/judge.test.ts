/** Who may do what: schema, policy, probes and autonomy, for every action of the table. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Autonomy, isWord, judge } from '../../src/recovery/judge.ts'
import { recentTries } from '../../src/recovery/recentTries.ts'
import { ACTIONS } from '../../src/repair/actions/table.ts'
import type { JournalEntry, RepairStep } from '../../src/repair/journal.ts'
import { effectiveRisk } from '../../src/repair/policy.ts'
import { factsOf } from './support.ts'

const context = {
  actions: ACTIONS,
  autonomy: 'safe' as Autonomy,
  facts: factsOf(),
  isHealthy: false,
  corroborates: () => ({ ok: true as const }),
  triedLately: () => undefined,
}
const verdictOf = (action: string, args: unknown, changes: Partial<typeof context> = {}) =>
  judge({ action, args }, { ...context, ...changes }).verdict

describe.each([...ACTIONS.values()])('$id', (action) => {
  const [args = {}] = action.examples.allowed

  it('is allowed up to the risk that the owner gave away, and asked about beyond', () => {
    const risk = effectiveRisk(action)
    const expected = (limit: number) => (isWord(action.id) || risk <= limit ? 'allowed' : 'ask')
    const all = (['none', 'safe', 'full'] as const).map((autonomy) => verdictOf(action.id, args, { autonomy }))
    expect(all).toEqual(risk > 2 ? ['refused', 'refused', 'refused'] : [expected(-1), expected(1), expected(2)])
  })

  it('is refused with every argument that it must refuse, without a probe, and when it was tried lately', () => {
    for (const { args: bad } of action.examples.refused)
      expect(verdictOf(action.id, bad, { autonomy: 'full' })).toBe('refused')
    const corroborates = () => ({ ok: false as const, reason: 'no' })
    expect(judge({ action: action.id, args }, { ...context, corroborates })).toEqual({
      verdict: 'refused',
      reason: 'no',
    })
    const again = judge({ action: action.id, args }, { ...context, autonomy: 'full', triedLately: () => 'again' })
    expect(again.verdict).toBe(isWord(action.id) ? 'allowed' : 'refused')
    if (!isWord(action.id)) expect(verdictOf(action.id, args, { isHealthy: true, autonomy: 'full' })).toBe('refused')
  })
})

it('never throws, whatever is named', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.constantFrom(...ACTIONS.keys())), fc.anything(), (action, args) => {
      expect(['allowed', 'ask', 'refused']).toContain(verdictOf(action, args))
    }),
  )
})

describe('tried lately', () => {
  const now = { monoMs: 10_000_000, at: '2026-11-20T12:00:00.000Z' }
  const entry = (step: RepairStep, changes: Partial<JournalEntry> = {}): JournalEntry => ({
    ...{
      repairId: 'r1',
      step,
      action: 'make_dir',
      args: { folder: 'logs' },
      by: 'model',
      fault: 'f',
      seq: 1,
      prev: '',
      hash: '',
    },
    ...{ at: now.at, monoMs: now.monoMs - 1_000, bootId: 'b' },
    ...changes,
  })
  const tried = (entries: JournalEntry[], healed: string[] = []) =>
    recentTries({ entries, fault: 'f', healed: new Set(healed), now, bootId: 'b' })('make_dir', { folder: 'logs' }) !==
    undefined

  it.each([
    ['nothing', [], false],
    ['undone after an act', [entry('begin'), entry('snapshot'), entry('undoing'), entry('undone')], true],
    ['refused by its own probe', [entry('begin'), entry('undone')], false],
    ['failed for good', [entry('begin'), entry('failed')], true],
    ['held, and asked again', [entry('snapshot'), entry('committed')], true],
    ['held, by the guardian', [entry('committed', { by: 'guardian' })], false],
    ['undone, by the guardian', [entry('snapshot', { by: 'guardian' }), entry('undone', { by: 'guardian' })], true],
    ['another fault', [entry('failed', { fault: 'g' })], false],
    ['another argument', [entry('failed', { args: { folder: 'tools' } })], false],
    ['eleven minutes ago', [entry('failed', { monoMs: now.monoMs - 660_000 })], false],
    ['nine minutes ago', [entry('failed', { monoMs: now.monoMs - 540_000 })], true],
    [
      'before a reboot, a minute ago',
      [entry('failed', { bootId: 'a', monoMs: 1, at: '2026-11-20T11:59:00.000Z' })],
      true,
    ],
    [
      'before a reboot, an hour ago',
      [entry('failed', { bootId: 'a', monoMs: 1, at: '2026-11-20T11:00:00.000Z' })],
      false,
    ],
    [
      'before a reboot, tomorrow by a clock that went back',
      [entry('failed', { bootId: 'a', at: '2026-11-21T12:00:00.000Z' })],
      true,
    ],
  ] as const)('%s', (_, entries, expected) => {
    expect(tried([...entries])).toBe(expected)
  })

  it('what healed an incident is no failed try', () => {
    expect(tried([entry('snapshot'), entry('committed')], ['r1'])).toBe(false)
  })
})

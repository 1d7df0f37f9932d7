/** Questions, answers, uses: one process at a time. */
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { digestOf, isExpired, type Question } from '../../../src/shared/approvals/approval.ts'
import { answer, ask, expire, find, list, use } from '../../../src/shared/approvals/approvals.ts'
import { bootId } from '../../../src/shared/clock.ts'
import { askedFor, momentAt } from './steps.ts'

let folder = ''
const digest = digestOf(askedFor(1).deed)
const me = { channel: 'terminal', who: 'me' } as const
const yes = { id: 'A1', verdict: 'approved', by: me } as const

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'ottugi-approvals-')), 'approvals')
})
afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }))

function tamper(name: string, change: (value: Record<string, unknown>) => unknown): void {
  const path = join(folder, name)
  const value = change(JSON.parse(readFileSync(path, 'utf8')))
  chmodSync(path, 0o600)
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value))
}

it('goes from question to answer to one use', () => {
  expect(ask(folder, askedFor(1), momentAt(0))).toEqual({ ok: true, id: 'A1', isNew: true })
  expect(ask(folder, askedFor(1), momentAt(1))).toEqual({ ok: true, id: 'A1', isNew: false })
  expect(use(folder, 'A1', digest, momentAt(1))).toEqual({ ok: false, why: 'waiting', reason: 'A1 is waiting' })
  expect(answer(folder, { ...yes, id: 'a1' }, momentAt(2))).toEqual({ ok: true })
  expect(answer(folder, { ...yes, verdict: 'denied' }, momentAt(2))).toEqual({
    ok: false,
    why: 'approved',
    reason: 'A1 is approved',
  })
  expect(use(folder, 'A1', digest, momentAt(3))).toEqual({ ok: true })
  expect(use(folder, 'A1', digest, momentAt(3))).toEqual({ ok: false, why: 'used', reason: 'A1 is used' })
  expect(list(folder, momentAt(4))).toEqual([
    {
      question: {
        id: 'A1',
        ...askedFor(1).deed,
        digest,
        plan: 'let the heap grow to 1 MiB',
        reason: 'because',
        by: 'model',
        askedAt: momentAt(0).at,
        askedMonoMs: momentAt(0).monoMs,
        bootId: bootId(),
        expiresAt: momentAt(1_000).at,
        expiresMonoMs: momentAt(1_000).monoMs,
      },
      answer: { verdict: 'approved', digest, by: me, at: momentAt(2).at },
      end: { outcome: 'used', digest, at: momentAt(3).at },
      state: 'used',
    },
  ])
  expect(readdirSync(folder).toSorted()).toEqual(['A1.answer.json', 'A1.end.json', 'A1.json'])
  expect(ask(folder, askedFor(1), momentAt(5))).toEqual({ ok: true, id: 'A2', isNew: true })
})

it('a no is a no', () => {
  ask(folder, askedFor(1), momentAt(0))
  expect(answer(folder, { ...yes, verdict: 'denied' }, momentAt(1))).toEqual({ ok: true })
  expect(use(folder, 'A1', digest, momentAt(1))).toMatchObject({ ok: false, why: 'denied' })
})

it.each([
  ['other arguments', { args: { mb: 2 } }],
  ['another action', { action: 'restore_database' }],
  ['another text of the action', { sourceHash: 'e'.repeat(64) }],
  ['another incident', { binding: 'I8' }],
  ['another asker', { kind: 'agent' as const }],
])('a yes is not one to %s', (_, change) => {
  ask(folder, askedFor(1), momentAt(0))
  answer(folder, yes, momentAt(1))
  expect(use(folder, 'A1', digestOf({ ...askedFor(1).deed, ...change }), momentAt(2))).toMatchObject({
    ok: false,
    why: 'changed',
  })
  expect(use(folder, 'A1', digest, momentAt(2))).toEqual({ ok: true })
})

it.each([
  [
    'its arguments were changed after the yes',
    'A1.json',
    (value: Record<string, unknown>) => ({ ...value, args: { mb: 4_000 } }),
  ],
  [
    'its arguments and digest were changed after the yes',
    'A1.json',
    (value: Record<string, unknown>) => {
      const question = { ...value, args: { mb: 4_000 } } as unknown as Question
      return { ...question, digest: digestOf(question) }
    },
  ],
  ['the answer is half a file', 'A1.answer.json', () => '{"verdict":"appro'],
  ['the answer is a word', 'A1.answer.json', () => '"approved"'],
  ['the question is empty', 'A1.json', () => ''],
  ['the question calls itself another', 'A1.json', (value: Record<string, unknown>) => ({ ...value, id: 'A2' })],
])('allows nothing where %s', (_, name, change) => {
  ask(folder, askedFor(1), momentAt(0))
  answer(folder, yes, momentAt(1))
  tamper(name, change)
  const other = digestOf({ ...askedFor(1).deed, args: { mb: 4_000 } })
  for (const one of [digest, other]) expect(use(folder, 'A1', one, momentAt(2)).ok).toBe(false)
  expect(readdirSync(folder)).not.toContain('A1.end.json')
})

it('a file in the place of the use counts as a use', () => {
  ask(folder, askedFor(1), momentAt(0))
  answer(folder, yes, momentAt(1))
  symlinkSync('/nowhere', join(folder, 'A1.end.json'))
  expect(use(folder, 'A1', digest, momentAt(2))).toMatchObject({ ok: false, why: 'damaged' })
})

describe('its time', () => {
  it('ends it, answered or not, and a clock that goes back revives nothing', () => {
    ask(folder, askedFor(1), momentAt(0))
    ask(folder, askedFor(2), momentAt(0))
    answer(folder, yes, momentAt(999))
    expect(use(folder, 'A1', digest, momentAt(1_000))).toMatchObject({ ok: false, why: 'expired' })
    expect(answer(folder, { ...yes, id: 'A2' }, momentAt(1_000))).toMatchObject({ ok: false, why: 'expired' })
    expect(expire(folder, momentAt(1_000))).toEqual(['A1', 'A2'])
    expect(expire(folder, momentAt(1_000))).toEqual([])
    expect(use(folder, 'A1', digest, momentAt(2))).toMatchObject({ ok: false, why: 'expired' })
    expect(answer(folder, { ...yes, id: 'A2' }, momentAt(2))).toMatchObject({ ok: false, why: 'expired' })
  })

  it.each([
    ['before it', [999, 999], true, false],
    ['at it', [1_000, 1_000], true, true],
    ['the wall clock went back', [2_000, -3_600_000], true, true],
    ['the wall clock went ahead', [10, 3_600_000], true, true],
    ['a reboot, in time', [-900_000, 500], false, false],
    ['a reboot, too late', [-900_000, 1_000], false, true],
    ['a reboot with a clock before the question', [-900_000, -1], false, true],
  ] as const)('%s', (_, [monoMs, wallMs], isSameBoot, expected) => {
    ask(folder, askedFor(1), momentAt(0))
    const question = find(folder, 'A1', momentAt(0))?.question as Question
    const now = { monoMs: momentAt(monoMs).monoMs, at: momentAt(wallMs).at }
    expect(isExpired(question, now, isSameBoot ? bootId() : 'another')).toBe(expected)
  })
})

it.each(['A0', 'A01', '../A1', 'A1.json', '', 'A1\n', 'A9999999999', '__proto__'])('there is no question %j', (id) => {
  ask(folder, askedFor(1), momentAt(0))
  expect(answer(folder, { ...yes, id }, momentAt(0))).toMatchObject({ ok: false, why: 'unknown' })
  expect(use(folder, id, digest, momentAt(0))).toMatchObject({ ok: false, why: 'unknown' })
})

it('asks nothing that nobody could judge, and nothing in a loop', () => {
  const long = { ...askedFor(1), deed: { ...askedFor(1).deed, args: { mb: 'x'.repeat(3_000) } } }
  expect(ask(folder, long, momentAt(0))).toMatchObject({ ok: false })
  const asked = Array.from({ length: 60 }, (_, index) => ask(folder, askedFor(index), momentAt(0)))
  expect(asked.filter(({ ok }) => ok).length).toBe(50)
})

it('keeps the newest, and never gives a number out twice', () => {
  for (let count = 0; count < 210; count++) {
    ask(folder, askedFor(1), momentAt(count * 10))
    answer(folder, { ...yes, id: `A${count + 1}`, verdict: 'denied' }, momentAt(count * 10))
  }
  const ids = list(folder, momentAt(0)).map(({ question }) => question.id)
  expect([ids.length, ids.at(-1)]).toEqual([201, 'A210'])
})

it('writes through no link, and into nothing that is no folder', () => {
  const elsewhere = join(folder, '..', 'elsewhere')
  mkdirSync(elsewhere)
  symlinkSync(elsewhere, folder)
  expect(ask(folder, askedFor(1), momentAt(0))).toMatchObject({ ok: false })
  expect(readdirSync(elsewhere)).toEqual([])
})

it('clears away what a killed process left half written', () => {
  ask(folder, askedFor(1), momentAt(0))
  writeFileSync(join(folder, '.A1.end.json.4194000.0badcafe.tmp'), '{')
  expire(folder, momentAt(0))
  expect(readdirSync(folder)).toEqual(['A1.json'])
})

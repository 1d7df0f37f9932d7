/** Laws of the approvals over random histories of several real processes at once. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { digestOf } from '../../../src/shared/approvals/approval.ts'
import { type ApprovalResult, ask, list } from '../../../src/shared/approvals/approvals.ts'
import { askedFor, momentAt, type Step } from './steps.ts'

const PROCESSES = 4
const QUESTIONS = 2
const LASTS_MS = 1_000
const children: ChildProcess[] = []
let root = ''

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'ottugi-approvals-'))
  for (let count = 0; count < PROCESSES; count++) {
    const child = fork(join(import.meta.dirname, 'approvalProcess.ts'), {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    children.push(child)
    await once(child, 'message')
  }
})
afterAll(async () => {
  for (const child of children) {
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
  rmSync(root, { recursive: true, force: true })
})

async function together(folder: string, histories: readonly (readonly Step[])[]): Promise<unknown[][]> {
  return Promise.all(
    children.map(async (child, index) => {
      const answered = once(child, 'message')
      child.send({ folder, steps: histories[index] ?? [] })
      const [results] = await answered
      return results as unknown[]
    }),
  )
}

const digests = Array.from({ length: QUESTIONS }, (_, index) => digestOf(askedFor(index + 1).deed))
const moment = fc.integer({ min: 0, max: 2 * LASTS_MS }).map(momentAt)
const number = fc.integer({ min: 1, max: QUESTIONS })
const id = number.map((one) => `A${one}`)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('answer' as const),
      id,
      verdict: fc.constantFrom('approved' as const, 'approved' as const, 'denied' as const),
      now: moment,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(number, moment, fc.boolean()).map(([one, now, isOther]) => ({
      do: 'use' as const,
      id: `A${one}`,
      digest: (isOther ? 'other' : digests[one - 1]) ?? '',
      now,
    })),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('expire' as const), now: moment }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('ask' as const),
      asked: number.map((one) => askedFor(one, LASTS_MS)),
      now: fc.constant(momentAt(0)),
    }),
  },
)
const histories = fc.array(fc.array(step, { maxLength: 6 }), { minLength: PROCESSES, maxLength: PROCESSES })

const isOk = (result: unknown) => (result as ApprovalResult).ok === true

it('lets one of several processes use a yes, once', async () => {
  const folder = mkdtempSync(join(root, 'f-'))
  ask(folder, askedFor(1, LASTS_MS), momentAt(0))
  const use = { do: 'use', id: 'A1', digest: digests[0] ?? '', now: momentAt(2) } as const
  const [answered] = await together(folder, [[{ do: 'answer', id: 'A1', verdict: 'approved', now: momentAt(1) }]])
  const results = await together(
    folder,
    children.map(() => [use, use]),
  )
  expect(answered?.map(isOk)).toEqual([true])
  expect(results.flat().filter(isOk).length).toBe(1)
})

it('one answer, at most one use, never after a no, its time, or a change, whoever races whom', async () => {
  await fc.assert(
    fc.asyncProperty(histories, async (steps) => {
      const folder = mkdtempSync(join(root, 'f-'))
      for (let one = 1; one <= QUESTIONS; one++) ask(folder, askedFor(one, LASTS_MS), momentAt(0))
      const results = await together(folder, steps)
      const done = steps.flatMap((history, process) =>
        history.map((one, index) => ({ step: one, result: results[process]?.[index] })),
      )
      for (const { question, answer, end } of list(folder, momentAt(0)).slice(0, QUESTIONS)) {
        const mine = done.filter(({ step: one }) => 'id' in one && one.id === question.id)
        const answered = mine.filter(({ step: one, result }) => one.do === 'answer' && isOk(result))
        const used = mine.filter(({ step: one, result }) => one.do === 'use' && isOk(result))
        expect(answered.length).toBeLessThanOrEqual(1)
        expect(used.length).toBeLessThanOrEqual(1)
        expect(used.length === 1).toBe(end?.outcome === 'used')
        for (const { step: one } of used) {
          expect(answer?.verdict).toBe('approved')
          expect(one).toMatchObject({ digest: question.digest })
          expect(one.now.monoMs).toBeLessThan(question.expiresMonoMs)
        }
      }
      expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([])
    }),
    { numRuns: 120 },
  )
})

it('gives every question a number of its own', async () => {
  const folder = mkdtempSync(join(root, 'f-'))
  const asks = (process: number) =>
    Array.from(
      { length: 10 },
      (_, index): Step => ({ do: 'ask', asked: askedFor(1_000 + process * 10 + index), now: momentAt(0) }),
    )
  const results = await together(
    folder,
    children.map((_, process) => asks(process)),
  )
  const ids = results.flat().map((result) => (result as { id: string }).id)
  expect(ids.toSorted((a, b) => Number(a.slice(1)) - Number(b.slice(1)))).toEqual(
    Array.from({ length: 40 }, (_, index) => `A${index + 1}`),
  )
})

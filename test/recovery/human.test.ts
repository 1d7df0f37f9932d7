/** What a person hears when recovery ends: one next step, in their language, with nothing of a model's or a log's prose in it. */
import { describe, expect, it } from 'vitest'
import { FAILURE_KINDS } from '../../src/model/modelCall.ts'
import { humanText } from '../../src/recovery/human.ts'
import type { Ending } from '../../src/recovery/ports.ts'

const STORIES = [
  ...FAILURE_KINDS,
  'calls',
  'ledger',
  'off',
  'settings',
  'no-choice',
  'chose-none',
  'in-vain',
  'unasked',
] as const
const home = '/srv/my home'
const say = (ending: Ending, language: 'en' | 'ko' = 'en') => humanText(ending, 'crash-loop', { language, home })

it('nobody is needed where it was done, or where a hold runs', () => {
  expect([say({ how: 'done' }), say({ how: 'held', untilMonoMs: 1 })]).toEqual([null, null])
})

it('a question comes with the command that answers it', () => {
  const ending: Ending = { how: 'waiting', approval: 'A7', plan: 'let the heap grow\n\u001b[2J' }
  expect(say(ending)).toMatch(
    /^Ottugi asks before it does this: let the heap grow\\u\{a\}\\u\{1b\}\[2J\. To allow it, once: .*ottugi approvals approve A7 --home '\/srv\/my home'$/,
  )
  expect(say(ending, 'ko')).toContain('한 번 허용하려면')
})

describe.each<Ending>([
  { how: 'alert', rule: 'r' },
  { how: 'busy' },
  { how: 'broken', reason: 'x' },
  { how: 'well' },
  { how: 'late' },
  ...STORIES.map((model) => ({ how: 'exhausted' as const, model })),
])('%o', (ending) => {
  it('is one short paragraph in each language, with nothing left to fill in', () => {
    const [english, korean] = [say(ending) ?? '', say(ending, 'ko') ?? '']
    expect(korean).toMatch(/[가-힣]/)
    for (const text of [english, korean]) {
      expect(text).not.toMatch(/[{}\n]/)
      expect(text.length).toBeLessThan(500)
      if (ending.how !== 'broken') expect(text).toMatch(/ottugi (doctor|status) --home '\/srv\/my home'/)
    }
  })
})

/** What a person reads: nothing hides in it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, find } from '../../../src/shared/approvals/approvals.ts'
import { renderApproval } from '../../../src/shared/approvals/render.ts'
import { shortVisible, visibleText } from '../../../src/shared/visibleText.ts'
import { askedFor, momentAt } from './steps.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ottugi-approvals-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('says everything in a few lines, in both languages', () => {
  ask(folder, askedFor(1), momentAt(0))
  const approval = find(folder, 'A1', momentAt(0))
  if (!approval) throw new Error('nothing was asked')
  expect(renderApproval(approval, 'en')).toEqual([
    'A1: waits for you',
    '  would do: let the heap grow to 1 MiB',
    '  action: set_heap_limit {"mb":1}',
    '  proposed by: model, for I7; its reason: because',
    '  asked 2026-11-20T00:00:00.000Z, open until 2026-11-20T00:00:01.000Z',
    `  digest: ${approval.question.digest.slice(0, 16)}`,
  ])
  expect(renderApproval(approval, 'ko')[0]).toBe('A1: 답변 대기 중')
})

describe('unseen characters', () => {
  it.each([
    ['a\u001b[2Jb', 'a\\u{1b}[2Jb'],
    ['a\nb\tc', 'a\\u{a}b\\u{9}c'],
    ['pay \u202egnp.exe', 'pay \\u{202e}gnp.exe'],
    ['zero\u200bwidth\ufeff\u2060', 'zero\\u{200b}width\\u{feff}\\u{2060}'],
    ['\u3164\u115f\uffa0', '\\u{3164}\\u{115f}\\u{ffa0}'],
    ['tag\u{e0041}', 'tag\\u{e0041}'],
    ['lone\ud800', 'lone\\u{d800}'],
    ['no\u00a0break\u2003', 'no\\u{a0}break\\u{2003}'],
    ['a\u034fb\ufe0f', 'a\\u{34f}b\\u{fe0f}'],
    ['오뚝이는 일어납니다. é 時', '오뚝이는 일어납니다. é 時'],
  ])('%j', (given, shown) => expect(visibleText(given)).toBe(shown))

  it('none is left in any line, and no line is added or endless', () => {
    let count = 0
    const odd = fc.string({
      unit: fc.oneof(
        fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
        fc.constantFrom('\u202e', '\n', '\u200b', '{', '}'),
      ),
      maxLength: 800,
    })
    fc.assert(
      fc.property(odd, odd, odd, (plan, reason, value) => {
        const deed = { ...askedFor(1).deed, args: { run: value, count: count++ }, binding: value }
        const asked = ask(folder, { ...askedFor(1), deed, plan, reason, by: value }, momentAt(count * 2_000))
        if (!asked.ok) return
        const approval = find(folder, asked.id, momentAt(count * 2_000))
        const lines = approval ? renderApproval(approval, 'en') : []
        expect(lines.length).toBe(6)
        for (const line of lines) {
          expect(line.length).toBeLessThan(8_000)
          expect(line).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('what is cut is counted', () => {
    expect(shortVisible('x'.repeat(10), 4)).toBe('xxxx… (+6)')
    expect(shortVisible('x', 4)).toBe('x')
  })
})

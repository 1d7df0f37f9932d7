import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lineDiff } from '../../src/shared/lineDiff.ts'

/** Applies unified hunks: the proof that a diff tells the whole difference. */
function apply(before: string, diff: string): string {
  const lines = before === '' ? [] : before.split(/(?<=\n)/)
  const result: string[] = []
  let position = 0
  for (const hunk of diff.split(/^(?=@@ )/m).filter(Boolean)) {
    const [head = '', ...body] = hunk.replace(/\n$/, '').split('\n')
    const [, start = '0', length = '0'] = /-(\d+),(\d+)/.exec(head) ?? []
    const first = length === '0' ? Number(start) : Number(start) - 1
    result.push(...lines.slice(position, first))
    position = first + Number(length)
    for (const [index, line] of body.entries()) {
      const ending = body[index + 1]?.startsWith('\\') ? '' : '\n'
      if (line.startsWith(' ') || line.startsWith('+')) result.push(line.slice(1) + ending)
    }
  }
  return [...result, ...lines.slice(position)].join('')
}

describe('a difference of texts', () => {
  it('shows changed lines with what is around them', () => {
    const before = 'a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\n'
    expect(lineDiff(before, before.replace('b', 'B').replace('k\n', ''))).toBe(
      '@@ -1,5 +1,5 @@\n a\n-b\n+B\n c\n d\n e\n@@ -8,5 +8,4 @@\n h\n i\n j\n-k\n l',
    )
  })

  it('is empty for equal texts, and tells a missing line break', () => {
    expect(lineDiff('a\n', 'a\n')).toBe('')
    expect(lineDiff('a\n', 'a')).toBe('@@ -1,1 +1,1 @@\n-a\n+a\n\\ No newline at end of file')
  })

  it('leads from the one text to the other, always', () => {
    const text = fc.array(fc.constantFrom('a\n', 'b\n', 'c\n', '\n', 'd\n', 'e')).map((lines) => lines.join(''))
    fc.assert(
      fc.property(text, text, (before, after) => {
        expect(apply(before, lineDiff(before, after))).toBe(after)
      }),
      { numRuns: 500 },
    )
  })

  it('stays quick for large texts', () => {
    const many = (word: string) => Array.from({ length: 5_000 }, (_, index) => `${word}${index}\n`).join('')
    expect(lineDiff(many('a'), many('b')).split('\n')).toHaveLength(10_001)
  })
})

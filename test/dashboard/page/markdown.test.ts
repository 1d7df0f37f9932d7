/** Markdown of the page: what it knows, and that no text makes it throw, lose words or take long. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Inline, readInline } from '../../../dashboard/web/src/design/readInline.ts'
import { type Block, readMarkdown } from '../../../dashboard/web/src/design/readMarkdown.ts'

const text = (words: string) => ({ kind: 'text', text: words })

/** All words of it, without its signs. */
function wordsOf(blocks: readonly Block[]): string {
  const ofInline = (part: Inline): string =>
    'text' in part ? part.text : 'parts' in part ? part.parts.map(ofInline).join('') : '\n'
  const ofBlock = (block: Block): string => {
    if ('parts' in block) return block.parts.map(ofInline).join('')
    if (block.kind === 'code') return block.text
    if (block.kind === 'quote') return wordsOf(block.blocks)
    if (block.kind === 'list') return block.items.map((item) => wordsOf(item.blocks)).join(' ')
    if (block.kind === 'table') return [block.header, ...block.rows].flat(2).map(ofInline).join(' ')
    return ''
  }
  return blocks.map(ofBlock).join('\n')
}

describe('a line', () => {
  it.each<[string, readonly unknown[]]>([
    ['plain words', [text('plain words')]],
    ['a **b** c', [text('a '), { kind: 'strong', parts: [text('b')] }, text(' c')]],
    ['*a* and _b_', [{ kind: 'em', parts: [text('a')] }, text(' and '), { kind: 'em', parts: [text('b')] }]],
    ['***a***', [{ kind: 'strong', parts: [{ kind: 'em', parts: [text('a')] }] }]],
    ['~~a~~', [{ kind: 'del', parts: [text('a')] }]],
    ['a_name_like_this', [text('a_name_like_this')]],
    ['2 * 3 * 4', [text('2 * 3 * 4')]],
    ['`a *b*` ``c`d``', [{ kind: 'code', text: 'a *b*' }, text(' '), { kind: 'code', text: 'c`d' }]],
    ['\\*a\\*', [text('*a*')]],
    ['one\ntwo', [text('one two')]],
    ['one  \ntwo', [text('one  '), { kind: 'break' }, text('two')]],
    ['<b>x</b>', [text('<b>x</b>')]],
    ['**open', [text('**open')]],
    ['가**나**다', [text('가'), { kind: 'strong', parts: [text('나')] }, text('다')]],
  ])('%s', (line, parts) => {
    expect(readInline(line)).toEqual(parts)
  })

  it.each([
    ['[a](https://x.test/y)', 'https://x.test/y', 'a'],
    ['![a](https://x.test/y.png "title")', 'https://x.test/y.png', 'a'],
    ['[a](javascript:alert)', 'javascript:alert', 'a'],
    ['https://x.test/y?z=1.', 'https://x.test/y?z=1', 'https://x.test/y?z=1'],
  ])('knows the link %s', (line, href, words) => {
    expect(readInline(line)[0]).toMatchObject({ kind: 'link', href, parts: [text(words)] })
  })
})

describe('a text', () => {
  it('has headings, paragraphs, rules, quotes and code', () => {
    const source = '# A #\n\none\ntwo\n\n---\n> q\n> r\n\n```ts\nconst a = "*"\n\n# no\n```\nend'
    expect(readMarkdown(source)).toEqual([
      { kind: 'heading', depth: 1, parts: [text('A')] },
      { kind: 'paragraph', parts: [text('one two')] },
      { kind: 'rule' },
      { kind: 'quote', blocks: [{ kind: 'paragraph', parts: [text('q r')] }] },
      { kind: 'code', text: 'const a = "*"\n\n# no' },
      { kind: 'paragraph', parts: [text('end')] },
    ])
  })

  it('has lists in lists, numbers and tasks', () => {
    const item = (words: string, isChecked: boolean | null = null, ...more: unknown[]) => ({
      isChecked,
      blocks: [{ kind: 'paragraph', parts: [text(words)] }, ...more],
    })
    expect(readMarkdown('- a\n  goes on\n  - b\n\n- [x] c\n- [ ] d\n\n3. e\n4. f')).toEqual([
      {
        kind: 'list',
        start: null,
        items: [
          item('a goes on', null, { kind: 'list', start: null, items: [item('b')] }),
          item('c', true),
          item('d', false),
        ],
      },
      { kind: 'list', start: 3, items: [item('e'), item('f')] },
    ])
  })

  it('has tables, with as many cells a row as the head', () => {
    expect(readMarkdown('| a | b |\n|---|:-:|\n| 1 \\| 2 |\n| 3 | 4 | 5 |')).toEqual([
      {
        kind: 'table',
        header: [[text('a')], [text('b')]],
        rows: [
          [[text('1 | 2')], []],
          [[text('3')], [text('4')]],
        ],
      },
    ])
  })

  it('takes a fence that is not closed yet for code', () => {
    expect(readMarkdown('a\n```\nb')).toEqual([
      { kind: 'paragraph', parts: [text('a')] },
      { kind: 'code', text: 'b' },
    ])
  })

  it('never throws, and loses no letter of any text', () => {
    const piece = fc.constantFrom(
      ...'# ## - * + 1. > ` ``` ~~~ ** * _ __ ~~ [ ] ( ) ![ | |-|-| --- \\ a b 가 https://x.test \n \n\n'.split(' '),
      ' ',
      '  ',
      '\n',
      '<script>',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const source = pieces.join('')
        const letters = (words: string) => words.replace(/https:\/\/x\.test/g, '').match(/[ab가]/g)?.length ?? 0
        const isInLink = /\]\(|```|~~~/.test(source)
        const read = wordsOf(readMarkdown(source))
        if (!isInLink) expect(letters(read)).toBe(letters(source))
      }),
      { numRuns: 2_000 },
    )
  })

  it.each(['*', '_', '`', '[', '> ', '- ', '|', '**', '#', '\\', '![]('])('reads 100,000 times %s', (piece) => {
    expect(readMarkdown(piece.repeat(100_000 / piece.length)).length).toBeGreaterThan(0)
  })
})

/** Markdown on a terminal: styled when a line is whole, the same text however it is cut into pieces, and never a word of control from outside. */
import { stripVTControlCharacters } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createMarkdownPrinter } from '../../../src/cli/chat/markdownLines.ts'

/** What a terminal of that width shows in the end: a small screen that knows the moves we make. */
function shown(pieces: readonly string[], columns = 80): string[] {
  let output = ''
  const printer = createMarkdownPrinter({
    write: (text) => (output += text),
    columns: () => columns,
    rows: () => 1_000,
    styled: true,
  })
  for (const piece of pieces) printer.push(piece)
  printer.pause()
  const rows: string[] = ['']
  const put = (character: string) => {
    if ((rows.at(-1) ?? '').length >= columns) rows.push('')
    rows[rows.length - 1] += character
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the moves of the printer
  for (const [token] of output.matchAll(/\r(?:\u001b\[(\d+)A)?\u001b\[J|\u001b\[[0-9;]*m|\n|[\s\S]/g)) {
    const back = /^\r(?:.*\[(\d+)A)?/.exec(token)
    if (back) rows.splice(rows.length - 1 - Number(back[1] ?? 0), Number.POSITIVE_INFINITY, '')
    else if (token === '\n') rows.push('')
    else if (!token.startsWith('\u001b')) put(token)
  }
  return rows
}

describe('an answer in Markdown', () => {
  it('shows headings, lists, quotes, emphasis, code and links without their marks', () => {
    const text =
      '# Title\n\n- **one** and `two`\n> said *so*\nsee [here](https://example.org/x)\n```js\na **b**\n```\ndone'
    expect(shown([text])).toEqual([
      'Title',
      '',
      '• one and two',
      '│ said so',
      'see here (https://example.org/x)',
      '```js',
      'a **b**',
      '```',
      'done',
      '',
    ])
  })

  it('ends up the same however it is cut, on any width that a line fits or does not fit', () => {
    const text = '# 제목 하나\n\nsome **bold** words that go on for a while, and `code` too\n- item\n```\nx\n```\nlast'
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1 }), (sizes) => {
        const pieces: string[] = []
        for (let at = 0, turn = 0; at < text.length; turn++) {
          const size = sizes[turn % sizes.length] ?? 1
          pieces.push(text.slice(at, at + size))
          at += size
        }
        expect(shown(pieces)).toEqual(shown([text]))
      }),
    )
  })

  it('erases every row that a long line took', () => {
    expect(shown(['**wide** word '.repeat(3), '\nnext'], 10).join('|')).toBe('wide word |wide word |wide word |next|')
  })

  it('goes through as it came where there is no colour, and control characters never act', () => {
    let output = ''
    const printer = createMarkdownPrinter({
      write: (text) => (output += text),
      columns: () => 80,
      rows: () => 24,
      styled: false,
    })
    printer.push('**a**\u001b[2Jb\r')
    printer.pause()
    expect(output).toBe('**a**\\u001b[2Jb\\u000d\n')
    expect(stripVTControlCharacters(output)).toBe(output)
  })
})

/**
 * Markdown on a terminal, while it comes: what is typed is shown at once as it is, and a line that is whole is written once more, styled.
 * Only whole lines are styled, so nothing is ever drawn above the line that is being written.
 */
import { styleText } from 'node:util'
import { Lexer, type Token } from 'marked'
import { rowsOf } from '../columns.ts'
import { safeLines } from '../terminalSafe.ts'

/** Where the text goes, and how wide it may be. `styled` false: the text goes through as it came. */
export type Screen = {
  readonly write: (text: string) => void
  readonly columns: () => number
  readonly rows: () => number
  readonly styled: boolean
}

/** Takes pieces of a text as they come. `pause` finishes the line that is being written, if there is one, so that something else can be printed. */
export type MarkdownPrinter = { readonly push: (piece: string) => void; readonly pause: () => void }

const FENCE = /^\s*(```+|~~~+)/
const HEADING = /^#{1,6}\s+(.*)$/
const BULLET = /^(\s*)[-*+]\s+(.*)$/
const QUOTE = /^>\s?(.*)$/
const RULE = /^\s*([-*_])(\s*\1){2,}\s*$/

/** Builds one for one answer. */
export function createMarkdownPrinter(screen: Screen): MarkdownPrinter {
  let line = ''
  let fence: string | null = null

  const finish = () => {
    const [pretty, next] = screen.styled ? styleLine(line, fence) : [line, null]
    fence = next
    // What has left the screen at its upper edge cannot be written once more.
    const rows = rowsOf(line, screen.columns())
    if (pretty !== line && rows <= screen.rows()) screen.write(`${backBy(rows)}${pretty}`)
    screen.write('\n')
    line = ''
  }
  return {
    push: (piece) => {
      for (const [index, part] of safeLines(piece).split('\n').entries()) {
        if (index > 0) finish()
        line += part
        if (part !== '') screen.write(part)
      }
    },
    pause: () => {
      if (line !== '') finish()
    },
  }
}

/** From the end of a line that was written over so many rows to its beginning, erased. */
function backBy(rows: number): string {
  return `\r${rows > 1 ? `\u001b[${rows - 1}A` : ''}\u001b[J`
}

/** Styled whatever the standard output is: the screen said that it may be. */
function styled(format: Parameters<typeof styleText>[0], text: string): string {
  return styleText(format, text, { validateStream: false })
}

/** One line with its style, and the fence that is open after it. */
function styleLine(line: string, fence: string | null): [string, string | null] {
  const mark = FENCE.exec(line)?.[1]
  if (fence !== null) {
    const isEnd = mark?.startsWith(fence) === true && line.trim() === mark
    return [styled('dim', line), isEnd ? null : fence]
  }
  if (mark !== undefined) return [styled('dim', line), mark]
  return [styleBlock(line), null]
}

function styleBlock(line: string): string {
  const heading = HEADING.exec(line)
  if (heading) return styled(['bold', 'underline'], inline(heading[1] ?? ''))
  if (RULE.test(line)) return styled('dim', '─'.repeat(20))
  const quote = QUOTE.exec(line)
  if (quote) return `${styled('dim', '│')} ${inline(quote[1] ?? '')}`
  const bullet = BULLET.exec(line)
  return bullet ? `${bullet[1]}• ${inline(bullet[2] ?? '')}` : inline(line)
}

function inline(text: string): string {
  return Lexer.lexInline(text).map(styleToken).join('')
}

function styleToken(token: Token): string {
  const inner = () => ('tokens' in token && token.tokens ? token.tokens.map(styleToken).join('') : textOf(token))
  switch (token.type) {
    case 'strong':
      return styled('bold', inner())
    case 'em':
      return styled('italic', inner())
    case 'del':
      return styled('strikethrough', inner())
    case 'codespan':
      return styled('cyan', textOf(token))
    case 'link':
      return linkText(inner(), 'href' in token ? String(token.href) : '')
    default:
      return token.type === 'text' ? inner() : token.raw
  }
}

/** The address stands beside the words: a link whose words name another address is seen through. */
function linkText(words: string, href: string): string {
  return words === href ? styled('underline', words) : `${styled('underline', words)} (${href})`
}

function textOf(token: Token): string {
  return 'text' in token ? String(token.text) : token.raw
}

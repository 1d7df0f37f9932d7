/**
 * Markdown as a model writes it: headings, paragraphs, lists, quotes, code, tables and rules. HTML is text. A reader of our own, because the usual
 * one is a tenth of all that the page may weigh; what it does not know stays as it was written.
 */
import { type Inline, readInline } from './readInline.ts'

/** A block of a text. */
export type Block =
  | { readonly kind: 'heading'; readonly depth: number; readonly parts: readonly Inline[] }
  | { readonly kind: 'paragraph'; readonly parts: readonly Inline[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'quote'; readonly blocks: readonly Block[] }
  | { readonly kind: 'list'; readonly start: number | null; readonly items: readonly ListItem[] }
  | { readonly kind: 'table'; readonly header: readonly Cell[]; readonly rows: readonly (readonly Cell[])[] }
  | { readonly kind: 'rule' }
/** `isChecked` is null where it is no task. */
export type ListItem = { readonly isChecked: boolean | null; readonly blocks: readonly Block[] }
type Cell = readonly Inline[]

const FENCE = /^ {0,3}(`{3,}|~{3,})/
const HEADING = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/
const RULE = /^ {0,3}([-*_])\s*(?:\1\s*){2,}$/
const QUOTE = /^ {0,3}> ?/
const ITEM = /^( {0,3})([-*+]|\d{1,9}[.)])(\s+|$)/
const TASK = /^\[([ xX])\]\s+/
const TABLE_RULE = /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/
const MOST_DEPTH = 8

type Read = { readonly block: Block; readonly next: number }
type Reader = (lines: readonly string[], at: number, depth: number) => Read | undefined

/** Reads a text. */
export function readMarkdown(text: string): Block[] {
  return readLines(text.replaceAll('\r\n', '\n').split('\n'), 0)
}

function readLines(lines: readonly string[], depth: number): Block[] {
  const blocks: Block[] = []
  for (let at = 0; at < lines.length; ) {
    if (isBlank(lines[at])) {
      at++
      continue
    }
    const read = readBlock(lines, at, depth)
    blocks.push(read.block)
    at = read.next
  }
  return blocks
}

function readBlock(lines: readonly string[], at: number, depth: number): Read {
  for (const reader of READERS) {
    const read = reader(lines, at, depth)
    if (read) return read
  }
  return readParagraph(lines, at, depth)
}

function readCode(lines: readonly string[], at: number): Read | undefined {
  const fence = FENCE.exec(lines[at] ?? '')?.[1]
  if (!fence) return undefined
  let end = at + 1
  while (end < lines.length && !(lines[end] ?? '').trimStart().startsWith(fence)) end++
  // A stream that is still coming has no end yet: all that is there is code.
  return { block: { kind: 'code', text: lines.slice(at + 1, end).join('\n') }, next: end + 1 }
}

function readHeading(lines: readonly string[], at: number): Read | undefined {
  const [, signs, words] = HEADING.exec(lines[at] ?? '') ?? []
  if (!signs) return undefined
  return { block: { kind: 'heading', depth: signs.length, parts: readInline(words ?? '') }, next: at + 1 }
}

function readRule(lines: readonly string[], at: number): Read | undefined {
  return RULE.test(lines[at] ?? '') ? { block: { kind: 'rule' }, next: at + 1 } : undefined
}

function readQuote(lines: readonly string[], at: number, depth: number): Read | undefined {
  if (depth >= MOST_DEPTH || !QUOTE.test(lines[at] ?? '')) return undefined
  let end = at
  while (end < lines.length && QUOTE.test(lines[end] ?? '')) end++
  const inner = lines.slice(at, end).map((line) => line.replace(QUOTE, ''))
  return { block: { kind: 'quote', blocks: readLines(inner, depth + 1) }, next: end }
}

function readList(lines: readonly string[], at: number, depth: number): Read | undefined {
  const [, , sign = ''] = ITEM.exec(lines[at] ?? '') ?? []
  if (!sign || depth >= MOST_DEPTH) return undefined
  const items: ListItem[] = []
  let next = at
  while (next < lines.length) {
    const found = ITEM.exec(lines[next] ?? '')
    if (!found || isOrdered(found[2] ?? '') !== isOrdered(sign)) break
    const end = endOfItem(lines, next, found[0].length)
    items.push(readItem(lines.slice(next, end), found[0].length, depth))
    next = end
    // One empty line may stand between two items.
    if (isBlank(lines[next]) && ITEM.test(lines[next + 1] ?? '')) next++
  }
  return { block: { kind: 'list', start: isOrdered(sign) ? Number.parseInt(sign, 10) : null, items }, next }
}

const isOrdered = (sign: string) => /^\d/.test(sign)

/** An item goes on over what is indented, over lines that begin nothing new, and over empty lines before an indented one. */
function endOfItem(lines: readonly string[], at: number, width: number): number {
  let end = at + 1
  for (; end < lines.length; end++) {
    const line = lines[end] ?? ''
    if (isBlank(line)) {
      if (indentOf(lines[end + 1] ?? '') >= Math.min(width, 2) && !isBlank(lines[end + 1])) continue
      break
    }
    if (indentOf(line) >= Math.min(width, 2)) continue
    if (isBlank(lines[end - 1]) || ITEM.test(line) || beginsBlock(line)) break
  }
  return end
}

function readItem(lines: readonly string[], width: number, depth: number): ListItem {
  const first = (lines[0] ?? '').slice(width)
  const task = TASK.exec(first)
  const rest = lines.slice(1).map((line) => line.slice(Math.min(indentOf(line), width)))
  const words = task ? first.slice(task[0].length) : first
  return { isChecked: task ? task[1] !== ' ' : null, blocks: readLines([words, ...rest], depth + 1) }
}

function readTable(lines: readonly string[], at: number): Read | undefined {
  const [head = '', rule = ''] = lines.slice(at, at + 2)
  if (!head.includes('|') || !rule.includes('-') || !TABLE_RULE.test(rule)) return undefined
  const header = cellsOf(head)
  if (cellsOf(rule).length !== header.length) return undefined
  let end = at + 2
  while (end < lines.length && !isBlank(lines[end]) && (lines[end] ?? '').includes('|')) end++
  const rows = lines.slice(at + 2, end).map((line) => {
    const cells = cellsOf(line)
    return header.map((_, place) => cells[place] ?? [])
  })
  return { block: { kind: 'table', header, rows }, next: end }
}

function cellsOf(line: string): Cell[] {
  const inner = line
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '')
  return inner.split(/(?<!\\)\|/).map((cell) => readInline(cell.trim()))
}

function readParagraph(lines: readonly string[], at: number, depth: number): Read {
  let end = at + 1
  while (end < lines.length && !isBlank(lines[end]) && !(beginsBlock(lines[end] ?? '') && depth < MOST_DEPTH)) end++
  const text = lines
    .slice(at, end)
    .map((line) => line.trimStart())
    .join('\n')
  return { block: { kind: 'paragraph', parts: readInline(text) }, next: end }
}

function beginsBlock(line: string): boolean {
  return [FENCE, HEADING, RULE, QUOTE, ITEM].some((form) => form.test(line))
}

function isBlank(line: string | undefined): boolean {
  return line !== undefined && line.trim() === ''
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length
}

const READERS: readonly Reader[] = [readCode, readHeading, readRule, readQuote, readList, readTable]

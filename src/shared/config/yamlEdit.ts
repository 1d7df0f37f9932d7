/**
 * Changes one value in a YAML text and leaves every other byte as it is, comments included. The text itself is cut, at the places that the
 * parsed document names; where the result does not read back as meant (unusual styles), the document writes itself anew, comments kept.
 */
import { isDeepStrictEqual } from 'node:util'
import {
  type Document,
  isMap,
  isNode,
  isScalar,
  Lexer,
  type Pair,
  parseDocument,
  type Scalar,
  stringify,
  YAMLMap,
} from 'yaml'
import { findPair } from './yamlSettings.ts'

type FoundPair = Pair<unknown, unknown>

/** The text with `value` at the dotted key; groups that are missing are made. The text must be valid YAML with a map (or nothing) in it. */
export function withValue(source: string, key: string, value: unknown): string {
  const document = parse(source)
  const wanted = parse(source)
  wanted.contents ??= wanted.createNode({})
  if (isNothing(wanted.contents)) wanted.contents = emptyMapFor(wanted, wanted.contents)
  fillEmptyGroup(wanted, key)
  wanted.setIn(key.split('.'), value)
  return proven(cutInValue(source, document, key, value), wanted)
}

/** The text without the dotted key; comments that stood inside it stay, and so does its group. */
export function withoutValue(source: string, key: string): string {
  const document = parse(source)
  const path = key.split('.')
  const group = isMap(document.contents) && findGroup(document, path)
  const pair = group && findPair(group, path.at(-1) ?? '')
  if (!pair) return source
  const wanted = parse(source)
  wanted.deleteIn(path)
  return proven(cutOut(source, pair), wanted)
}

function parse(source: string): Document {
  return parseDocument(source, { logLevel: 'silent', keepSourceTokens: false })
}

/** The cut text if it means what the document means, else the document as text. */
function proven(cut: string | undefined, wanted: Document): string {
  if (cut !== undefined) {
    const read = parse(cut)
    if (read.errors.length === 0 && isDeepStrictEqual(meaningOf(read), meaningOf(wanted))) return cut
  }
  return wanted.toString({ lineWidth: 0 })
}

/** A group that lost its last key reads as null, one that never had any as `{}`: both say nothing. */
function meaningOf(document: Document): unknown {
  const values: unknown = document.toJS()
  if (typeof values !== 'object' || values === null) return {}
  const isEmpty = (value: unknown) =>
    value === null || (typeof value === 'object' && Object.keys(value).length === 0 && !Array.isArray(value))
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, isEmpty(value) ? null : value]))
}

/** `setIn` cannot step into `group:` without a value. */
function fillEmptyGroup(document: Document, key: string): void {
  const [group, member] = key.split('.')
  if (member === undefined || !isMap(document.contents)) return
  const pair = findPair(document.contents, group ?? '')
  if (pair && isNothing(pair.value)) pair.value = emptyMapFor(document, pair.value)
}

function isNothing(node: unknown): node is Scalar<null> {
  return isScalar(node) && node.value === null
}

/** A map in the place of nothing, with the comments that stood there. */
function emptyMapFor(document: Document, { comment, commentBefore }: Scalar): YAMLMap {
  const map = new YAMLMap(document.schema)
  return Object.assign(map, { ...(comment && { comment }), ...(commentBefore && { commentBefore }) })
}

function findGroup(document: Document, path: readonly string[]) {
  if (!isMap(document.contents)) return undefined
  if (path.length === 1) return document.contents
  const value = findPair(document.contents, path[0] ?? '')?.value
  return isMap(value) ? value : undefined
}

function cutInValue(source: string, document: Document, key: string, value: unknown): string | undefined {
  const path = key.split('.')
  const name = path.at(-1) ?? ''
  const written = stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trimEnd()
  if (written.includes('\n')) return undefined
  const group = findGroup(document, path)
  const pair = group && findPair(group, name)
  if (pair) return replaceValue(source, pair, written)
  const last = group?.items.at(-1)
  if (last) return insertAfter(source, last, `${name}: ${written}`)
  if (path.length === 1) return append(source, `${name}: ${written}`)
  const empty = isMap(document.contents) ? findPair(document.contents, path[0] ?? '') : undefined
  return empty
    ? insertBelow(source, empty, `  ${name}: ${written}`)
    : append(source, `${path[0]}:\n  ${name}: ${written}`)
}

function replaceValue(source: string, pair: FoundPair, written: string): string | undefined {
  const name = rangeOf(pair.key)
  const value = rangeOf(pair.value)
  if (!name || !value) return undefined
  const colon = source.indexOf(':', name.end) + 1
  const old = source.slice(colon, value.end)
  const comments = commentsIn(old)
  const ending = /\n$/.test(old) ? '\n' : ''
  const lineStart = startOfLine(source, name.start)
  const kept = comments.map((comment) => `${indentAt(source, name.start)}${comment}\n`).join('')
  return `${source.slice(0, lineStart)}${kept}${source.slice(lineStart, colon)} ${written}${ending}${source.slice(value.end)}`
}

function cutOut(source: string, pair: FoundPair): string | undefined {
  const name = rangeOf(pair.key)
  if (!name) return undefined
  const end = endOfLines(source, rangeOf(pair.value)?.end ?? name.end)
  const start = startOfLine(source, name.start)
  const kept = commentsIn(source.slice(name.start, end)).map((comment) => `${indentAt(source, name.start)}${comment}\n`)
  return source.slice(0, start) + kept.join('') + source.slice(end)
}

function insertAfter(source: string, last: FoundPair, line: string): string | undefined {
  const name = rangeOf(last.key)
  if (!name) return undefined
  const at = endOfLines(source, rangeOf(last.value)?.end ?? name.end)
  return insertLine(source, at, indentAt(source, name.start) + line)
}

function insertBelow(source: string, group: FoundPair, line: string): string | undefined {
  const name = rangeOf(group.key)
  return name && insertLine(source, endOfLines(source, name.end), line)
}

function append(source: string, lines: string): string {
  return insertLine(source, source.length, lines)
}

function insertLine(source: string, at: number, line: string): string {
  const before = source.slice(0, at)
  const separator = before === '' || before.endsWith('\n') ? '' : '\n'
  return `${before}${separator}${line}\n${source.slice(at)}`
}

function rangeOf(node: unknown): { start: number; end: number } | undefined {
  const range = isNode(node) ? node.range : undefined
  return range ? { start: range[0], end: range[1] } : undefined
}

/** Comments of a piece of YAML, in order. A `#` inside a value is none: the lexer knows. */
function commentsIn(piece: string): string[] {
  return [...new Lexer().lex(piece)].filter((token) => token.startsWith('#'))
}

function startOfLine(source: string, offset: number): number {
  return source.lastIndexOf('\n', offset - 1) + 1
}

/** The start of the line after `offset`; `offset` itself where a line has just begun. */
function endOfLines(source: string, offset: number): number {
  if (source[offset - 1] === '\n') return offset
  const lineBreak = source.indexOf('\n', offset)
  return lineBreak < 0 ? source.length : lineBreak + 1
}

function indentAt(source: string, offset: number): string {
  return source.slice(startOfLine(source, offset), offset).match(/^[ ]*/)?.[0] ?? ''
}

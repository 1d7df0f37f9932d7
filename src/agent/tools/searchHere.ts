/** Our own search through files, for machines without ripgrep. */

import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { basename, matchesGlob } from 'node:path'
import { filesBelow } from './findFiles.ts'

/** What is searched for. `limit` lines are wanted; one more says that there are more. */
export type Search = {
  readonly pattern: string
  /** A file or a folder, absolute, links resolved. */
  readonly target: string
  readonly root: string
  /** A glob over the names of files. */
  readonly files: string | undefined
  readonly ignoreCase: boolean
  readonly all: boolean
  readonly limit: number
  readonly signal: AbortSignal
}

/** One line that matches; `line` is counted from 1. */
export type Found = { readonly path: string; readonly line: number; readonly text: string }

/** All lines, or why the pattern is none. */
export type SearchResult =
  | { readonly ok: true; readonly lines: readonly Found[] }
  | { readonly ok: false; readonly reason: string; readonly hint: string }

/** Larger files are passed over, in bytes: the same for both ways to search. */
export const MAX_SEARCHED_BYTES = 10 * 1_024 * 1_024

/** Searches file by file. */
export async function searchHere(search: Search): Promise<SearchResult> {
  const expression = expressionOf(search)
  if (expression === undefined) return invalid(search.pattern)
  const lines: Found[] = []
  for await (const path of filesBelowOrItself(search)) {
    if (search.signal.aborted || lines.length > search.limit) break
    if (search.files !== undefined && !matchesGlob(basename(path), search.files)) continue
    const text = await readQuietly(path)
    if (text !== undefined) lines.push(...matching(text, expression, path).slice(0, search.limit + 1 - lines.length))
  }
  return { ok: true, lines }
}

/** What is said of a pattern that cannot be read. */
export function invalid(pattern: string, why = ''): SearchResult {
  const reason = `the pattern ${JSON.stringify(pattern)} is no valid regular expression${why}`
  return {
    ok: false,
    reason,
    hint: 'escape ( ) [ ] { } . * + ? ^ $ | \\ with a backslash to mean the letters themselves',
  }
}

function expressionOf({ pattern, ignoreCase }: Search): RegExp | undefined {
  try {
    return new RegExp(pattern, ignoreCase ? 'iv' : 'v')
  } catch {
    return expressionOfOlder(pattern, ignoreCase)
  }
}

/** Without the stricter rules of the newest syntax, which call an escaped dash an error. */
function expressionOfOlder(pattern: string, ignoreCase: boolean): RegExp | undefined {
  try {
    return new RegExp(pattern, ignoreCase ? 'i' : '')
  } catch {
    return undefined
  }
}

async function* filesBelowOrItself({ target, all, signal, root }: Search): AsyncGenerator<string> {
  let isFolder = target === root
  for await (const path of filesBelow(target, all, signal)) {
    isFolder = true
    yield path
  }
  if (!isFolder) yield target
}

function matching(text: string, expression: RegExp, path: string): Found[] {
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines.flatMap((line, index) => {
    const plain = line.endsWith('\r') ? line.slice(0, -1) : line
    return expression.test(plain) ? [{ path, line: index + 1, text: plain }] : []
  })
}

/** A file as text; undefined for a binary, large, unreadable one, and for what is no file. */
async function readQuietly(path: string): Promise<string | undefined> {
  try {
    await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    const stats = await file.stat()
    if (!stats.isFile() || stats.size > MAX_SEARCHED_BYTES) return undefined
    const bytes = await file.readFile()
    return bytes.includes(0) ? undefined : bytes.toString('utf8')
  } catch {
    return undefined
  }
}

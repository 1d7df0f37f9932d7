/** The search by ripgrep: its lines of JSON, made into what our own search finds. */

import { PASSED_OVER } from './findFiles.ts'
import { runProgram } from './runProgram.ts'
import { type Found, invalid, MAX_SEARCHED_BYTES, type Search, type SearchResult } from './searchHere.ts'

/** Runs it; undefined where it is not installed or cannot do this one, and our own search must. */
export async function searchRipgrep(search: Search): Promise<SearchResult | undefined> {
  const { root, signal } = search
  const ran = await runProgram({ program: 'rg', args: argsOf(search), cwd: root, workspace: root, signal })
  if (!ran.ok || ran.ended !== undefined)
    return ran.ok && ran.ended === 'cancelled' ? { ok: true, lines: [] } : undefined
  const lines = linesOf(ran.output, search)
  if (ran.code === 2 && lines.length === 0) return refusalOf(ran.output, search.pattern)
  return { ok: true, lines }
}

function argsOf({ pattern, target, files, ignoreCase, all, limit }: Search): string[] {
  return [
    ...['--json', '--no-config', '--no-ignore', '--hidden', '--sort', 'path', '--crlf', '--no-messages'],
    ...['--max-filesize', String(MAX_SEARCHED_BYTES), '--max-count', String(limit + 1)],
    ...(ignoreCase ? ['--ignore-case'] : []),
    ...(files === undefined ? [] : ['--glob', files]),
    ...(all ? [] : PASSED_OVER.flatMap((name) => ['--glob', `!**/${name}/**`])),
    ...['--regexp', pattern, '--', target],
  ]
}

/** Look-around and back-references are JavaScript's, not ripgrep's: our own search knows them. */
function refusalOf(output: string, pattern: string): SearchResult | undefined {
  if (/look-around|backreferences/.test(output)) return undefined
  const why = /error: (.+)/.exec(output)?.[1]
  return invalid(pattern, why === undefined ? '' : `: ${why}`)
}

type Line = {
  readonly type: string
  readonly data: {
    readonly path?: { readonly text?: string }
    readonly lines?: { readonly text?: string; readonly bytes?: string }
    readonly line_number?: number
    readonly binary_offset?: number | null
  }
}

/** A file that turns out to be binary at its end is left out as a whole. */
function linesOf(output: string, { limit }: Search): Found[] {
  const found: Found[] = []
  let ofFile: Found[] = []
  for (const { type, data } of output.split('\n').flatMap(parsed)) {
    if (type === 'begin') ofFile = []
    if (type === 'match')
      ofFile.push({ path: data.path?.text ?? '?', line: data.line_number ?? 0, text: textOf(data.lines) })
    if (type === 'end' && typeof data.binary_offset !== 'number') found.push(...ofFile)
    if (found.length > limit) break
  }
  return found.slice(0, limit + 1)
}

/** The note of a cut flood, and messages for people, are no JSON. */
function parsed(line: string): Line[] {
  if (!line.startsWith('{')) return []
  try {
    return [JSON.parse(line) as Line]
  } catch {
    return []
  }
}

function textOf(lines: Line['data']['lines']): string {
  const text = lines?.text ?? Buffer.from(lines?.bytes ?? '', 'base64').toString('utf8')
  return text.replace(/\r?\n$/, '')
}

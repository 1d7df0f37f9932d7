import { relative } from 'node:path'
import * as z from 'zod'
import { defineTool } from './defineTool.ts'
import { PASSED_OVER } from './findFiles.ts'
import { findPlace, type PathRefusal, type Place } from './paths.ts'
import { type Found, type Search, searchHere } from './searchHere.ts'
import { searchRipgrep } from './searchRipgrep.ts'
import type { ToolOutcome } from './tool.ts'

const MAX_FOUND = 500
const MAX_LINE = 300

const schema = z.strictObject({
  pattern: z.string().min(1).max(2_000).describe('regular expression'),
  path: z.string().optional().describe('file or folder'),
  files: z.string().max(1_000).optional().describe('such as *.ts'),
  ignoreCase: z.boolean().optional().describe('ignore case'),
})
type Input = z.infer<typeof schema>

/** Finds lines in files; with ripgrep where it is installed, else by ourselves, with the same answer. */
export const grepTool = defineTool({
  name: 'grep',
  description:
    'Find lines by regular expression. Returns path:line:text, at most 500, sorted, without binary files, .git and node_modules. Refuses patterns that are invalid.',
  schema,
  safety: 'pure',
  risk: 0,
  deadlineMs: 60_000,
  maxOutput: 30_000,
  place: 'sandbox',
  run: async (input: Input, { workspace, signal }) => {
    const search = searchOf(input, workspace, signal)
    if (!search.ok) return search
    const found = (await searchRipgrep(search)) ?? (await searchHere(search))
    return found.ok ? answer(found.lines, search) : found
  },
})

/** What is searched for, where; or why not. */
export function searchOf(input: Input, workspace: string, signal: AbortSignal): (Search & { ok: true }) | PathRefusal {
  const { pattern, path = '.', files, ignoreCase = false } = input
  if (/[\n\0]/.test(pattern))
    return { ok: false, reason: 'a pattern cannot hold a line break: lines are searched one by one' }
  const place: Place | PathRefusal = findPlace(workspace, path)
  if (!place.ok) return place
  if (place.kind !== 'file' && place.kind !== 'folder') {
    return { ok: false, reason: `no such file or folder: ${place.shown}`, hint: 'list_dir shows what is there' }
  }
  const { path: target, root } = place
  // Who names such a folder means it.
  const all = place.shown.split('/').some((name) => PASSED_OVER.includes(name))
  return { ok: true, pattern, target, root, files, ignoreCase, all, limit: MAX_FOUND, signal }
}

function answer(lines: readonly Found[], { root, pattern, limit, signal }: Search): ToolOutcome {
  if (signal.aborted) return { ok: false, reason: 'it was cancelled' }
  if (lines.length === 0) return { ok: true, text: `Nothing matches ${pattern}.` }
  const rows = lines.slice(0, limit).map(({ path, line, text }) => `${relative(root, path)}:${line}:${cut(text)}`)
  const more = lines.length > limit ? [`[more than ${limit}; narrow it down with path or files]`] : []
  return { ok: true, text: [...rows, ...more].join('\n') }
}

function cut(text: string): string {
  return text.length <= MAX_LINE ? text : `${text.slice(0, MAX_LINE)}…`
}

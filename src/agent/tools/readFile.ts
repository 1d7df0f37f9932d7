import * as z from 'zod'
import { defineTool } from './defineTool.ts'
import { findFile } from './paths.ts'
import { readTextFile } from './textFile.ts'
import type { ToolOutcome } from './tool.ts'

const MAX_LINES = 2_000
/** What is shown at once, in characters; a little less than the limit of the output, so that a page ends at the end of a line. */
const PAGE = 28_000
/** A line that is longer is cut: it is hardly written by a person. */
const MAX_LINE = 2_000

const schema = z.strictObject({
  path: z.string().min(1).describe('relative path'),
  from: z.int().min(1).optional().describe('first line'),
  lines: z.int().min(1).max(MAX_LINES).optional().describe('how many lines'),
})

/** Reads a text file, with line numbers. */
export const readFileTool = defineTool({
  name: 'read_file',
  description:
    'Read a text file before you edit or quote it. Returns numbered lines (number, tab, text), page by page. Refuses binary files and paths outside the workspace.',
  schema,
  safety: 'pure',
  risk: 0,
  deadlineMs: 15_000,
  maxOutput: 30_000,
  place: 'sandbox',
  run: async (input: z.infer<typeof schema>, { workspace }) => {
    const place = findFile(workspace, input.path)
    if (!place.ok) return place
    const file = readTextFile(place)
    return file.ok ? page(file.text, place.shown, input) : file
  },
})

function page(text: string, shown: string, { from = 1, lines = MAX_LINES }: z.infer<typeof schema>): ToolOutcome {
  if (text === '') return { ok: true, text: `${shown} is empty.` }
  const all = linesOf(text)
  if (from > all.length) {
    return { ok: false, reason: `${shown} has ${all.length} lines`, hint: `from must be at most ${all.length}` }
  }
  const rows: string[] = []
  let length = 0
  for (const [index, line] of all.slice(from - 1, from - 1 + lines).entries()) {
    const row = `${from + index}\t${cut(line)}`
    length += row.length + 1
    if (length > PAGE && rows.length > 0) break
    rows.push(row)
  }
  const last = from - 1 + rows.length
  const more = last < all.length ? `\n[lines ${from}–${last} of ${all.length}; go on with from: ${last + 1}]` : ''
  return { ok: true, text: rows.join('\n') + more }
}

function linesOf(text: string): string[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines
}

function cut(line: string): string {
  return line.length <= MAX_LINE ? line : `${line.slice(0, MAX_LINE)}… [${line.length - MAX_LINE} more characters]`
}

import { glob } from 'node:fs/promises'
import { join, relative } from 'node:path'
import * as z from 'zod'
import { defineTool } from './defineTool.ts'
import { PASSED_OVER } from './findFiles.ts'
import { findFolder, findPlace } from './paths.ts'
import type { ToolOutcome } from './tool.ts'

const MAX_FOUND = 1_000
/** Matches that are looked at before a pattern is called too wide. */
const MAX_SEEN = 100_000

const schema = z.strictObject({
  pattern: z.string().min(1).max(1_000).describe('such as **/*.ts'),
  path: z.string().optional().describe('folder'),
  all: z.boolean().optional().describe('also .git, node_modules'),
})

/** Finds files by their name. */
export const globTool = defineTool({
  name: 'glob',
  description:
    'Find files by name: *, **, ?, {a,b}. Returns at most 1000 paths, sorted, without .git and node_modules. Refuses patterns that leave the folder they begin in.',
  schema,
  safety: 'pure',
  risk: 0,
  deadlineMs: 30_000,
  maxOutput: 30_000,
  place: 'sandbox',
  run: async (input: z.infer<typeof schema>, { workspace, signal }) => {
    const { pattern, path = '.', all = false } = input
    if (pattern.startsWith('/') || pattern.includes('\0') || pattern.split(/[/{},]/).includes('..')) {
      return {
        ok: false,
        reason: `the pattern ${JSON.stringify(pattern)} leaves its folder`,
        hint: 'use path for the folder',
      }
    }
    const folder = findFolder(workspace, path)
    if (!folder.ok) return folder
    const found: string[] = []
    let seen = 0
    const exclude = (name: string) => !all && PASSED_OVER.some((passed) => name.split('/').includes(passed))
    for await (const match of glob(pattern, { cwd: folder.path, exclude })) {
      if (signal.aborted) return { ok: false, reason: 'it was cancelled' }
      seen += 1
      const place = findPlace(workspace, join(folder.path, match))
      // A link out of the workspace matches, but is none of our files.
      if (place.ok && place.kind !== 'missing') found.push(relative(folder.root, join(folder.path, match)))
      if (found.length > MAX_FOUND || seen > MAX_SEEN) break
    }
    return answer(found, pattern)
  },
})

function answer(found: readonly string[], pattern: string): ToolOutcome {
  if (found.length === 0) return { ok: true, text: `Nothing matches ${pattern}.` }
  const shown = found.toSorted().slice(0, MAX_FOUND)
  const more = found.length > MAX_FOUND ? [`[more than ${MAX_FOUND}; narrow the pattern down]`] : []
  return { ok: true, text: [...shown, ...more].join('\n') }
}

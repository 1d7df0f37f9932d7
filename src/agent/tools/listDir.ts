import { closeSync, constants, type Dirent, lstatSync, openSync, readdirSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { defineTool } from './defineTool.ts'
import { findFolder, refusalOf } from './paths.ts'
import type { ToolOutcome } from './tool.ts'

const MAX_ENTRIES = 500

const schema = z.strictObject({ path: z.string().optional().describe('default: the workspace') })

/** Lists a folder. */
export const listDirTool = defineTool({
  name: 'list_dir',
  description:
    'See what is in one folder. Returns at most 500 names: folders first with a slash, files with bytes, links with targets. Refuses what is outside the workspace.',
  schema,
  safety: 'pure',
  risk: 0,
  deadlineMs: 15_000,
  maxOutput: 30_000,
  place: 'sandbox',
  run: async ({ path = '.' }: z.infer<typeof schema>, { workspace }) => {
    const place = findFolder(workspace, path)
    if (!place.ok) return place
    try {
      return list(place.path, place.shown)
    } catch (error) {
      return refusalOf(error, place.shown)
    }
  },
})

function list(folder: string, shown: string): ToolOutcome {
  // Proves that the folder itself was not swapped for a link.
  closeSync(openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW))
  const entries = readdirSync(folder, { withFileTypes: true }).sort(foldersFirst)
  if (entries.length === 0) return { ok: true, text: `${shown} is empty.` }
  const rows = entries.slice(0, MAX_ENTRIES).map((entry) => rowOf(folder, entry))
  const more = entries.length - rows.length
  return { ok: true, text: [...rows, ...(more > 0 ? [`[${more} more; glob narrows it down]`] : [])].join('\n') }
}

function foldersFirst(a: Dirent, b: Dirent): number {
  if (a.isDirectory() !== b.isDirectory()) return a.isDirectory() ? -1 : 1
  return a.name < b.name ? -1 : 1
}

/** A name may hold a line break or worse: it is shown as JSON then. */
function rowOf(folder: string, entry: Dirent): string {
  const name = /\p{Cc}/u.test(entry.name) ? JSON.stringify(entry.name) : entry.name
  const path = join(folder, entry.name)
  if (entry.isDirectory()) return `${name}/`
  if (entry.isSymbolicLink()) return `${name} -> ${linkOf(path)}`
  if (!entry.isFile()) return `${name} (pipe, socket or device)`
  const bytes = lstatSync(path, { throwIfNoEntry: false })?.size
  return bytes === undefined ? `${name} (gone)` : `${name} ${bytes} bytes`
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return '?'
  }
}

import * as z from 'zod'
import { defineTool } from './defineTool.ts'
import { modeOf } from './fileMode.ts'
import { findTarget } from './paths.ts'
import { readTextFile, replaceFile } from './textFile.ts'

const schema = z.strictObject({
  path: z.string().min(1).describe('relative path'),
  content: z.string().max(5_000_000).describe('the whole text'),
})

/** Writes a whole file in one step. The same call twice leaves the same file: so it is `keyed` without keeping anything. */
export const writeFileTool = defineTool({
  name: 'write_file',
  description:
    'Create a text file or replace all of it (folders are made); to change a part use edit_file. Returns bytes. Refuses .git and paths outside the workspace.',
  schema,
  safety: 'keyed',
  risk: 1,
  deadlineMs: 15_000,
  maxOutput: 2_000,
  place: 'sandbox',
  run: async ({ path, content }: z.infer<typeof schema>, { workspace }) => {
    if (path.endsWith('/')) return { ok: false, reason: `${path} names a folder`, hint: 'give the name of a file' }
    const place = findTarget(workspace, path)
    if (!place.ok) return place
    const before = place.kind === 'file' ? modeOf(place) : undefined
    if (before && !before.ok) return before
    const old = before && before.bytes === Buffer.byteLength(content) ? readTextFile(place) : undefined
    if (old?.ok && old.text === content)
      return { ok: true, text: `${place.shown} already holds exactly this (${old.bytes} bytes).` }
    const written = replaceFile(place, content, before?.mode)
    if (!written.ok) return written
    const was = before ? `replaced, before ${before.bytes} bytes` : 'created'
    return { ok: true, text: `${place.shown} ${was}; now ${written.bytes} bytes.` }
  },
})

import * as z from 'zod'
import { lineDiff } from '../../shared/lineDiff.ts'
import { defineTool } from './defineTool.ts'
import { editAgain, keepEdit } from './editMarks.ts'
import { findFile, findTarget, type PathRefusal, type Place } from './paths.ts'
import { nearestLines, replaceIn } from './replaceIn.ts'
import { readTextFile, replaceFile, type TextFile } from './textFile.ts'
import type { ToolOutcome } from './tool.ts'

const schema = z.strictObject({
  path: z.string().min(1).describe('relative path'),
  old: z.string().min(1).describe('exact text, long enough to be unique'),
  new: z.string().describe('its replacement'),
  all: z.boolean().optional().describe('every place'),
})
type Input = z.infer<typeof schema>

/** Replaces a text within a file by another one. An attempt whose effect is there already is told so by its key and not made twice. */
export const editFileTool = defineTool({
  name: 'edit_file',
  description:
    'Change a part of a text file: old must be in it exactly once, unless all is set. Returns a diff. Refuses what it cannot find (shows near lines) or finds twice.',
  schema,
  safety: 'keyed',
  risk: 1,
  deadlineMs: 20_000,
  maxOutput: 12_000,
  place: 'sandbox',
  run: async (input: Input, { workspace, key }) => {
    const place = targetOf(workspace, input.path)
    if (!place.ok) return place
    const file = readTextFile(place)
    return file.ok ? edit({ place, file, input, workspace, key }) : file
  },
})

function targetOf(workspace: string, path: string): Place | PathRefusal {
  const file = findFile(workspace, path)
  return file.ok ? findTarget(workspace, path) : file
}

type Edit = {
  readonly place: Place
  readonly file: TextFile
  readonly input: Input
  readonly workspace: string
  readonly key: string
}

function edit({ place, file, input, workspace, key }: Edit): ToolOutcome {
  const mark = { workspace, key, shown: place.shown }
  const earlier = editAgain(mark, file.text)
  if (earlier !== 'new') return earlier === 'done' ? done(place) : changed(place)
  const replaced = replaceIn(file.text, input)
  if (!replaced.ok) {
    const near = replaced.isMissing ? nearestLines(file.text, input.old) : ''
    return { ok: false, reason: near === '' ? replaced.reason : `${replaced.reason}\n${near}`, hint: replaced.hint }
  }
  keepEdit(mark, file.text, replaced.text)
  const written = replaceFile(place, replaced.text, file.mode)
  if (!written.ok) return written
  const places = replaced.count === 1 ? '1 place' : `${replaced.count} places`
  const diff = lineDiff(file.text.replaceAll('\r\n', '\n'), replaced.text.replaceAll('\r\n', '\n'))
  return { ok: true, text: `${place.shown}: ${places} changed; now ${written.bytes} bytes.\n${diff}` }
}

function done({ shown }: Place): ToolOutcome {
  return { ok: true, text: `${shown}: this change was made before; nothing was done twice.` }
}

function changed({ shown }: Place): ToolOutcome {
  return {
    ok: false,
    reason: `${shown} was changed by somebody else after this change had been begun`,
    hint: 'read the file and decide anew',
  }
}

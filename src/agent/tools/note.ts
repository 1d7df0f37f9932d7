import * as z from 'zod'
import { now } from '../../shared/clock.ts'
import { defineTool } from './defineTool.ts'
import { sha256 } from './laterCrypto.ts'
import { findTarget, type PathRefusal } from './paths.ts'
import { readTextFile, replaceFile, type TextFile } from './textFile.ts'

const FILE = 'notes.md'

const schema = z.strictObject({ text: z.string().min(1).max(2_000).describe('one line') })

/** Adds a line to the notes. The line carries a mark of its call, so that a second attempt adds nothing. */
export const noteTool = defineTool({
  name: 'note',
  description:
    'Keep a decision, task or fact for later in notes.md of the workspace. Returns the dated line that it added. Never for secrets; refused when notes.md is no text.',
  schema,
  safety: 'keyed',
  risk: 1,
  deadlineMs: 10_000,
  maxOutput: 3_000,
  place: 'sandbox',
  run: async ({ text }: z.infer<typeof schema>, { workspace, key }) => {
    const place = findTarget(workspace, FILE)
    if (!place.ok) return place
    const before: TextFile | PathRefusal =
      place.kind === 'missing' ? { ok: true, text: '# Notes\n\n', bytes: 0, mode: 0o644 } : readTextFile(place)
    if (!before.ok) return before
    const mark = `<!-- ${sha256(key).slice(0, 12)} -->`
    if (before.text.includes(mark)) return { ok: true, text: 'This note was made before; nothing was added twice.' }
    const line = `- ${now().at.slice(0, 10)} ${text.replace(/\s+/g, ' ').replaceAll('<!--', '<! --').trim()}`
    const start = before.text === '' || before.text.endsWith('\n') ? before.text : `${before.text}\n`
    const written = replaceFile(place, `${start}${line} ${mark}\n`, before.mode)
    return written.ok ? { ok: true, text: `Added to ${FILE}: ${line}` } : written
  },
})

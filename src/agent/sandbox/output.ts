/** Output that is too long for a model: its beginning and end, and the whole of it in a file. Runs in the child, with the rights of the child. */
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Where whole outputs lie, below `workspace/`. */
const OUTPUT_FOLDER = '.ottugi/output'
/** Whole outputs that are kept. */
const KEPT = 50
/** The end of an output often says what went wrong: so much of what is shown is its end. */
const TAIL_SHARE = 0.4

/** What the model is shown, and the file with the whole, relative to `workspace/`. */
export type ShownOutput = { readonly text: string; readonly rest?: string }

/** Cuts an output to `max` characters where it is longer, and keeps the whole. */
export function showOutput(whole: string, max: number, workspace: string, name: string): ShownOutput {
  if (whole.length <= max) return { text: whole }
  const rest = keepWhole(whole, workspace, name)
  return { text: headAndTail(whole, max, rest), ...(rest === undefined ? {} : { rest }) }
}

/** The beginning and the end of a text, with a note between them; never longer than `max` by more than the note. */
export function headAndTail(whole: string, max: number, rest: string | undefined): string {
  const tail = Math.floor(max * TAIL_SHARE)
  const head = max - tail
  const where = rest === undefined ? 'the whole could not be kept' : `the whole is in ${rest}`
  const note = `\n[… ${whole.length - max} characters left out; ${where} …]\n`
  return `${whole.slice(0, head)}${note}${whole.slice(whole.length - tail)}`.toWellFormed()
}

function keepWhole(whole: string, workspace: string, name: string): string | undefined {
  const folder = join(workspace, OUTPUT_FOLDER)
  try {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, `${name}.txt`), whole)
    prune(folder)
    return `${OUTPUT_FOLDER}/${name}.txt`
  } catch {
    // A full disk, or a file where the folder should be.
    return undefined
  }
}

function prune(folder: string): void {
  const files = readdirSync(folder).map((name) => ({ name, at: statSync(join(folder, name)).mtimeMs }))
  const old = files.sort((a, b) => b.at - a.at).slice(KEPT)
  for (const { name } of old) rmSync(join(folder, name), { force: true })
}

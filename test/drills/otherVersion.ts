/** Another version of the program, made out of this one: its version in package.json, and what a story wants changed. Packages are shared by a link. */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { appRoot } from '../../src/shared/paths.ts'

/** Files to be changed: what is put in place of a text that must be there. */
export type Change = { readonly file: string; readonly from: string; readonly to: string }

const PARTS = [
  'bin',
  'src',
  'dashboard',
  'package.json',
  'package-lock.json',
  'ecosystem.config.js',
  'ottugi.yaml',
] as const
const NEEDLESS = new Set(['node_modules', 'web'])

/** Makes it in the temporary folder. `remove` takes it away again. */
export function otherVersion(
  version: string,
  changes: readonly Change[] = [],
): { readonly root: string; readonly remove: () => void } {
  const root = mkdtempSync(join(tmpdir(), 'ottugi-version-'))
  const filter = (path: string) => !NEEDLESS.has(basename(path))
  for (const part of PARTS) cpSync(join(appRoot, part), join(root, part), { recursive: true, filter })
  symlinkSync(join(appRoot, 'node_modules'), join(root, 'node_modules'))
  const own = JSON.parse(readFileSync(join(appRoot, 'package.json'), 'utf8')) as { version: string }
  const all = [{ file: 'package.json', from: `"version": "${own.version}"`, to: `"version": "${version}"` }, ...changes]
  for (const { file, from, to } of all) {
    const text = readFileSync(join(root, file), 'utf8')
    if (!text.includes(from)) throw new Error(`${file} does not hold ${from}`)
    writeFileSync(
      join(root, file),
      text.replace(from, () => to),
    )
  }
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) }
}

const SCHEMA = 'src/agent/journal/schema.ts'

/** Brings the journal to a form that older versions do not know. */
export const NEW_FORM: Change = {
  file: SCHEMA,
  from: '  SCHEDULE_TABLES,\n]',
  to: "  SCHEDULE_TABLES,\n  'CREATE TABLE of_the_new_version (id INTEGER PRIMARY KEY)',\n]",
}

/** A migration that does not go through. */
export const BROKEN_FORM: Change = { ...NEW_FORM, to: "  SCHEDULE_TABLES,\n  'CREATE TABLE events (id INTEGER)',\n]" }

/** The command line does not even load. */
export const BROKEN_COMMAND: Change = {
  file: 'src/cli/program.ts',
  from: 'export async function runProgram',
  to: 'export async function (',
}

/** The agent ends as soon as it is loaded, before it has asked anybody to leave. */
export const ENDS_AT_START: Change = {
  file: 'src/agent/agent.ts',
  from: 'import ',
  to: "throw new Error('this version is broken')\nimport ",
}

/** The agent is ready, takes over, and ends a moment later. */
export const ENDS_WHEN_READY: Change = afterReady('setTimeout(() => process.exit(1), 200)')

/** The agent is ready, takes over, and answers nothing any more a moment later. */
export const HANGS_WHEN_READY: Change = afterReady('setTimeout(() => { for (;;) {} }, 200)')

/** What only a process shows that the supervisor has started: no trial beside the one that serves can see it. */
const IN_PLACE = "process.env['OTTUGI_SUPERVISED'] === '1'"

/** As {@link ENDS_AT_START}, in its place only. */
export const ENDS_AT_START_IN_PLACE: Change = {
  ...ENDS_AT_START,
  to: `if (${IN_PLACE}) throw new Error('this version is broken')\nimport `,
}

/** As {@link ENDS_WHEN_READY}, in its place only. */
export const ENDS_IN_PLACE: Change = afterReady(`if (${IN_PLACE}) setTimeout(() => process.exit(1), 200)`)

/** As {@link HANGS_WHEN_READY}, in its place only. */
export const HANGS_IN_PLACE: Change = afterReady(`if (${IN_PLACE}) setTimeout(() => { for (;;) {} }, 200)`)

function afterReady(deed: string): Change {
  return {
    file: 'src/agent/afterReady.ts',
    from: '  void workOn(parts)\n',
    to: `  void workOn(parts)\n  ${deed}\n`,
  }
}

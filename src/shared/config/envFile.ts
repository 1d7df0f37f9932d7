/** Reads and changes `.env`: the only file that holds secrets. */
import { realpathSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { writeFileDurably } from '../atomicFile.ts'
import type { Phrase } from '../messages/phrase.ts'
import { readConfigFile } from './readConfigFile.ts'
import { VARIABLE_NAME } from './variableName.ts'

/** The variables of a file (none where it is missing) with its text, or why it cannot be read. */
export type EnvFileResult =
  | { readonly ok: true; readonly variables: ReadonlyMap<string, string>; readonly text: string }
  | { readonly ok: false; readonly expected: Phrase; readonly got: Phrase }

/** Reads an env file. Never throws. */
export function readEnvFile(path: string): EnvFileResult {
  const file = readConfigFile(path)
  if (!file.ok) return file
  const text = file.text ?? ''
  return { ok: true, variables: parseVariables(text), text }
}

function parseVariables(text: string): Map<string, string> {
  return new Map(Object.entries(parseEnv(text)).map(([name, value]) => [name, value ?? '']))
}

/** The line of the assignment that counts (the last one), from 1. */
export function lineOfVariable(text: string, name: string): number | undefined {
  const last = [...text.matchAll(assignmentOf(name))].at(-1)
  return last && text.slice(0, last.index).split('\n').length
}

/** What became of a change to an env file. */
export type SetVariableResult =
  | { readonly ok: true; readonly replaced: boolean }
  | { readonly ok: false; readonly reason: 'bad-name' | 'newline' | 'unquotable' }
  | { readonly ok: false; readonly reason: 'unreadable'; readonly expected: Phrase; readonly got: Phrase }
  | { readonly ok: false; readonly reason: 'unwritable'; readonly code: string }

/**
 * Puts one variable into an env file, in place of its old line or at the end, and leaves every other line as it is.
 * The file is replaced in one step and has mode 600 afterwards. Refuses a value with a control character, and one that would not read back the same.
 */
export function setEnvVariable(path: string, name: string, value: string): SetVariableResult {
  if (!VARIABLE_NAME.test(name)) return { ok: false, reason: 'bad-name' }
  if (hasControlCharacter(value)) return { ok: false, reason: 'newline' }
  const file = readEnvFile(path)
  if (!file.ok) return { ...file, reason: 'unreadable' }
  const quoted = quote(value)
  const after = quoted === undefined ? undefined : withAssignment(file.text, name, `${name}=${quoted}`)
  if (after === undefined || !changesOnly(file.variables, after, name, value))
    return { ok: false, reason: 'unquotable' }
  try {
    writeFileDurably(realPathOf(path), after, 0o600)
  } catch (error) {
    return { ok: false, reason: 'unwritable', code: (error as NodeJS.ErrnoException).code ?? String(error) }
  }
  return { ok: true, replaced: file.variables.has(name) }
}

function hasControlCharacter(value: string): boolean {
  return [...value].some((letter) => letter < ' ' || letter === '\u007f')
}

/** A value in the quotes that keep it as it is: the parser turns `\n` into a line break inside double ones only. */
function quote(value: string): string | undefined {
  if (/^[\w./:@%+=,~-]+$/.test(value)) return value
  const mark = ["'", '"', '`'].find(
    (candidate) => !value.includes(candidate) && !(candidate === '"' && value.includes('\\')),
  )
  return mark && `${mark}${value}${mark}`
}

/** Every assignment of a name, with a value that may run over several lines in quotes. */
function assignmentOf(name: string): RegExp {
  return new RegExp(
    `^[ \\t]*(?:export[ \\t]+)?${name}[ \\t]*=[ \\t]*(?:"[^"]*"|'[^']*'|\`[^\`]*\`)?[^\\n]*(?:\\n|$)`,
    'gm',
  )
}

function withAssignment(text: string, name: string, assignment: string): string {
  let isPlaced = false
  const replaced = text.replace(assignmentOf(name), () => {
    const line = isPlaced ? '' : `${assignment}\n`
    isPlaced = true
    return line
  })
  if (isPlaced) return replaced
  const separator = text === '' || text.endsWith('\n') ? '' : '\n'
  return `${text}${separator}${assignment}\n`
}

/** The proof before the write: this variable reads back as given, and no other one changed. */
function changesOnly(before: ReadonlyMap<string, string>, after: string, name: string, value: string): boolean {
  const expected = new Map(before).set(name, value)
  const actual = parseVariables(after)
  return actual.size === expected.size && [...expected].every(([key, text]) => actual.get(key) === text)
}

/** Where a link leads, so that the file is replaced and not the link. */
function realPathOf(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

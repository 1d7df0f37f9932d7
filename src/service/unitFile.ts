/** How a unit file is written, and whose it is: its first line names the home that it serves and a sum of the rest, which tells an edit by hand. */
import { createHash } from 'node:crypto'

const HEAD = /^# Made by `ottugi service install` for (.+); sum ([0-9a-f]{16})$/

/** What a unit file says of itself. */
export type UnitOrigin = { readonly home: string; readonly isEdited: boolean }

/** Adds the first line to the text of a unit. */
export function signUnit(home: string, body: string): string {
  return `# Made by \`ottugi service install\` for ${home}; sum ${sumOf(body)}\n${body}`
}

/** Reads it back; undefined for a file that we did not make. */
export function originOf(text: string): UnitOrigin | undefined {
  const end = text.indexOf('\n')
  const [, home, sum] = HEAD.exec(text.slice(0, end)) ?? []
  return home && sum ? { home, isEdited: sumOf(text.slice(end + 1)) !== sum } : undefined
}

function sumOf(body: string): string {
  return createHash('sha256').update(body).digest('hex').slice(0, 16)
}

/** A word of a command line of a unit: in double quotes, with what systemd would read as its own (`%`, `$`, backslash, quotes) made plain. */
export function commandWord(word: string): string {
  return `"${escaped(word).replaceAll('$', '$$$$')}"`
}

/** A value of `Environment=`: the same, but a `$` is only a `$` there. */
export function variableWord(name: string, value: string): string {
  return `"${escaped(`${name}=${value}`)}"`
}

/** A path in a list of paths (`ReadWritePaths=`). */
export function pathWord(path: string): string {
  return `"${escaped(path)}"`
}

/** A path that stands alone (`ConditionPathExists=`): no quotes there, and spaces are part of it. */
export function bareWord(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('%', '%%')
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%')
}

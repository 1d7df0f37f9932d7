/** Commands of ours in the texts that we print: each works as it stands, where it is read. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { appRoot, findHome, isCheckout } from './paths.ts'

/** A command for whoever reads it in the folder that this process works in: a terminal. Another home than the default one is named. */
export function printedCommand(words: string, home?: string): string {
  return `${isInCheckout() ? 'npx ottugi' : programAnywhere()} ${withHome(words, home)}`
}

/** A command for a text that is read elsewhere and later: an alert, a health report, a web page. */
export function commandAnywhere(words: string, home?: string): string {
  return `${programAnywhere()} ${withHome(words, home)}`
}

/** `npm stop` and its like where they do the same, else the full command. */
export function npmOrOttugi(verb: 'start' | 'stop' | 'status', home: string): string {
  if (!isInCheckout() || home !== appRoot) return printedCommand(verb, home)
  return verb === 'status' ? 'npm run status' : `npm ${verb}`
}

/** A word as a shell takes it: in single quotes where it needs any. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`
}

function withHome(words: string, home: string | undefined): string {
  return home === undefined || home === findHome(undefined, {}) ? words : `${words} --home ${shellWord(home)}`
}

/** A package that was installed for all is on the PATH; anything else is named in full. */
function programAnywhere(): string {
  const modules = dirname(appRoot)
  if (isCheckout(appRoot)) return shellWord(join(appRoot, 'bin', 'ottugi'))
  const isGlobal = existsSync(join(modules, '..', '..', 'bin', 'ottugi'))
  return isGlobal ? 'ottugi' : shellWord(join(modules, '.bin', 'ottugi'))
}

function isInCheckout(): boolean {
  return isCheckout(appRoot) && process.cwd() === appRoot
}

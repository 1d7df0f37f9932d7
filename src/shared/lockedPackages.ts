/** The lockfile of this program, and the command that installs what it says: a checkout has npm's own, the installed package one by another name. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { shellWord } from './printedCommand.ts'

/** npm's own name. It never lets a package take such a file along. */
export const CHECKOUT_LOCKFILE = 'package-lock.json'
/** The same content under a name that is nobody's: what was packed, with the versions and hashes that were tried. */
export const PACKED_LOCKFILE = 'packages.lock.json'

/** The path of the lockfile below a folder; that of a checkout where there is none. */
export function lockfileOf(appRoot: string): string {
  const [own, packed] = [join(appRoot, CHECKOUT_LOCKFILE), join(appRoot, PACKED_LOCKFILE)]
  return !existsSync(own) && existsSync(packed) ? packed : own
}

/** What a person types to have every package of the lockfile installed anew. */
export function installCommand(appRoot: string): string {
  const isPacked = lockfileOf(appRoot).endsWith(PACKED_LOCKFILE)
  const named = isPacked ? `cp ${PACKED_LOCKFILE} ${CHECKOUT_LOCKFILE} && ` : ''
  return `cd ${shellWord(appRoot)} && ${named}npm ci --ignore-scripts`
}

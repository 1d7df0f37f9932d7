/** Which state of its sources a built page was made from. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

/** Beside the page: the key of what it was made from. */
const KEY_FILE = '.built'
const FOLDERS = ['dashboard/web', 'src/shared/messages']
/** The versions of everything that it is built with. */
const FILES = ['package-lock.json']

/** SHA-256 (hex) over the sources of the page below `root`; undefined where they are not there, as in an installed package. */
export function pageKey(root: string): string | undefined {
  try {
    const hash = createHash('sha256')
    const files = [
      ...FILES.map((file) => join(root, file)),
      ...FOLDERS.flatMap((folder) => filesBelow(join(root, folder))),
    ]
    for (const file of files.toSorted())
      hash
        .update(`${relative(root, file)}\0`)
        .update(readFileSync(file))
        .update('\0')
    return hash.digest('hex')
  } catch {
    return undefined
  }
}

/** Where the key of a built page lies. */
export function keyFileOf(distFolder: string): string {
  return join(distFolder, KEY_FILE)
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

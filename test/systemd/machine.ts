/** What outlives a box: a folder that is shared with two of them, with a home in it, what systemd knows, and a program of its own where it will be damaged. */
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { copyCheckout } from '../../src/drill/checkoutCopy.ts'
import { lockfileWithoutHashes } from '../../src/drill/localRegistry.ts'
import { appRoot } from '../../src/shared/paths.ts'

/** Its folders. `keep` is what a box leaves of its disk for the next one. */
export type LastingMachine = {
  readonly place: string
  readonly home: string
  readonly keep: string
  readonly remove: () => void
}

/** Makes the folders. */
export function makeMachine(): LastingMachine {
  const place = mkdtempSync('/var/tmp/ottugi-machine-')
  // Users of the box go through it.
  chmodSync(place, 0o755)
  const keep = join(place, 'keep')
  mkdirSync(keep)
  const remove = () => rmSync(place, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
  return { place, home: join(place, 'home'), keep, remove }
}

/** A copy of the program there, which may be damaged; gives its folder. Its packages are to be had from a registry that packs them anew. */
export function copyProgram({ place }: LastingMachine): string {
  const { root } = copyInto(place)
  // It is made for its owner alone, and belongs to another user in the box.
  chmodSync(root, 0o755)
  cpSync(join(appRoot, 'dist'), join(root, 'dist'), { recursive: true })
  const lockfile = join(root, 'package-lock.json')
  writeFileSync(lockfile, lockfileWithoutHashes(readFileSync(lockfile, 'utf8')))
  return root
}

function copyInto(folder: string) {
  const temporary = process.env['TMPDIR']
  process.env['TMPDIR'] = folder
  try {
    return copyCheckout()
  } finally {
    if (temporary === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = temporary
  }
}

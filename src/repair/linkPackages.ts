/**
 * Sound packages of a damaged `node_modules`, as hard links in a second one: npm then installs what is missing there, in a second instead of in
 * half a minute, and the tree that everything runs from is not touched.
 */
import { type Dirent, linkSync, mkdirSync, readdirSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { MENDED_IN_PART } from './dependencyState.ts'
import { holdFolder, inFolder } from './heldFolder.ts'

/** npm's list of what it installed would have it believe the list instead of looking; caches and notes of tools are nobody's packages. */
const isPackageFolder = ({ name }: Dirent) => !name.startsWith('.') || name === '.bin'

/**
 * Fills `staging/node_modules` with all packages of `root` but the faulty ones, and notes there that the rest was believed. Throws where that is
 * not possible (another file system, files of somebody else): what was linked by then lies in the staging folder.
 *
 * @param faulty folders as the lockfile names them: `node_modules/express`
 */
export function linkSoundPackages(root: string, staging: string, faulty: ReadonlySet<string>): void {
  inFolder(root, staging, (at) => mkdirSync(at('node_modules')))
  const from = holdFolder(root, join(root, 'node_modules'))
  const to = holdFolder(root, join(staging, 'node_modules'))
  try {
    const isSound = (where: string) => !faulty.has(where)
    for (const entry of readdirSync(from.path, { withFileTypes: true }).filter(isPackageFolder)) {
      linkEntry(entry, from.at(entry.name), to.at(entry.name), { where: `node_modules/${entry.name}`, isSound })
    }
    writeFileSync(to.at(MENDED_IN_PART), '')
  } finally {
    from.close()
    to.close()
  }
}

type Place = { readonly where: string; readonly isSound: (where: string) => boolean }

function linkEntry(entry: Dirent, from: string, to: string, { where, isSound }: Place): void {
  if (!isSound(where)) return
  if (entry.isSymbolicLink()) return symlinkSync(readlinkSync(from), to)
  if (!entry.isDirectory()) return linkSync(from, to)
  mkdirSync(to)
  for (const child of readdirSync(from, { withFileTypes: true })) {
    linkEntry(child, join(from, child.name), join(to, child.name), { where: `${where}/${child.name}`, isSound })
  }
}

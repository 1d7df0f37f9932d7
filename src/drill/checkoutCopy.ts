/** A copy of the program that a drill may damage: its own sources, and the packages of the lockfile that a running Ottugi needs. */
import {
  constants,
  copyFileSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { appRoot } from '../shared/paths.ts'

/** Where it lies. `remove` takes all of it away. */
export type CheckoutCopy = { readonly root: string; readonly remove: () => void }

/** What a running Ottugi is made of, beside its packages. */
const OWN = ['bin', 'src', 'dashboard', 'package.json', 'package-lock.json', 'ecosystem.config.js', 'ottugi.yaml']
const LISTING = join('node_modules', '.package-lock.json')

type Packages = Record<string, { readonly dev?: boolean; readonly devOptional?: boolean }>

/**
 * Makes the copy. Packages are hard links to ours where that is allowed (only to files of one's own), which takes no room: a drill may remove
 * or replace them, and must never write into one.
 */
export function copyCheckout(): CheckoutCopy {
  const root = mkdtempSync(join(tmpdir(), 'ottugi-checkout-'))
  const remove = () => rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
  try {
    for (const name of OWN) cpSync(join(appRoot, name), join(root, name), { recursive: true })
    copyPackages(root)
    return { root, remove }
  } catch (error) {
    remove()
    throw error
  }
}

/** Packages of developers are left out, and out of npm's own listing as well: the copy is what `npm ci --omit=dev` would make. */
function copyPackages(root: string): void {
  const listing = JSON.parse(readFileSync(join(appRoot, LISTING), 'utf8')) as { packages: Packages }
  const needed = Object.entries(listing.packages).filter(([, { dev, devOptional }]) => !dev && !devOptional)
  for (const [where] of needed) if (!isNested(where)) linkTree(join(appRoot, where), join(root, where))
  linkTree(join(appRoot, 'node_modules', '.bin'), join(root, 'node_modules', '.bin'))
  writeFileSync(join(root, LISTING), JSON.stringify({ ...listing, packages: Object.fromEntries(needed) }))
}

/** Inside the folder of another one, which is copied whole. */
function isNested(where: string): boolean {
  return where.lastIndexOf('node_modules/') > 0
}

function linkTree(from: string, to: string): void {
  if (!existsSync(from)) return
  mkdirSync(to, { recursive: true })
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) linkTree(source, target)
    else if (entry.isSymbolicLink()) linkBin(readlinkSync(source), target)
    else linkFile(source, target)
  }
}

/** A command of a package that is not in the copy is left out. */
function linkBin(leadsTo: string, target: string): void {
  if (existsSync(join(dirname(target), leadsTo))) symlinkSync(leadsTo, target)
}

function linkFile(source: string, target: string): void {
  try {
    linkSync(source, target)
  } catch {
    // Another file system, or the files of another user.
    copyFileSync(source, target, constants.COPYFILE_FICLONE)
  }
}

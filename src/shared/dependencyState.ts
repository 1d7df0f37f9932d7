/** Is `node_modules` what the lockfile says? Read from files only: nothing is loaded, so a damaged package cannot hurt here. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { CHECKOUT_LOCKFILE, lockfileOf } from './lockedPackages.ts'

/** What is missing or of another version, by package folder. Empty: all is well. */
export type DependencyFault = { readonly where: string; readonly what: 'missing' | 'other-version' | 'no-lockfile' }

type LockedPackage = {
  readonly version?: string
  readonly dev?: boolean
  readonly devOptional?: boolean
  readonly optional?: boolean
  readonly link?: boolean
  readonly os?: readonly string[]
  readonly cpu?: readonly string[]
}

function readPackages(file: string): Record<string, LockedPackage> | undefined {
  try {
    const { packages } = JSON.parse(readFileSync(file, 'utf8'))
    return typeof packages === 'object' && packages !== null ? packages : undefined
  } catch {
    return undefined
  }
}

/** True for what this installation must have: not for developers, not for another platform. What is made for this very platform is our Node. */
function isRequired({ dev, devOptional, optional, link, os, cpu }: LockedPackage): boolean {
  const isForUs = os?.includes(process.platform) === true && cpu?.includes(process.arch) === true
  return !(dev || devOptional || link) && (!optional || isForUs)
}

function isFilled(path: string): boolean {
  try {
    return statSync(path).size > 0
  } catch {
    return false
  }
}

/**
 * Compares the lockfile with what npm noted when it installed (`node_modules/.package-lock.json`), and every required package with the disk.
 * An installed package of ours has a lockfile by another name and no note: there the disk alone is asked, also beside the package and further up,
 * where npm puts what several need.
 */
export function readDependencyFaults(appRoot: string): DependencyFault[] {
  const lockfile = lockfileOf(appRoot)
  const isCheckout = lockfile.endsWith(CHECKOUT_LOCKFILE)
  const wanted = readPackages(lockfile)
  if (!wanted) return []
  const required = Object.entries(wanted).filter(([where, entry]) => where !== '' && isRequired(entry))
  const noted = readPackages(join(appRoot, 'node_modules', '.package-lock.json'))
  const installed = noted ?? (isCheckout ? undefined : readInstalled(appRoot, required))
  if (!installed) return [{ where: 'node_modules', what: 'no-lockfile' }]
  return required.flatMap(([where, { version }]): DependencyFault[] => {
    if (installed[where]?.version !== version) return [{ where, what: installed[where] ? 'other-version' : 'missing' }]
    const place = isCheckout ? join(appRoot, where, 'package.json') : placeOf(appRoot, where)
    return isFilled(place) ? [] : [{ where, what: 'missing' }]
  })
}

function readInstalled(appRoot: string, required: readonly (readonly [string, LockedPackage])[]) {
  const found = required.flatMap(([where]) => {
    const version = versionOf(placeOf(appRoot, where))
    return version === undefined ? [] : [[where, { version }] as const]
  })
  return Object.fromEntries<LockedPackage>(found)
}

/** The package.json that Node would find: below the program, or in a folder further up when the program is itself a package. */
function placeOf(appRoot: string, where: string): string {
  const own = join(appRoot, where, 'package.json')
  if (existsSync(own)) return own
  for (let folder = dirname(appRoot); folder !== dirname(folder); folder = dirname(folder)) {
    const above = join(folder, where, 'package.json')
    if (existsSync(above)) return above
  }
  return own
}

function versionOf(file: string): string | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).version
  } catch {
    return undefined
  }
}

/** True when the installed tree has packages for developers: it is a checkout that somebody works in. */
export function hasDeveloperPackages(appRoot: string): boolean {
  const installed = readPackages(join(appRoot, 'node_modules', '.package-lock.json')) ?? {}
  return Object.values(installed).some((locked) => locked.dev === true)
}

/** In a `node_modules` of which only what was missing was installed anew: the rest was believed. */
export const MENDED_IN_PART = '.ottugi-mended-in-part'

/** True when a repair believed the packages that were there. Should one of them be damaged after all, everything is installed anew. */
export function wasMendedInPart(appRoot: string): boolean {
  return existsSync(join(appRoot, 'node_modules', MENDED_IN_PART))
}

/** PURE. The package.json and the lockfile of the published package, made from ours. */
import { PACKED_LOCKFILE } from '../../src/shared/lockedPackages.ts'

/** Below the package: the licences of what was put into our own files. */
export const THIRD_PARTY = 'THIRD-PARTY.txt'

/** What is read of our package.json. */
export type Manifest = {
  readonly name: string
  readonly version: string
  readonly description: string
  readonly license: string
  readonly type: string
  readonly bin: Readonly<Record<string, string>>
  readonly engines: Readonly<Record<string, string>>
  readonly dependencies: Readonly<Record<string, string>>
  readonly optionalDependencies: Readonly<Record<string, string>>
}

/** One entry of a lockfile, as far as it matters here. */
type Locked = {
  readonly version?: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly optional?: boolean
}

/** A lockfile of version 3. */
export type Lockfile = { readonly packages: Readonly<Record<string, Locked>> }

/** Run as a program, never imported. */
const RUN_ONLY = ['pm2']
/** Beside what every npm takes along: README.md, LICENSE and package.json. */
const FILES = [
  ...['bin', 'src', 'dashboard', 'dist', 'ecosystem.config.js'],
  ...['CHANGELOG.md', 'README.ko.md', PACKED_LOCKFILE, THIRD_PARTY],
]
/** The one thing that others may import: the types of what the dashboard's server answers, for whoever writes a program against it. */
const EXPORTS = { './contract': { types: './dashboard/contract.d.ts' }, './package.json': './package.json' }

/** The names of packages that compiled sources import. */
export function importedPackages(sources: readonly string[]): ReadonlySet<string> {
  const pattern = /(?:^|[\s;}])(?:from|import)\s*\(?\s*['"]((?:@[\w.-]+\/)?[\w-][\w.-]*)(?:\/[^'"]*)?['"]/g
  return new Set(sources.flatMap((text) => [...text.matchAll(pattern)].map(([, name]) => name ?? '')))
}

/** The package.json of the package. `repository` (`owner/name`) is where it is built: npm proves its provenance by it. Throws where something is imported that no dependency brings. */
export function packageManifest(root: Manifest, imported: ReadonlySet<string>, repository: string | undefined) {
  const { name, version, description, license, type, bin, engines } = root
  const unknown = [...imported].filter((used) => !Object.hasOwn(root.dependencies, used))
  if (unknown.length > 0) throw new Error(`imported and no dependency: ${unknown.join(', ')}`)
  const isNeeded = (dependency: string) => imported.has(dependency) || RUN_ONLY.includes(dependency)
  const dependencies = Object.fromEntries(Object.entries(root.dependencies).filter(([used]) => isNeeded(used)))
  return {
    ...{ name, version, description, license, type, bin, engines, files: FILES },
    ...(repository === undefined
      ? {}
      : { repository: { type: 'git', url: `git+https://github.com/${repository}.git` } }),
    os: ['linux', 'darwin'],
    cpu: ['x64', 'arm64'],
    exports: EXPORTS,
    dependencies,
    // They and all that they need come along in the versions that were tried: npm would take the newest that fits.
    bundleDependencies: Object.keys(dependencies),
    optionalDependencies: root.optionalDependencies,
    publishConfig: { access: 'public', provenance: true },
  }
}

/** The lockfile of the package: what its dependencies need, in the versions that were tried, with their hashes. Nothing of developers. */
export function packageLockfile(lock: Lockfile, manifest: ReturnType<typeof packageManifest>) {
  const { name, version, license, bin, engines, dependencies, optionalDependencies } = manifest
  const reached = new Set<string>()
  const visit = (from: string, entry: Locked) => {
    for (const needed of neededBy(entry)) {
      const where = placeOf(lock, from, needed)
      if (where === undefined || reached.has(where)) continue
      reached.add(where)
      visit(where, lock.packages[where] ?? {})
    }
  }
  visit('', { dependencies, optionalDependencies })
  const kept = Object.entries(lock.packages).filter(([where]) => reached.has(where))
  return {
    ...{ name, version, lockfileVersion: 3, requires: true },
    packages: {
      '': { name, version, license, bin, engines, dependencies, optionalDependencies },
      ...Object.fromEntries(kept.map(([where, entry]) => [where, withoutMarks(entry)])),
    },
  }
}

/** The folders of packages that come along: all that every platform needs. */
export function bundledPlaces({ packages }: Lockfile): string[] {
  return Object.entries(packages).flatMap(([where, { optional }]) => (where === '' || optional ? [] : [where]))
}

function neededBy({ dependencies, optionalDependencies, peerDependencies }: Locked): string[] {
  return Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })
}

/** Where Node would find a package from another one: beside it, or in a folder further up. */
function placeOf({ packages }: Lockfile, from: string, name: string): string | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules/') - 1))) {
    const where = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`
    if (Object.hasOwn(packages, where)) return where
    if (folder === '') return undefined
  }
}

/** Here a package is needed, whoever needed it there. */
function withoutMarks(entry: Locked): Locked {
  const { dev: _, devOptional: __, ...rest } = entry as Locked & { readonly dev?: true; readonly devOptional?: true }
  return rest
}

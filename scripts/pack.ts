/**
 * `npm run pack`: makes the package that is published. Into `dist/package` (or `--out FOLDER`) go the compiled program with its types (Node strips no
 * types inside of `node_modules`), the built page, the rescue, a package.json and lockfile of its own, and the packages that it needs in the versions of
 * that lockfile (but the Node, which every platform has its own of); `npm pack` puts them into a tarball beside that folder, whose path is the last line.
 * `--repository owner/name` is written into the package: npm proves its provenance by it.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { keyFileOf, pageKey } from '../dashboard/pageKey.ts'
import { PACKED_LOCKFILE } from '../src/shared/lockedPackages.ts'
import { appRoot } from '../src/shared/paths.ts'
import { withCompiledNames, withOwnCopies } from './pack/compiledNames.ts'
import { bundledPlaces, importedPackages, packageLockfile, packageManifest } from './pack/manifest.ts'
import { OWN_COPIES_FOLDER, writeOwnCopies } from './pack/ownCopies.ts'

const COPIED = ['bin/ottugi', 'ecosystem.config.js', 'LICENSE', 'README.md', 'README.ko.md', 'CHANGELOG.md']
const PAGE = join('dashboard', 'dist')
const RESCUE = join('dist', 'rescue.mjs')

const { values } = parseArgs({ options: { out: { type: 'string' }, repository: { type: 'string' } } })
const out = resolve(values.out ?? join(appRoot, 'dist', 'package'))

rmSync(out, { recursive: true, force: true })
mkdirSync(out, { recursive: true })
buildPage()
run(process.execPath, [join(appRoot, 'scripts', 'buildRescue.ts')])
run(process.execPath, [
  join(appRoot, 'node_modules', 'typescript', 'bin', 'tsc'),
  ...['-p', join(appRoot, 'tsconfig.package.json'), '--outDir', out],
])
for (const name of [...COPIED, PAGE, RESCUE]) copy(name)
nameCompiled(await writeOwnCopies(appRoot, out))
writeManifests()
tellPacked()

/** A page that is as its sources say is not built again. */
function buildPage(): void {
  const isBuilt =
    existsSync(keyFileOf(join(appRoot, PAGE))) && readText(keyFileOf(join(appRoot, PAGE))) === pageKey(appRoot)
  if (!isBuilt) run(process.execPath, [join(appRoot, 'scripts', 'buildDashboard.ts')])
}

function copy(name: string): void {
  const to = join(out, name)
  mkdirSync(dirname(to), { recursive: true })
  cpSync(join(appRoot, name), to, { recursive: true })
}

/** Programs of ours are started by the names of their files, and those are others here; so are the places of packages that became our own files. */
function nameCompiled(places: ReadonlyMap<string, string>): void {
  const modules = new Set(['src', 'dashboard'].flatMap((folder) => filesBelow(join(appRoot, folder), /\.ts$/, appRoot)))
  for (const file of [...filesBelow(out, /\.m?js$/, out), join('bin', 'ottugi')]) {
    if (file.startsWith(PAGE) || file.startsWith(OWN_COPIES_FOLDER)) continue
    const path = join(out, file)
    const before = readText(path)
    const after = withOwnCopies(withCompiledNames(before, file, modules), file, places)
    if (after !== before) writeFileSync(path, after, { mode: statSync(path).mode })
  }
}

function writeManifests(): void {
  const sources = ['src', 'dashboard'].flatMap((folder) => filesBelow(join(out, folder), /\.js$/, out))
  const ours = sources.filter((file) => !file.startsWith(PAGE)).map((file) => readText(join(out, file)))
  const root = JSON.parse(readText(join(appRoot, 'package.json')))
  const manifest = packageManifest(root, importedPackages(ours), values.repository)
  const lockfile = packageLockfile(JSON.parse(readText(join(appRoot, 'package-lock.json'))), manifest)
  writeJson('package.json', manifest)
  writeJson(PACKED_LOCKFILE, lockfile)
  for (const place of bundledPlaces(lockfile)) {
    // Packages below it have places of their own.
    cpSync(join(appRoot, place), join(out, place), {
      recursive: true,
      filter: (from) => basename(from) !== 'node_modules',
    })
  }
}

function tellPacked(): void {
  const told = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', dirname(out)], {
    cwd: out,
    encoding: 'utf8',
  })
  const [packed] = Object.values(JSON.parse(told)) as {
    filename: string
    size: number
    unpackedSize: number
    entryCount: number
  }[]
  if (!packed) throw new Error('npm pack made nothing')
  const mb = (bytes: number) => `${(bytes / 1_000_000).toFixed(1)} MB`
  console.log(`${packed.entryCount} files, ${mb(packed.unpackedSize)}, packed ${mb(packed.size)}`)
  console.log(join(dirname(out), packed.filename))
}

function writeJson(name: string, value: unknown): void {
  writeFileSync(join(out, name), `${JSON.stringify(value, null, 2)}\n`)
}

function readText(path: string): string {
  return readFileSync(path, 'utf8')
}

function filesBelow(folder: string, name: RegExp, root: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && name.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
}

function run(program: string, words: readonly string[]): void {
  execFileSync(program, [...words], { cwd: appRoot, stdio: ['ignore', 'inherit', 'inherit'] })
}

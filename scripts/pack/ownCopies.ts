/**
 * Packages whose trees are large and of which little is used, put into files of our own: one module for each, with what they share beside. Their
 * licences go into a file that says so. Everything else stays a package: what has binaries, is run as a program, or is looked up by its name.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { THIRD_PARTY } from './manifest.ts'

/** What is imported, and its file. Express brings 68 packages; the two SDKs are 50 MB of types, sources and maps. */
const OWN_COPIES = { express: 'express', openai: 'openai', '@anthropic-ai/sdk': 'anthropic' }
/** Below the package. */
export const OWN_COPIES_FOLDER: string = join('dist', 'packages')
/** A schema must be known again by the library that made it, so that stays one. */
const SHARED_PACKAGES = ['zod']
const ENTRY = '\0own-copy:'
const WORD = /^[A-Za-z_$][\w$]*$/
const LICENCE_FILE = /^(?:licen[cs]e|copying|notice)(?:[.-].*)?$/i

/** Writes them below `out`; answers where each lies there, by what is imported. */
export async function writeOwnCopies(appRoot: string, out: string): Promise<ReadonlyMap<string, string>> {
  const { rolldown } = await import('rolldown')
  const copies = Object.entries(OWN_COPIES)
  const texts = new Map<string, string>()
  for (const [wanted, name] of copies) texts.set(`${ENTRY}${name}.mjs`, await entryOf(wanted))
  const made = await rolldown({
    cwd: appRoot,
    input: Object.fromEntries(copies.map(([, name]) => [name, `${ENTRY}${name}.mjs`])),
    platform: 'node',
    external: (id) => SHARED_PACKAGES.some((shared) => id === shared || id.startsWith(`${shared}/`)),
    transform: { define: { __dirname: 'import.meta.dirname', __filename: 'import.meta.filename' } },
    plugins: [
      {
        name: 'own-copies',
        async resolveId(id, importer) {
          if (texts.has(id)) return id
          // An entry lies nowhere: what it names is looked for from our root.
          return importer?.startsWith(ENTRY) ? this.resolve(id, join(appRoot, 'package.json')) : null
        },
        load: (id) => texts.get(id) ?? null,
      },
    ],
  })
  const { output } = await made.write({ dir: join(out, OWN_COPIES_FOLDER), format: 'esm', entryFileNames: '[name].js' })
  await made.close()
  const modules = output.flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []))
  writeFileSync(join(out, THIRD_PARTY), licencesOf(modules))
  return new Map(copies.map(([wanted, name]) => [wanted, join(OWN_COPIES_FOLDER, `${name}.js`)]))
}

/** A module that gives on what Node itself finds in the package: a bundler does not see all names of an old one. */
async function entryOf(wanted: string): Promise<string> {
  const names = Object.keys(await import(wanted)).filter((name) => WORD.test(name))
  return `export { ${names.join(', ')} } from ${JSON.stringify(wanted)}\n`
}

/** Name, version and licence texts of every package that modules came from. Throws where one says nothing. */
function licencesOf(modules: readonly string[]): string {
  const folders = new Set(modules.flatMap((module) => packageFolder(module) ?? []))
  const parts = [...folders].toSorted().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    const texts = readdirSync(folder)
      .filter((file) => LICENCE_FILE.test(file))
      .map((file) => readFileSync(join(folder, file), 'utf8').trim())
    if (!license) throw new Error(`${name} ${version} names no licence`)
    return [`${name} ${version} (${license})`, ...texts].join('\n\n')
  })
  const head =
    'Parts of these packages are in the files of dist/packages. Each belongs to its authors, under its licence.'
  return `${[head, ...parts].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`
}

/** The folder of the package that a module is of; undefined for what is made by the bundler. */
function packageFolder(module: string): string | undefined {
  if (!module.startsWith('/')) return undefined
  for (let folder = dirname(module); folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = join(folder, 'package.json')
    // A folder inside of a package may have a manifest too, which says no more than the kind of its modules.
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version) return folder
  }
  return undefined
}

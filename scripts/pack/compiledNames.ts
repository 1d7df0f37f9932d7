/** PURE. Names of our modules in texts of the program: files that are started as programs, loaded into a worker or resolved later. The compiler rewrites imports only. */
import { dirname, join, normalize, relative } from 'node:path'

/** `'main.ts'`, `"./linkWorker.ts"`, `` `${import.meta.dirname}/child.ts` `` */
const LITERAL = /(['"`])((?:\$\{import\.meta\.dirname\}\/)?[\w@./-]+)\.ts\1/g
const OWN_FOLDER = /^\$\{import\.meta\.dirname\}\//
/** The words before a name in a call of `join`: `'src', 'cli', `. */
const WORDS_BEFORE = /((?:['"][\w.-]+['"],\s*)+)$/
const LONGEST_CALL = 300

/**
 * The text of one compiled file (`file`: its path below the root) with every name of a module of ours as it is called there: `.js`. `modules`:
 * the paths of all sources. A name that leads to none of them (an example, somebody else's file) stays.
 */
export function withCompiledNames(text: string, file: string, modules: ReadonlySet<string>): string {
  return text.replace(LITERAL, (whole, quote: string, name: string, at: number) => {
    const before = WORDS_BEFORE.exec(text.slice(Math.max(0, at - LONGEST_CALL), at))?.[1] ?? ''
    const folders = [...before.matchAll(/['"]([\w.-]+)['"]/g)].map(([, word]) => word ?? '')
    const isOurs = placesOf(file, name, folders).some((place) => modules.has(`${place}.ts`))
    return isOurs ? `${quote}${name}.js${quote}` : whole
  })
}

/** An import of a package that is in our own files, in the form that the compiler writes: static, dynamic, or for its effects. */
const IMPORT = /((?:^|[\s;}])(?:from|import)\s*\(?\s*)(['"])([^'"]+)\2/g

/** The text of one compiled file with imports of packages leading to where they lie now. `places`: files below the root, by what is imported. */
export function withOwnCopies(text: string, file: string, places: ReadonlyMap<string, string>): string {
  return text.replace(IMPORT, (whole, before: string, quote: string, name: string) => {
    const place = places.get(name)
    if (place === undefined) return whole
    const way = relative(dirname(file), place)
    return `${before}${quote}${way.startsWith('.') ? way : `./${way}`}${quote}`
  })
}

/** Where a name may lead: from the root, or from the folder of the file that says it. */
function placesOf(file: string, name: string, folders: readonly string[]): string[] {
  const bare = name.replace(OWN_FOLDER, '')
  return [bare, join(...folders, bare)].flatMap((path) => [normalize(path), join(dirname(file), path)])
}

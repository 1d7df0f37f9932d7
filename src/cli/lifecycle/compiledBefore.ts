/** What an installation compiled beforehand (`npm ci` calls `scripts/compile.ts`), and how a new home takes it over. Code like the program itself: it lies in its node_modules. */
import { createHash } from 'node:crypto'
import { cpSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'

/** What is compiled: the page is not, and has packages of its own. */
const SOURCES = ['src', 'dashboard'] as const
const NEEDLESS = /^dashboard\/(?:web|dist)\//
const KEY_FILE = 'made-of'

/** Where it lies below the root of a program: a compile cache of Node, and beside it what it was made of. */
export function compiledFolder(root: string): { readonly cache: string; readonly keyFile: string } {
  const folder = join(root, 'node_modules', '.cache', 'ottugi')
  return { cache: join(folder, 'compile-cache'), keyFile: join(folder, KEY_FILE) }
}

/** Says of a cache that is complete what it was made of. */
export function signCompiled(root: string): void {
  writeFileSync(compiledFolder(root).keyFile, sourceKey(root))
}

/**
 * Copies it to `to`, whole or not at all. False where there is none, where it is of other sources, or where it is not ours to read: Node keeps what
 * it compiles for each user apart.
 */
export function takeCompiled(root: string, to: string): boolean {
  const { cache, keyFile } = compiledFolder(root)
  const fresh = `${to}.${process.pid}.tmp`
  try {
    if (readFileSync(keyFile, 'utf8') !== sourceKey(root)) return false
    cpSync(cache, fresh, { recursive: true })
    renameSync(fresh, to)
    return true
  } catch {
    rmSync(fresh, { recursive: true, force: true })
    return false
  }
}

/** Names, sizes and times of all sources: quick, and Node itself looks at the content of each file before it uses what it compiled of it. */
function sourceKey(root: string): string {
  const hash = createHash('sha256')
  const files = SOURCES.flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
  for (const file of files.toSorted()) {
    const name = relative(root, file)
    if (NEEDLESS.test(name)) continue
    const { size, mtimeMs } = statSync(file)
    hash.update(`${name}\0${size}\0${mtimeMs}\0`)
  }
  return hash.digest('hex')
}

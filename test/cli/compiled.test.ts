import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, expect, test } from 'vitest'
import { compiledFolder, signCompiled, takeCompiled } from '../../src/cli/lifecycle/compiledBefore.ts'
import { compileInto } from '../../src/cli/lifecycle/warmUp.ts'
import { NODE_FLAGS } from '../../src/shared/nodeFlags.ts'
import { appRoot } from '../../src/shared/paths.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ottugi-compiled-'))
  folders.push(folder)
  return folder
}

/** What of our sources stands in the cache with these flags; the key of its folder is Node's own, and so are the names in it. */
async function newlyCompiled(cache: string, flags: readonly string[], module: string): Promise<number> {
  const count = () => readdirSync(cache, { recursive: true }).length
  const before = count()
  const env = { PATH: process.env['PATH'], NODE_COMPILE_CACHE: cache }
  await promisify(execFile)(process.execPath, [...flags, join(appRoot, module)], { env }).catch(() => {})
  return count() - before
}

test('after the program was compiled no process compiles its first files', { timeout: 60_000 }, async () => {
  const cache = join(newFolder(), 'compile-cache')
  await compileInto(cache, { PATH: process.env['PATH'] })
  const compiled = readdirSync(cache, { recursive: true }).length
  expect(compiled).toBeGreaterThan(300)
  for (const module of ['src/agent/main.ts', 'src/watchdog/main.ts', 'dashboard/server.ts'])
    expect(await newlyCompiled(cache, NODE_FLAGS, module), module).toBe(0)
  // With other flags nothing of it could be used.
  expect(await newlyCompiled(cache, ['--heap-growing-percent=50'], 'src/agent/main.ts')).toBeGreaterThan(0)
})

/** A program of two sources that was compiled to one file. */
function compiledProgram(): { readonly root: string; readonly source: string } {
  const root = newFolder()
  for (const folder of ['src', 'dashboard/web']) mkdirSync(join(root, folder), { recursive: true })
  const source = join(root, 'src', 'main.ts')
  writeFileSync(source, 'export {}')
  writeFileSync(join(root, 'dashboard', 'web', 'page.ts'), 'export {}')
  const { cache } = compiledFolder(root)
  mkdirSync(join(cache, 'node'), { recursive: true })
  writeFileSync(join(cache, 'node', 'entry'), 'compiled')
  signCompiled(root)
  return { root, source }
}

test('a new home takes what the installation compiled', () => {
  const { root } = compiledProgram()
  const to = join(newFolder(), 'compile-cache')
  expect(takeCompiled(root, to)).toBe(true)
  expect(readFileSync(join(to, 'node', 'entry'), 'utf8')).toBe('compiled')
})

test('of a page that changed it is taken all the same', () => {
  const { root } = compiledProgram()
  writeFileSync(join(root, 'dashboard', 'web', 'page.ts'), 'export const more = 1')
  expect(takeCompiled(root, join(newFolder(), 'compile-cache'))).toBe(true)
})

test.each([
  ['a source that changed', ({ source }: { source: string }) => writeFileSync(source, 'export const more = 1')],
  ['a source of the same size and another time', ({ source }: { source: string }) => utimesSync(source, 1, 1)],
  ['a source more', ({ root }: { root: string }) => writeFileSync(join(root, 'src', 'more.ts'), '')],
  ['no installation', ({ root }: { root: string }) => rmSync(join(root, 'node_modules'), { recursive: true })],
  ['a cut-off one', ({ root }: { root: string }) => rmSync(compiledFolder(root).keyFile)],
])('%s leaves nothing behind', (_, change) => {
  const program = compiledProgram()
  const folder = newFolder()
  change(program)
  expect(takeCompiled(program.root, join(folder, 'compile-cache'))).toBe(false)
  expect(readdirSync(folder)).toEqual([])
})

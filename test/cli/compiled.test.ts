import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, expect, test } from 'vitest'
import { warmUp } from '../../src/cli/lifecycle/warmUp.ts'
import { NODE_FLAGS } from '../../src/shared/nodeFlags.ts'
import { appRoot, homePaths } from '../../src/shared/paths.ts'

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

test('after the warm-up of a new home no process compiles its first files', { timeout: 60_000 }, async () => {
  const paths = homePaths(newFolder())
  const cache = join(paths.data, 'compile-cache')
  await warmUp(paths, { PATH: process.env['PATH'] })
  const compiled = readdirSync(cache, { recursive: true }).length
  expect(compiled).toBeGreaterThan(300)
  for (const module of ['src/agent/main.ts', 'src/watchdog/main.ts', 'dashboard/server.ts'])
    expect(await newlyCompiled(cache, NODE_FLAGS, module), module).toBe(0)
  // With other flags nothing of it could be used.
  expect(await newlyCompiled(cache, ['--heap-growing-percent=50'], 'src/agent/main.ts')).toBeGreaterThan(0)
})

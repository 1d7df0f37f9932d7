import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, expect, test } from 'vitest'
import { warmUp } from '../../src/cli/lifecycle/warmUp.ts'
import { nodeFlags } from '../../src/shared/nodeFlags.ts'
import { APPS, homePaths } from '../../src/shared/paths.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ottugi-compiled-'))
  folders.push(folder)
  return folder
}

/** What Node compiled for a process with these flags, by name; the key of its folder is Node's own. */
async function compiledFor(cache: string, flags: readonly string[]): Promise<string[]> {
  const print = ['--print', "require('node:v8').cachedDataVersionTag().toString(16).padStart(8, '0')"]
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, ...print])
  const folder = readdirSync(cache).find((name) => name.includes(`-${stdout.trim()}-`))
  return folder === undefined ? [] : readdirSync(join(cache, folder))
}

test('a new home is warmed up for each process with the flags that it will run with', { timeout: 60_000 }, async () => {
  const paths = homePaths(newFolder())
  await warmUp(paths, { PATH: process.env['PATH'] })
  for (const app of APPS) {
    expect((await compiledFor(join(paths.data, 'compile-cache'), nodeFlags(app))).length, app).toBeGreaterThan(50)
  }
})

/** `reinstall_dependencies` against a real npm and a registry on this machine: it works, it fails half way, it is killed in the middle. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type LocalRegistry, startLocalRegistry, type TarballGate } from '../../src/drill/localRegistry.ts'
import { readDependencyFaults } from '../../src/repair/dependencyState.ts'
import { execute, finishInterrupted, type Hands } from '../../src/repair/execute.ts'
import { findProgram } from '../../src/repair/findProgram.ts'
import type { HomePaths } from '../../src/shared/paths.ts'
import { listPids, readStat } from '../../src/shared/procfs.ts'
import { temporaryFolder, temporaryHome } from '../repair/support.ts'
import { ROOT } from './support.ts'

const PATH = process.env['PATH'] ?? ''
const PACKAGES = { one: '1.0.0', '@scope/two': '2.0.0', 'node-ours': '26.0.0' }
const REQUEST = { action: 'reinstall_dependencies', args: {}, by: 'test', fault: 'dependencies' }
const hasNpm = findProgram('npm', { PATH }) !== undefined

let paths: HomePaths
let root: string
let hands: Hands
let registry: LocalRegistry | undefined

/** A program with three packages, the last of them only for this platform, as our Node is; a long path and a program to run are among them. */
function writeProgram(folder: string): void {
  const { 'node-ours': node, ...others } = PACKAGES
  const manifest = {
    name: 'program',
    version: '1.0.0',
    dependencies: others,
    optionalDependencies: { 'node-ours': node },
  }
  const forUs = { optional: true, os: [process.platform], cpu: [process.arch] }
  const locked = Object.entries(PACKAGES).map(([name, version]) => [
    `node_modules/${name}`,
    { version, ...(name === 'node-ours' ? forUs : {}) },
  ])
  const packages = Object.fromEntries(locked)
  const write = (path: string, content: unknown, mode = 0o644) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), typeof content === 'string' ? content : JSON.stringify(content), { mode })
  }
  write('package.json', manifest)
  write('package-lock.json', {
    name: 'program',
    version: '1.0.0',
    lockfileVersion: 3,
    packages: { '': manifest, ...packages },
  })
  write('node_modules/.package-lock.json', { packages })
  for (const [name, version] of Object.entries(PACKAGES)) {
    const { version: _, ...more } = packages[`node_modules/${name}`]
    write(`node_modules/${name}/package.json`, { name, version, ...more })
    write(`node_modules/${name}/${'deep/'.repeat(24)}file.txt`, `${name} `.repeat(500))
  }
  write('node_modules/node-ours/bin/node', 'a program', 0o755)
}

/** Every file of a folder with its content. */
function treeOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return Object.fromEntries(
    files
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !path.includes('node_modules/.'))
      .map((path) => [path.slice(folder.length), readFileSync(path, 'latin1')] as const),
  )
}

async function serve(gate?: TarballGate): Promise<void> {
  const shelf = temporaryFolder()
  writeProgram(shelf)
  registry = await startLocalRegistry(shelf, gate)
  writeFileSync(join(root, '.npmrc'), `registry=${registry.url}\n`)
}

function npmsIn(folder: string): number[] {
  return listPids().filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`HOME=${folder}\0`) && readStat(pid)?.state !== 'Z'
    } catch {
      return false
    }
  })
}

beforeEach(() => {
  paths = temporaryHome()
  root = temporaryFolder()
  writeProgram(root)
  rmSync(join(root, 'node_modules', 'one'), { recursive: true })
  hands = { paths, environment: { PATH, HOME: paths.home }, root }
})

afterEach(async () => {
  process.umask(0o022)
  await registry?.close()
  registry = undefined
})

describe.skipIf(!hasNpm)('packages that are damaged', () => {
  it('are all there again, as the lockfile says, and nothing else lies about', async () => {
    await serve()
    // As in the guardian's own process.
    process.umask(0o077)
    const wanted = temporaryFolder()
    writeProgram(wanted)
    expect(readDependencyFaults(root)).toEqual([{ where: 'node_modules/one', what: 'missing' }])
    expect(await execute(hands, REQUEST)).toMatchObject({ ok: true })
    expect(readDependencyFaults(root)).toEqual([])
    expect(treeOf(join(root, 'node_modules'))).toEqual(treeOf(join(wanted, 'node_modules')))
    for (const folder of ['', 'one', 'node-ours']) {
      expect(statSync(join(root, 'node_modules', folder)).mode & 0o777).toBe(0o755)
    }
    expect(statSync(join(root, 'node_modules', 'node-ours', 'bin', 'node')).mode & 0o777).toBe(0o755)
    expect(readdirSync(root).toSorted()).toEqual(['.npmrc', 'node_modules', 'package-lock.json', 'package.json'])
  })

  it('are fetched, and no other; where that did not help, all of them are', async () => {
    const asked: string[] = []
    await serve((name) => {
      asked.push(name)
      return false
    })
    const sound = join(root, 'node_modules', 'node-ours', 'bin', 'node')
    const { ino } = statSync(sound)
    expect(await execute(hands, REQUEST)).toMatchObject({ ok: true })
    expect(new Set(asked)).toEqual(new Set(['one']))
    expect(statSync(sound).ino).toBe(ino)
    // Damage that no list of packages shows: the repair that believed the rest may be done once more, and believes nothing then.
    writeFileSync(sound, 'damaged')
    expect(readDependencyFaults(root)).toEqual([])
    expect(await execute(hands, REQUEST)).toMatchObject({ ok: true })
    expect(new Set(asked)).toEqual(new Set(Object.keys(PACKAGES)))
    expect(readFileSync(sound, 'utf8')).toBe('a program')
    expect(await execute(hands, REQUEST)).toMatchObject({ ok: false, kind: 'refused' })
  })

  it('are all fetched where what is there cannot be used', async () => {
    await serve()
    // npm reads every package that is there; this is none.
    writeFileSync(join(root, 'node_modules', '@scope', 'two', 'package.json'), '{')
    const wanted = temporaryFolder()
    writeProgram(wanted)
    expect(await execute(hands, REQUEST)).toMatchObject({ ok: true })
    expect(treeOf(join(root, 'node_modules'))).toEqual(treeOf(join(wanted, 'node_modules')))
  })

  it('stay as they are where npm fails half way, and a person reads what to type', async () => {
    const before = treeOf(join(root, 'node_modules'))
    await serve((name, response) => name === 'one' && Boolean(response.writeHead(404).end()))
    const result = await execute(hands, REQUEST)
    expect(result).toMatchObject({ ok: false, kind: 'failed', undone: true })
    expect(result.ok ? '' : result.reason).toContain(`by hand: cd ${root} && npm ci --ignore-scripts`)
    expect(treeOf(join(root, 'node_modules'))).toEqual(before)
    expect(readdirSync(root).toSorted()).toEqual(['.npmrc', 'node_modules', 'package-lock.json', 'package.json'])
  })

  it('stay as they are where npm leaves out our own Node, which it counts as optional', async () => {
    rmSync(join(root, 'node_modules', 'node-ours', 'package.json'))
    const before = treeOf(join(root, 'node_modules'))
    await serve((name, response) => name === 'node-ours' && Boolean(response.writeHead(404).end()))
    expect(await execute(hands, REQUEST)).toMatchObject({ ok: false, kind: 'failed', undone: true })
    expect(treeOf(join(root, 'node_modules'))).toEqual(before)
  })

  it('are told within seconds where the registry cannot be reached', async () => {
    writeFileSync(join(root, '.npmrc'), 'registry=http://127.0.0.1:9/\n')
    expect(await execute(hands, REQUEST)).toMatchObject({ ok: false, kind: 'failed', undone: true })
  })

  it('stay as they are where the repair is killed while npm works, and npm ends as well', async () => {
    const before = treeOf(join(root, 'node_modules'))
    const isAsked = Promise.withResolvers<void>()
    // An answer that never comes: npm waits for it.
    await serve((name) => {
      if (name === 'one') isAsked.resolve()
      return name === 'one'
    })
    const program = `
      const { execute } = await import(${JSON.stringify(join(ROOT, 'src', 'repair', 'execute.ts'))})
      await execute(${JSON.stringify(hands)}, ${JSON.stringify(REQUEST)})`
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], { env: {}, stdio: 'ignore' })
    const ended = once(child, 'exit')
    await isAsked.promise
    child.kill('SIGKILL')
    await ended
    expect(npmsIn(paths.home)).toHaveLength(1)
    expect(await finishInterrupted(hands)).toMatchObject({
      ok: true,
      finished: { action: 'reinstall_dependencies', ok: false },
    })
    expect(npmsIn(paths.home)).toEqual([])
    expect(treeOf(join(root, 'node_modules'))).toEqual(before)
    expect(readdirSync(root).toSorted()).toEqual(['.npmrc', 'node_modules', 'package-lock.json', 'package.json'])
  })
})

/** The package as somebody gets it: packed, installed for all with npm, started, hurt, and stopped. */
import { execFile } from 'node:child_process'
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readDependencyFaults } from '../../src/shared/dependencyState.ts'
import { isAlive } from '../../src/shared/identity.ts'
import { PACKED_LOCKFILE } from '../../src/shared/lockedPackages.ts'
import { appRoot, appVersion, homePaths } from '../../src/shared/paths.ts'
import { readStat } from '../../src/shared/procfs.ts'
import { startFakeAnthropic } from '../fakes/anthropic.ts'
import { startFakeOpenai } from '../fakes/openai.ts'

/**
 * Packages, and bytes beside the Node runtime, that an installation may have: what it is now, and a little. PM2 brings 77 packages; the databases'
 * binaries for all platforms are 28 MB.
 */
const MOST_PACKAGES = 125
const MOST_BYTES = 72_000_000
const INSTALL_LIMIT_MS = 240_000
/** A limit against hanging. */
const BACK_LIMIT_MS = 60_000
const RUNTIME = /^node-(?:linux|darwin|bin-darwin)-/

// Short: the path of a unix socket has 107 bytes.
const folder = mkdtempSync(join(tmpdir(), 'ottugi-pkg-'))
const prefix = join(folder, 'prefix')
const program = join(prefix, 'lib', 'node_modules', 'ottugi')
const paths = homePaths(join(folder, 'home'))

type Ran = { readonly code: number; readonly out: string; readonly err: string }

function run(file: string, words: readonly string[], env: NodeJS.ProcessEnv = {}, cwd = folder): Promise<Ran> {
  return new Promise((resolve) => {
    const options = {
      cwd,
      env: { ...process.env, ...env },
      timeout: INSTALL_LIMIT_MS,
      maxBuffer: 16 * 1_048_576,
    }
    execFile(file, [...words], options, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, out, err }),
    )
  })
}

const PORTS = { OTTUGI_AGENT__PORT: '0', OTTUGI_DASHBOARD__PORT: '0', NO_COLOR: '1', LANG: 'C.UTF-8' }
const ottugi = (...words: string[]) => run(join(prefix, 'bin', 'ottugi'), [...words, '--home', paths.home], PORTS)

let packed: Ran
let installed: Ran

beforeAll(async () => {
  packed = await run(process.execPath, [join(appRoot, 'scripts', 'pack.ts'), '--out', join(folder, 'package')])
  const tarball = packed.out.trim().split('\n').at(-1) ?? ''
  const words = [
    'install',
    '--global',
    '--prefix',
    prefix,
    '--ignore-scripts',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
  ]
  installed = packed.code === 0 ? await run('npm', [...words, tarball]) : { code: -1, out: '', err: 'not packed' }
}, 2 * INSTALL_LIMIT_MS)

afterAll(async () => {
  await ottugi('stop')
  rmSync(folder, { recursive: true, force: true })
})

function filesBelow(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

async function agentOnceReady(after: number | undefined): Promise<number> {
  const deadline = performance.now() + BACK_LIMIT_MS
  for (;;) {
    const { agent } = JSON.parse((await ottugi('status', '--json')).out)
    if (agent.ready && agent.pid !== after) return agent.pid
    if (performance.now() > deadline) throw new Error(`no ready agent: ${JSON.stringify(agent)}`)
  }
}

describe('the package', () => {
  it('is packed and installed without install scripts', () => {
    expect({ code: packed.code, err: packed.code === 0 ? '' : packed.err }).toEqual({ code: 0, err: '' })
    expect({ code: installed.code, err: installed.code === 0 ? '' : installed.err }).toEqual({ code: 0, err: '' })
  })

  it('holds compiled code with types, and no source, no tests, no scripts', () => {
    const own = filesBelow(program)
      .map((file) => file.slice(program.length + 1))
      .filter((file) => !file.startsWith('node_modules/'))
    expect(own).toEqual(
      expect.arrayContaining(['src/cli/main.js', 'src/cli/main.d.ts', 'dashboard/dist/index.html', 'dist/rescue.mjs']),
    )
    expect(own.filter((file) => /(?<!\.d)\.tsx?$/.test(file))).toEqual([])
    expect(own.filter((file) => /^(?:test|scripts|docs|node_modules)\//.test(file))).toEqual([])
    expect(JSON.parse(readFileSync(join(program, 'package.json'), 'utf8'))).not.toHaveProperty('devDependencies')
  })

  it('has every package of its lockfile, the licences of what is in its own files, and no name of a source', () => {
    expect(readDependencyFaults(program)).toEqual([])
    const licences = readFileSync(join(program, 'THIRD-PARTY.txt'), 'utf8')
    for (const name of ['express', 'body-parser', 'openai', '@anthropic-ai/sdk'])
      expect(licences).toMatch(new RegExp(`^${name} \\d.* \\((?:MIT|Apache-2\\.0)\\)$`, 'm'))
    const named = filesBelow(join(program, 'src')).filter((file) => file.endsWith('.js'))
    const left = named.filter((file) =>
      /import\.meta\.(?:resolve|url)[^\n]*\.ts['"]|['"][^'"\n]*\.ts['"], import\.meta/.test(readFileSync(file, 'utf8')),
    )
    expect(left).toEqual([])
  })

  it('gives its types to a program that is written against it', async () => {
    const user = join(folder, 'user')
    mkdirSync(join(user, 'node_modules'), { recursive: true })
    symlinkSync(program, join(user, 'node_modules', 'ottugi'))
    writeFileSync(join(user, 'package.json'), '{"type":"module"}')
    const check = (text: string) => {
      writeFileSync(join(user, 'user.ts'), text)
      const words = [
        '--noEmit',
        '--strict',
        '--module',
        'nodenext',
        ...['--typeRoots', join(appRoot, 'node_modules', '@types'), '--types', 'node'],
        'user.ts',
      ]
      return run(process.execPath, [join(appRoot, 'node_modules', 'typescript', 'bin', 'tsc'), ...words], {}, user)
    }
    const wellMeant =
      "import type { Overview } from 'ottugi/contract'\nexport const told = ({ sentence }: Overview): string => sentence\n"
    expect(await check(wellMeant)).toMatchObject({ code: 0, out: '' })
    expect((await check(wellMeant.replace(': string', ': RegExp'))).out).toContain("to type 'RegExp'")
  })

  it('says in words what a machine lacks that cannot run it', async () => {
    const faked = (code: string) => [
      '--import',
      `data:text/javascript,${encodeURIComponent(code)}`,
      join(program, 'bin', 'ottugi'),
    ]
    const arm = await run(process.execPath, faked("Object.defineProperty(process, 'arch', { value: 'arm' })"))
    expect(arm).toMatchObject({ code: 2, err: expect.stringContaining('32-bit ARM') })
    const musl = `import fs from 'node:fs'; import { syncBuiltinESMExports } from 'node:module'
      fs.existsSync = (path) => !String(path).includes('/ld-linux'); syncBuiltinESMExports()`
    expect(await run(process.execPath, faked(musl))).toMatchObject({
      code: 2,
      err: expect.stringContaining('GNU C library'),
    })
  })

  it('is small', () => {
    const modules = join(program, 'node_modules')
    const listing = JSON.parse(readFileSync(join(program, PACKED_LOCKFILE), 'utf8'))
    const there = Object.keys(listing.packages).filter((where) => {
      return where !== '' && lstatSync(join(program, where), { throwIfNoEntry: false }) !== undefined
    })
    const isRuntime = (file: string) => file.startsWith(modules) && RUNTIME.test(file.slice(modules.length + 1))
    const bytes = filesBelow(program)
      .filter((file) => !isRuntime(file))
      .reduce((sum, file) => sum + lstatSync(file).size, 0)
    console.log(`installed: ${there.length} packages, ${(bytes / 1_000_000).toFixed(1)} MB without the Node runtime`)
    expect(there.length).toBeLessThanOrEqual(MOST_PACKAGES)
    expect(bytes).toBeLessThanOrEqual(MOST_BYTES)
  })

  it('tells its version, and what init would do', async () => {
    expect(await ottugi('--version')).toEqual({ code: 0, out: `${appVersion()}\n`, err: '' })
    const dry = await ottugi('init', '--yes', '--dry-run', '--budget-day', '3', '--service', 'none')
    expect(dry).toMatchObject({ code: 0, err: '' })
    expect(dry.out).toContain('dayUsd: 3')
    expect(lstatSync(paths.home, { throwIfNoEntry: false })).toBeUndefined()
  })

  it.each([
    ['anthropic', startFakeAnthropic, ''],
    ['openai', startFakeOpenai, '/v1'],
  ] as const)('asks a model of %s', async (provider, startFake, below) => {
    const fake = await startFake()
    const keyFile = join(folder, 'key')
    writeFileSync(keyFile, 'k'.repeat(20), { mode: 0o600 })
    const words = ['--yes', '--provider', provider, '--model', 'some-model', '--base-url', `${fake.url}${below}`]
    const home = ['--key-file', keyFile, '--service', 'none', '--home', join(folder, `home-${provider}`)]
    const said = await run(join(prefix, 'bin', 'ottugi'), ['init', ...words, ...home], PORTS)
    await fake.close()
    expect(said).toMatchObject({ code: 0, err: expect.stringContaining(`some-model of ${provider} answered in`) })
    expect(fake.requests).toHaveLength(1)
  })

  it('starts, gets up after a kill, and stops', async () => {
    const started = await ottugi('start', '--json')
    expect({ code: started.code, err: started.err }).toEqual({ code: 0, err: '' })
    const first = await agentOnceReady(undefined)
    const killed = { pid: first, startTicks: readStat(first)?.startTicks ?? 0 }
    process.kill(first, 'SIGKILL')
    const second = await agentOnceReady(first)
    expect([isAlive(killed), second === first]).toEqual([false, false])
    expect((await ottugi('stop')).code).toBe(0)
    expect(readStat(second)).toBeUndefined()
  })

  it('finds a package that is gone, and puts it back in the version that was tried', async () => {
    const gone = join(program, 'node_modules', 'nodemailer')
    const { version } = JSON.parse(readFileSync(join(gone, 'package.json'), 'utf8'))
    rmSync(gone, { recursive: true })
    const found = (await ottugi('doctor', '--json')).out.trim().split('\n')
    expect(found.map((line) => JSON.parse(line).id)).toContain('dependencies.dependencies')
    const fixed = await ottugi('doctor', '--fix')
    expect(fixed.out).toContain('mended with reinstall_dependencies')
    expect(JSON.parse(readFileSync(join(gone, 'package.json'), 'utf8')).version).toBe(version)
  })
})

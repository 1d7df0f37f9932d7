/** What bin/ottugi says on a machine that lacks something. The machine is faked before the program is loaded; the program knows of no test. */
import { execFile } from 'node:child_process'
import { chmodSync, copyFileSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { appRoot } from '../../src/shared/paths.ts'
import { emptyFolder } from './command.ts'

type Machine = {
  readonly platform?: string
  readonly arch?: string
  readonly missing?: string
  readonly isStranger?: boolean
}

/** Runs before anything else of the program. */
function faked({ platform, arch, missing, isStranger }: Machine): string {
  const set = (name: string, value: string) => `Object.defineProperty(process, '${name}', { value: '${value}' });`
  const gone = `import fs from 'node:fs'; import { syncBuiltinESMExports } from 'node:module';
    const there = fs.existsSync; fs.existsSync = (path) => path !== '${missing}' && there(path); syncBuiltinESMExports();`
  const script = [
    missing ? gone : '',
    platform ? set('platform', platform) : '',
    arch ? set('arch', arch) : '',
    isStranger ? 'process.getuid = () => 4_000_000;' : '',
  ].join('\n')
  return `data:text/javascript,${encodeURIComponent(script)}`
}

function run(machine: Machine, lang = 'C', program = join(appRoot, 'bin', 'ottugi'), word = '--version') {
  const words = ['--import', faked(machine), program, word]
  return new Promise<{ code: number; err: string; out: string }>((resolve) => {
    execFile(process.execPath, words, { env: { LANG: lang, PATH: '/usr/bin:/bin' } }, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, out, err }),
    )
  })
}

describe('a machine that cannot run it is told in words', () => {
  it.each([
    ['Windows', { platform: 'win32' }, /WSL 2/, /WSL 2/],
    ['32-bit ARM', { platform: 'linux', arch: 'arm' }, /32-bit ARM.*64-bit Raspberry Pi OS/, /32비트 ARM/],
    [
      'another processor',
      { platform: 'linux', arch: 'riscv64' },
      /no pinned Node for linux-riscv64/,
      /linux-riscv64용/,
    ],
    [
      'a Linux without glibc (x64)',
      { platform: 'linux', arch: 'x64', missing: '/lib64/ld-linux-x86-64.so.2' },
      /lacks the GNU C library.*Alpine/,
      /GNU C 라이브러리/,
    ],
    [
      'a Linux without glibc (arm64)',
      { platform: 'linux', arch: 'arm64', missing: '/lib/ld-linux-aarch64.so.1' },
      /ld-linux-aarch64\.so\.1 is missing/,
      /ld-linux-aarch64\.so\.1 없음/,
    ],
  ])('%s', async (_, machine, english, korean) => {
    expect(await run(machine)).toEqual({ code: 2, out: '', err: expect.stringMatching(english) })
    expect(await run(machine, 'ko_KR.UTF-8')).toEqual({ code: 2, out: '', err: expect.stringMatching(korean) })
  })

  it('this one can', async () => {
    expect(await run({})).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/^\d+\.\d+\.\d+/) })
  })

  it('a program without its packages, and a Node that its system cannot start', async () => {
    const root = emptyFolder()
    mkdirSync(join(root, 'bin'))
    writeFileSync(join(root, 'package.json'), '{"type":"module"}')
    const program = join(root, 'bin', 'ottugi')
    copyFileSync(join(appRoot, 'bin', 'ottugi'), program)
    expect((await run({}, 'C', program)).err).toContain(`npm ci (npm 11 or newer) in ${root}`)
    writeFileSync(join(root, 'packages.lock.json'), '{}')
    expect((await run({}, 'C', program)).err).toContain('cp packages.lock.json package-lock.json && npm ci')
    const folder = join(root, 'node_modules', `node-linux-${process.arch}`, 'bin')
    mkdirSync(folder, { recursive: true })
    // What a loader does that does not find a library.
    writeFileSync(join(folder, 'node'), '#!/bin/sh\nexit 127\n')
    chmodSync(join(folder, 'node'), 0o755)
    expect(await run({}, 'C', program)).toMatchObject({
      code: 2,
      err: expect.stringContaining('apt-get install libatomic1'),
    })
  })
})

describe('what was compiled of a command', () => {
  /** A checkout whose whole program is one line; `node` is what its pinned Node is. */
  function checkout(): { readonly program: string; readonly compiled: string } {
    const root = emptyFolder()
    const pinned = join(root, 'node_modules', `node-linux-${process.arch}`, 'bin')
    for (const folder of [join(root, 'bin'), join(root, 'src', 'cli'), pinned]) mkdirSync(folder, { recursive: true })
    writeFileSync(join(root, 'package.json'), '{"type":"module"}')
    writeFileSync(join(root, 'src', 'cli', 'main.ts'), "console.log('ran' as string)")
    symlinkSync(process.execPath, join(pinned, 'node'))
    const program = join(root, 'bin', 'ottugi')
    copyFileSync(join(appRoot, 'bin', 'ottugi'), program)
    return { program, compiled: join(root, 'node_modules', '.cache', 'ottugi') }
  }
  const ran = { code: 0, out: 'ran\n' }

  it.runIf(process.platform === 'linux')(
    'is kept in the checkout, and the first start does not begin with it',
    async () => {
      const { program, compiled } = checkout()
      expect(await run({}, 'C', program, 'start')).toMatchObject(ran)
      expect(existsSync(compiled)).toBe(false)
      expect(await run({}, 'C', program)).toMatchObject(ran)
      expect(existsSync(compiled)).toBe(true)
      expect(await run({}, 'C', program, 'start')).toMatchObject(ran)
    },
  )

  it.runIf(process.platform === 'linux')('is not kept for somebody who does not own the checkout', async () => {
    const { program, compiled } = checkout()
    expect(await run({ isStranger: true }, 'C', program)).toMatchObject(ran)
    expect(existsSync(compiled)).toBe(false)
  })
})

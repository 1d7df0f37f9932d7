/** What a child of the hands is given, and what decides which program it is. */
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { execute } from '../../src/repair/execute.ts'
import { findProgram, trustedPath } from '../../src/repair/findProgram.ts'
import { makeProgram } from '../repair/scenarios.ts'
import { temporaryFolder, temporaryHome } from '../repair/support.ts'

const NODE = dirname(process.execPath)

/** An npm that writes down what it was given, and installs what is wanted. */
const TELLING_NPM = `#!/usr/bin/env node
const { mkdirSync, readFileSync, writeFileSync } = require('node:fs')
const { join, dirname } = require('node:path')
writeFileSync(join(dirname(process.argv[1]), 'told.json'), JSON.stringify({ env: process.env, argv: process.argv.slice(2), execArgv: process.execArgv }))
mkdirSync('node_modules/left', { recursive: true })
writeFileSync('node_modules/left/package.json', '{}')
writeFileSync('node_modules/.package-lock.json', readFileSync('package-lock.json'))
`
const EVIL_NPM = `#!/usr/bin/env node
require('node:fs').writeFileSync(require('node:path').join(__dirname, 'was-run'), '')
process.exit(1)
`

let folder: string
let root: string
let bin: string
beforeEach(() => {
  folder = temporaryFolder()
  ;({ root, bin } = makeProgram(folder, 'works'))
  writeFileSync(join(bin, 'npm'), TELLING_NPM, { mode: 0o755 })
})

function install(environment: NodeJS.ProcessEnv) {
  const request = { action: 'reinstall_dependencies', args: {}, by: 'test', fault: 'dependencies' }
  return execute({ paths: temporaryHome(), environment, root }, request)
}

function evil(name: string, mode: number): string {
  const place = join(folder, name)
  mkdirSync(place)
  writeFileSync(join(place, 'npm'), EVIL_NPM, { mode: 0o755 })
  chmodSync(place, mode)
  return place
}

const FOREIGN = [
  'NODE_OPTIONS',
  'NODE_PATH',
  'NODE_REPL_EXTERNAL_MODULE',
  'NODE_TLS_REJECT_UNAUTHORIZED',
  'NODE_DEBUG',
  'NODE_COMPILE_CACHE',
  'LD_PRELOAD',
  'LD_LIBRARY_PATH',
  'LD_AUDIT',
  'DYLD_INSERT_LIBRARIES',
  'GCONV_PATH',
  'MALLOC_CHECK_',
  'BASH_ENV',
  'ENV',
  'SHELLOPTS',
  'IFS',
  'PS4',
  'PERL5OPT',
  'PYTHONSTARTUP',
  'PYTHONPATH',
  'RUBYOPT',
  'GIT_SSH_COMMAND',
  'GIT_CONFIG_GLOBAL',
  'GIT_EXEC_PATH',
  'GIT_ASKPASS',
  'SSH_AUTH_SOCK',
  'npm_config_script_shell',
  'npm_config_ignore_scripts',
  'npm_config_prefix',
  'npm_config_globalconfig',
  'npm_config_node_options',
  'npm_config_git',
  'npm_config_shell',
  'npm_config_onload_script',
  'NPM_CONFIG_SCRIPT_SHELL',
  'NPM_CONFIG_IGNORE_SCRIPTS',
  'npm_lifecycle_event',
  'npm_execpath',
  'INIT_CWD',
  'ANTHROPIC_API_KEY',
  'OTTUGI_TOKEN',
  'OTTUGI_HOME',
  'AWS_SECRET_ACCESS_KEY',
  'GITHUB_TOKEN',
  'PM2_HOME',
  'EDITOR',
  'PAGER',
  'BROWSER',
  '__proto__x',
  'path',
] as const

describe('the environment of npm', () => {
  it.each(FOREIGN)('does not hold %s', async (name) => {
    const environment = { PATH: [bin, NODE].join(delimiter), HOME: folder, [name]: '--require /tmp/evil.js' }
    expect(await install(environment)).toMatchObject({ ok: true })
    const told = JSON.parse(readFileSync(join(bin, 'told.json'), 'utf8'))
    expect(told.env[name]).toBe(undefined)
    expect(Object.keys(told.env).filter((key) => !['PATH', 'HOME'].includes(key) && !key.startsWith('__'))).toEqual([])
    expect(told.execArgv).toEqual([])
    // Options only, every one of them fixed: nothing of the environment, and no word that npm could take for something to install.
    expect(told.argv[0]).toBe('ci')
    expect(told.argv.slice(1).filter((word: string) => !/^--[a-z-]+(=(\d+|dev))?$/.test(word))).toEqual([])
    expect(told.argv).toEqual(expect.arrayContaining(['--ignore-scripts']))
  })
})

describe('the PATH', () => {
  it.each([
    ['relative', () => 'bin'],
    ['the current folder', () => '.'],
    ['empty', () => ''],
    ['a way up', () => '../bin'],
    ['writable by everybody', () => evil('open', 0o777)],
    ['writable by everybody, sticky', () => evil('sticky', 0o1777)],
    ['a link to one that is writable by everybody', () => link(evil('behind', 0o777))],
    ['missing', () => join(folder, 'missing')],
    ['a file', () => join(bin, 'npm')],
    ['a tilde', () => '~/bin'],
    ['a variable', () => '$HOME/bin'],
    ['with a newline', () => 'x\n/bin'],
  ])('an entry that is %s decides nothing, and no child gets it', async (_name, entry) => {
    const value = entry()
    const PATH = [value, bin, NODE].join(delimiter)
    expect(trustedPath({ PATH })).toEqual([bin, NODE])
    expect(findProgram('npm', { PATH })).toBe(join(bin, 'npm'))
    expect(await install({ PATH })).toMatchObject({ ok: true })
    expect(JSON.parse(readFileSync(join(bin, 'told.json'), 'utf8')).env.PATH).toBe([bin, NODE].join(delimiter))
    expect(existsSync(join(folder, 'open', 'was-run')) || existsSync(join(folder, 'sticky', 'was-run'))).toBe(false)
  })

  it.each([
    ['that everybody can write to', 0o777],
    ['that nobody can run', 0o644],
  ])('passes over an npm %s', async (_name, mode) => {
    const first = evil('first', 0o755)
    chmodSync(join(first, 'npm'), mode)
    expect(findProgram('npm', { PATH: [first, bin].join(delimiter) })).toBe(join(bin, 'npm'))
  })

  it.each([['', '.', 'bin', '/missing', '\0', 'a:b:::']])(
    'is refused where nothing on it is trusted: %j',
    async (PATH) => {
      expect(await install({ PATH })).toMatchObject({
        ok: false,
        kind: 'refused',
        reason: expect.stringContaining('no npm'),
      })
    },
  )
})

function link(target: string): string {
  const place = join(folder, 'a-link')
  symlinkSync(target, place)
  return place
}

/** Help, and words that the command line does not understand. */
import { describe, expect, it } from 'vitest'
import { appVersion } from '../../src/shared/paths.ts'
import { call } from './command.ts'

const COMMANDS = [
  ...['init', 'start', 'stop', 'restart', 'status', 'health', 'logs', 'doctor', 'security', 'diagnose'],
  ...['incidents', 'alerts', 'notify'],
  ...[
    'approvals',
    'recovery',
    'redact',
    'costs',
    'models',
    'tools',
    'config',
    'maintenance',
    'dashboard',
    'backup',
    'restore',
    'data',
    'update',
    'service',
    'uninstall',
    'run',
    'chat',
    'sessions',
    'replay',
    'schedule',
    'drill',
    'completion',
  ],
]
const KOREAN = { LANG: 'ko_KR.UTF-8' }

describe('help', () => {
  it('is what a bare ottugi prints, with every command in it', async () => {
    const bare = await call([])
    expect({ code: bare.code, err: bare.err }).toEqual({ code: 0, err: '' })
    expect(bare).toEqual(await call(['--help']))
    expect(bare).toEqual(await call(['help']))
    const listed = [...bare.out.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name)
    expect(listed).toEqual([...COMMANDS, 'help'])
  })

  it.each(COMMANDS)('%s --help says what it does, in English and Korean', async (command) => {
    const [english, korean] = await Promise.all([
      call([command, '--help']),
      call([command, '--help'], { environment: KOREAN }),
    ])
    expect(english).toMatchObject({ code: 0, err: '' })
    expect(english.out).toMatch(new RegExp(`^Usage: ottugi ${command}\\b`))
    expect(english.out).toContain('--home <folder>')
    expect(korean).toMatchObject({ code: 0, err: '' })
    expect(korean.out).toMatch(new RegExp(`^사용법: ottugi ${command}\\b`))
    expect(korean.out).not.toMatch(/Options:|Commands:|Arguments:|show this help/)
  })

  it('keeps its columns below each other in Korean too', async () => {
    const { out } = await call(['--help'], { environment: KOREAN })
    const starts = [...out.matchAll(/^( {2}\S.*? {2,})[가-힣]/gm)].map(([, before]) => before?.length)
    expect(new Set(starts).size).toBe(1)
  })

  it('hides what only our own processes use', async () => {
    expect((await call(['start', '--help'])).out).not.toContain('--revive')
  })
})

it('prints the version', async () => {
  expect(await call(['--version'])).toEqual({ code: 0, out: `${appVersion()}\n`, err: '' })
  expect(await call(['-V'])).toEqual({ code: 0, out: `${appVersion()}\n`, err: '' })
})

describe('wrong words end with 2 and one sentence on stderr', () => {
  it.each([
    [['confg'], 'There is no command confg. Did you mean config? See: npx ottugi --help'],
    [['statsu', '--json'], 'There is no command statsu. Did you mean status? See: npx ottugi --help'],
    [['config', 'lst'], 'There is no command lst. Did you mean list? See: npx ottugi config --help'],
    [['status', '--jsn'], 'There is no option --jsn. Did you mean --json? See: npx ottugi status --help'],
    [['constructor'], 'There is no command constructor. See: npx ottugi --help'],
    [['config', 'get'], 'Something is missing: <key>. See: npx ottugi config --help'],
    [['run'], 'The option -e, --execute <message> is needed. See: npx ottugi run --help'],
    [['status', '--home'], 'The option --home <folder> needs a value. See: npx ottugi status --help'],
    [['stop', 'now', 'please'], 'Too many words: now, please. See: npx ottugi stop --help'],
    [['restart', 'everything'], 'restart: expected watchdog, agent, dashboard, all, got everything.'],
    [['logs', 'nobody'], 'logs: expected watchdog, agent, dashboard, got nobody.'],
    [['logs', '-n', 'x'], '--lines: expected a whole number from 0, got x.'],
    [['incidents', '-n', '0'], '--limit: expected a whole number from 1, got 0.'],
    [['completion', 'toString'], 'completion: expected bash, zsh, fish, got toString.'],
    [['conf\u001b[31mig'], 'There is no command conf\\u001b[31mig. See: npx ottugi --help'],
  ])('%j', async (words, sentence) => {
    expect(await call(words)).toEqual({ code: 2, out: '', err: `${sentence}\n` })
  })

  it('an empty --home is a mistake, not the default home', async () => {
    for (const words of [
      ['status', '--home='],
      ['status', '--home', ''],
      ['--home', '', 'status'],
    ]) {
      const { code, out, err } = await call(words)
      expect({ code, out }).toEqual({ code: 2, out: '' })
      expect(err).toMatch(/^--home: expected a folder, got nothing\./)
    }
  })

  it('says so in Korean', async () => {
    const { code, err } = await call(['statsu'], { environment: KOREAN })
    expect({ code, err }).toEqual({
      code: 2,
      err: 'statsu 명령은 없습니다. status을(를) 의도하셨습니까? 도움말: npx ottugi --help\n',
    })
  })

  it('a group of commands alone shows its help as an error', async () => {
    const { code, out, err } = await call(['config'])
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(/^Usage: ottugi config/)
  })
})

it('says which package is missing and how to install it, and needs none for that', async () => {
  const hook = `import{registerHooks}from'node:module';registerHooks({resolve(name,context,next){
    if(name==='commander')throw Object.assign(new Error('Cannot find package commander'),{code:'ERR_MODULE_NOT_FOUND'});
    return next(name,context)}})`
  const environment = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(hook)}` }
  const { code, out, err } = await call(['status'], { environment })
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(err).toMatch(
    /^A package of ours is missing or damaged: Cannot find package commander\. Install them anew: cd \S+ && npm ci/,
  )
})

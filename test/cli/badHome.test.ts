/** Homes and settings that cannot be used: one clear sentence, the right exit code, nothing half done. */
import { execFile } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import { prepareHome } from '../../src/cli/lifecycle/prepareHome.ts'
import { appRoot, type HomePaths, homePaths, SOCKET_PATH_LIMIT } from '../../src/shared/paths.ts'
import { createPm2, longestPm2Socket } from '../../src/shared/supervisor/pm2.ts'
import { type Called, type CallOptions, call, emptyFolder, IS_ROOT, NOBODY, newHome } from './command.ts'

const start = (paths: HomePaths, options: CallOptions = {}) => call(['start', '--home', paths.home], options)

/** Nothing was started, and nobody will revive anything. */
function expectNothingStarted(paths: HomePaths): void {
  expect(existsSync(paths.desired)).toBe(false)
  expect(existsSync(paths.boots)).toBe(false)
  expect(createPm2(paths, {}).find()).toBeUndefined()
}

function expectRefusal({ code, out, err }: Called, expectedCode: number, ...parts: (string | RegExp)[]): void {
  expect({ code, out }, err).toEqual({ code: expectedCode, out: '' })
  for (const part of parts) expect(err).toMatch(part)
  expect(err).not.toMatch(/^\s+at /m)
}

const reopened: string[] = []
afterEach(() => {
  for (const path of reopened.splice(0)) chmodSync(path, 0o700)
})

describe('a home that cannot be one', () => {
  it('has a path that is too long for a unix socket', async () => {
    const paths = newHome('x'.repeat(120))
    expectRefusal(await start(paths), 78, 'too long for a unix socket', /expected at most \d+/, '--home')
    expect(existsSync(paths.home)).toBe(false)
  })

  it('counts bytes, not letters', () => {
    const folder = emptyFolder()
    const rest = SOCKET_PATH_LIMIT - Buffer.byteLength(longestPm2Socket(homePaths(folder))) - 1
    const name = '가'.repeat(Math.floor(rest / 3)) + 'x'.repeat(rest % 3)
    expect(prepareHome(homePaths(join(folder, `${name}x`)))?.words.key).toBe('home.pathTooLong')
    expect(prepareHome(homePaths(join(folder, name)))).toBeUndefined()
  })

  it('is a file', async () => {
    const paths = newHome()
    writeFileSync(paths.home, '')
    expectRefusal(await start(paths), 1, `The home ${paths.home} cannot be used: ENOTDIR`, 'choose another')
  })

  it('is writable by everybody', async () => {
    const paths = homePaths(emptyFolder())
    chmodSync(paths.home, 0o777)
    expectRefusal(await start(paths), 78, 'Everybody may write', `chmod 700 ${paths.home}`)
    expect(readdirSync(paths.home)).toEqual([])
    expect(statSync(paths.home).mode & 0o777).toBe(0o777)
  })

  it('is a /tmp', async () => {
    const paths = homePaths(emptyFolder())
    chmodSync(paths.home, 0o1777)
    const refused = await start(paths)
    expectRefusal(refused, 78, 'everybody may write', 'choose another')
    expect(refused.err).not.toContain('chmod')
    expect(readdirSync(paths.home)).toEqual([])
  })

  it('is closed to the group without a word', () => {
    const paths = homePaths(emptyFolder())
    chmodSync(paths.home, 0o775)
    expect(prepareHome(paths)).toBeUndefined()
    expect(statSync(paths.home).mode & 0o777).toBe(0o700)
  })

  // Only root can give a folder to somebody else.
  it.skipIf(!IS_ROOT)('belongs to another user: no command touches or reads it', async () => {
    const paths = homePaths(emptyFolder())
    chownSync(paths.home, NOBODY, NOBODY)
    for (const words of [['start'], ['stop'], ['status'], ['doctor'], ['config', 'set', 'language', 'ko']]) {
      const refused = await call([...words, '--home', paths.home])
      expectRefusal(refused, 78, `belongs to user ${NOBODY}, expected your own (0)`, '--home')
    }
    expect(readdirSync(paths.home)).toEqual([])
  })

  it.skipIf(!IS_ROOT)('belongs to root, and somebody else asks', async () => {
    const paths = homePaths(emptyFolder())
    expectRefusal(await start(paths, { uid: NOBODY, cwd: '/' }), 78, 'belongs to user 0, expected your own')
  })

  it('lies where nobody may write', async () => {
    const folder = emptyFolder()
    const paths = homePaths(join(folder, 'home'))
    chmodSync(folder, 0o555)
    reopened.push(folder)
    const refused = await start(paths, IS_ROOT ? { uid: NOBODY, cwd: '/' } : {})
    expectRefusal(refused, 1, `The home ${paths.home} cannot be used: EACCES`)
    expect(existsSync(paths.home)).toBe(false)
  })

  it('lies on a read-only disk', async () => {
    const paths = homePaths(emptyFolder())
    const refused = await onReadOnlyDisk(paths, 'start')
    expectRefusal(refused, 1, `The home ${paths.home} cannot be used: `, /EROFS|EACCES|EPERM/, 'choose')
    expect(readdirSync(paths.home)).toEqual([])
    expectRefusal(await onReadOnlyDisk(paths, 'config set language ko'), 1, 'cannot be used')
    expect(readdirSync(paths.home)).toEqual([])
  })
})

/** A mount that nobody else sees: root makes it as it is, an ordinary user in a user namespace of its own. */
async function onReadOnlyDisk({ home }: HomePaths, words: string): Promise<Called> {
  const script = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && shift && exec "$@"'
  const main = join(appRoot, 'src', 'cli', 'main.ts')
  const command = [process.execPath, main, ...words.split(' '), '--home', home]
  try {
    const env = { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', HOME: '/tmp', LANG: 'C.UTF-8' }
    const inside = [
      ...(IS_ROOT ? [] : ['--user', '--map-root-user']),
      '--mount',
      '--propagation',
      'private',
      'sh',
      '-c',
      script,
      'sh',
      home,
      ...command,
    ]
    const { stdout, stderr } = await promisify(execFile)('unshare', inside, { env, cwd: appRoot })
    return { code: 0, out: stdout, err: stderr }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
    return { code, out: stdout, err: stderr }
  }
}

describe('settings that cannot be used', () => {
  it.each([
    ['an unknown one', 'agent:\n  prot: 7710\n', ['agent.prot', 'Did you mean agent.port?']],
    ['a mistyped value', 'agent:\n  port: lots\n', ['agent.port', 'expected a whole number from', 'got "lots"']],
    ['broken YAML', 'agent: [1,\n', ['ottugi.yaml', 'line', 'expected YAML that can be read']],
    ['bytes that are no text', Buffer.from([0x80, 0x81, 0xff]), ['expected a text file in UTF-8']],
    ['two ports that are one', 'agent: { port: 7000 }\ndashboard: { port: 7000 }\n', ['dashboard.port', '7000']],
  ])('%s', async (_, content, parts) => {
    const paths = homePaths(emptyFolder())
    writeFileSync(paths.settings, content)
    expectRefusal(await start(paths), 78, ...parts, `Nothing was started. Mend ${paths.settings}`)
    expect(readdirSync(paths.home)).toEqual(['ottugi.yaml'])
    expectNothingStarted(paths)
  })

  it('names all problems at once, of every place, and never a secret', async () => {
    const paths = homePaths(emptyFolder())
    writeFileSync(paths.settings, 'agent:\n  prot: 1\nwatchdog:\n  hangMs: soon\n')
    writeFileSync(paths.env, 'OTTUGI_MODEL__MAX_TOKENS=sk-not-a-number-0123456789\n', { mode: 0o600 })
    const refused = await start(paths, { environment: { OTTUGI_LANGUAGE: 'fr' } })
    const sentences = ['agent.prot', 'watchdog.hangMs', 'OTTUGI_MODEL__MAX_TOKENS', 'OTTUGI_LANGUAGE']
    expectRefusal(refused, 78, ...sentences)
    expect(refused.err).not.toContain('sk-not')
    expectNothingStarted(paths)
  })

  it('a folder in the place of the file', async () => {
    const paths = homePaths(emptyFolder())
    mkdirSync(paths.settings)
    expectRefusal(await start(paths), 78, 'expected a file that this user can read, got a folder')
    expectNothingStarted(paths)
  })

  it.each(['settings', 'env'] as const)('a file that this user may not read: %s', async (name) => {
    const paths = homePaths(emptyFolder())
    writeFileSync(paths[name], 'language: en\n')
    chmodSync(paths[name], 0)
    // Root would be let through: the call is nobody's, as far as this machine is concerned.
    if (IS_ROOT) for (const path of [paths.home, paths[name]]) chownSync(path, NOBODY, NOBODY)
    const refused = await start(paths, IS_ROOT ? { uid: NOBODY, cwd: '/' } : {})
    const file = name === 'env' ? '.env' : 'ottugi.yaml'
    const sentence = `${file}: expected a file that this user can read, got the error EACCES`
    expectRefusal(refused, 78, sentence, 'rights', `Mend ${paths[name]}`)
    expectNothingStarted(paths)
  })

  it('listening beyond this machine while there can be no token', async () => {
    const paths = homePaths(emptyFolder())
    writeFileSync(paths.settings, 'agent: { host: 0.0.0.0 }\n')
    // Too short to be one, and the owner's own: it is not replaced.
    writeFileSync(paths.env, 'OTTUGI_TOKEN=short\n', { mode: 0o600 })
    expectRefusal(await start(paths), 78, 'agent.host', 'expected an address of this machine', 'OTTUGI_TOKEN')
    expectNothingStarted(paths)
    const checked = await call(['config', 'validate', '--home', paths.home])
    expectRefusal(checked, 78, 'agent.host')
  })

  it('says it in Korean', async () => {
    const paths = homePaths(emptyFolder())
    writeFileSync(paths.settings, 'language: ko\nagent: { port: lots }\n')
    expectRefusal(await start(paths), 78, '정수', '아무것도 시작하지 않았습니다')
  })
})

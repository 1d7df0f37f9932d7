/** `ottugi doctor` and `ottugi security` as processes: what they say, what they mend, what they never touch. */
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { proveFixes } from '../../src/cli/doctor/fix.ts'
import { scoreAreas, wholeScore } from '../../src/cli/doctor/score.ts'
import type { ToldFinding } from '../../src/cli/doctor/told.ts'
import { prepareHome } from '../../src/cli/lifecycle/prepareHome.ts'
import type { Finding } from '../../src/guardian/check.ts'
import { appendBoot } from '../../src/shared/bootledger.ts'
import { type HomePaths, homePaths } from '../../src/shared/paths.ts'
import { call, emptyFolder, newHome } from './command.ts'

const PORTS = { OTTUGI_AGENT__PORT: '0', OTTUGI_DASHBOARD__PORT: '0' }

function preparedHome(): HomePaths {
  const paths = newHome()
  expect(prepareHome(paths)).toBeUndefined()
  return paths
}

async function findingsOf(paths: HomePaths, words: readonly string[] = [], environment = {}) {
  const said = await call(['doctor', '--json', ...words, '--home', paths.home], {
    environment: { ...PORTS, ...environment },
  })
  const lines: ToldFinding[] = said.out
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
  return { code: said.code, lines, ids: lines.map(({ id }) => id) }
}

describe('doctor', () => {
  it('tells each finding with its id, why it matters and what mends it', async () => {
    const paths = preparedHome()
    writeFileSync(paths.env, 'OTTUGI_TOKEN=abc\n')
    chmodSync(paths.env, 0o644)
    const { code, lines } = await findingsOf(paths)
    const mode = lines.find(({ id }) => id === 'modes.wrong-mode')
    expect(mode).toMatchObject({
      severity: 'warn',
      why: expect.stringContaining('others'),
      how: expect.stringContaining('doctor --fix'),
    })
    expect(lines.find(({ id }) => id === 'tokens.token-weak')?.how).toContain('security rotate-tokens')
    expect(code).toBe(0)
    expect(lines.filter(({ severity, why, how }) => severity !== 'ok' && (why === '' || how === ''))).toEqual([])
  })

  it('--fix mends what is safe, says so, and leaves the rest', async () => {
    const paths = preparedHome()
    writeFileSync(paths.env, 'OTTUGI_TOKEN=abc\n')
    chmodSync(paths.env, 0o644)
    writeFileSync(paths.settings, 'nonsense: 1\n', { mode: 0o600 })
    const said = await call(['doctor', '--fix', '--home', paths.home], { environment: PORTS })
    expect(said.out).toContain('mended with set_mode')
    expect(statSync(paths.env).mode & 0o777).toBe(0o600)
    expect(said.code).toBe(1)
    expect(readFileSync(paths.settings, 'utf8')).toBe('nonsense: 1\n')
    const { ids } = await findingsOf(paths, ['--fix'])
    expect(ids).not.toContain('modes.wrong-mode')
    expect(ids).toContain('settings.settings-invalid')
  })

  it('says mended only of what is not found again', () => {
    const repair = { action: 'reinstall_dependencies', args: {} }
    const base = { action: repair.action, fault: 'dependencies', note: 'done', repair: JSON.stringify(repair) }
    const again: Finding = {
      check: 'dependencies',
      severity: 'fail',
      what: 'one is missing',
      fault: 'dependencies',
      repair,
    }
    const shown = { action: base.action, fault: base.fault }
    expect(proveFixes([{ ...base, ok: true }], [], 'en')).toEqual([{ ...shown, ok: true, note: 'done' }])
    expect(proveFixes([{ ...base, ok: true }], [again], 'en')).toEqual([
      { ...shown, ok: false, note: 'it was done, and it is still so: one is missing' },
    ])
    expect(proveFixes([{ ...base, ok: false, note: 'no npm' }], [again], 'ko')).toEqual([
      { ...shown, ok: false, note: 'no npm' },
    ])
    const other = { ...again, repair: { action: 'set_mode', args: { path: 'x' } } }
    expect(proveFixes([{ ...base, ok: true }], [other], 'en')[0]?.ok).toBe(true)
  })

  it('misses nothing that only the first start makes', async () => {
    const paths = preparedHome()
    const said = await call(['doctor', '--home', paths.home], { environment: PORTS })
    expect([said.code, said.out.split('\n')[0]]).toEqual([0, expect.stringMatching(/^All is well: \d+ checks\.$/)])
    appendBoot(paths.boots, 'agent', { kind: 'start' })
    expect((await call(['doctor', '--home', paths.home], { environment: PORTS })).out).toContain('folders: ')
  })

  it('--fix changes nothing where there is no home yet', async () => {
    const paths = newHome()
    expect((await call(['doctor', '--fix', '--home', paths.home], { environment: PORTS })).code).toBe(0)
    expect(statSync(paths.home, { throwIfNoEntry: false })).toBeUndefined()
  })

  it('asks outside only with --online', async () => {
    const paths = preparedHome()
    const server = createServer((_request, response) => response.writeHead(404).end())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const environment = { OTTUGI_MODEL__BASE_URL: url }
    expect((await findingsOf(paths, [], environment)).ids.filter((id) => id.startsWith('provider.'))).toEqual([])
    expect((await findingsOf(paths, ['--online'], environment)).ids).toContain('provider.provider-answers')
    await new Promise((resolve) => server.close(resolve))
    expect((await findingsOf(paths, ['--online'], environment)).ids).toContain('provider.provider-unreachable')
  })

  it('finds services whose home is gone, and two of one home', async () => {
    const paths = preparedHome()
    const config = emptyFolder()
    const folder = join(config, 'systemd', 'user')
    mkdirSync(folder, { recursive: true })
    const unit = (name: string, home: string) =>
      writeFileSync(
        join(folder, `${name}.service`),
        `# Made by \`ottugi service install\` for ${home}; sum 0123456789abcdef\n[Unit]\n`,
      )
    unit('gone', join(paths.home, 'not-there'))
    unit('one', paths.home)
    unit('two', paths.home)
    const { ids, code } = await findingsOf(paths, [], { XDG_CONFIG_HOME: config })
    for (const fault of ['unit-orphaned', 'unit-twice', 'unit-program-gone', 'unit-edited']) {
      expect(ids).toContain(`serviceUnits.${fault}`)
    }
    expect(ids.includes('serviceUnits.no-linger')).toBe(
      !existsSync(join('/var/lib/systemd/linger', userInfo().username)),
    )
    expect(code).toBe(1)
  })
})

describe('security audit', () => {
  const finding = (check: string, severity: Finding['severity']): Finding => ({ check, severity, what: '', fault: 'x' })

  it('scores each area, and the whole by the weakest', () => {
    const areas = scoreAreas([
      finding('tokens', 'warn'),
      finding('gates', 'fail'),
      finding('disk', 'fail'),
      finding('sandbox', 'ok'),
    ])
    const scores = Object.fromEntries(areas.map(({ area, score }) => [area, score]))
    expect(scores).toEqual({
      access: 85,
      network: 100,
      secrets: 100,
      files: 100,
      tools: 40,
      processes: 100,
      program: 100,
    })
    expect(wholeScore(areas)).toBe(40)
    expect(
      scoreAreas(Array.from({ length: 5 }, () => finding('modes', 'fail'))).find(({ area }) => area === 'files')?.score,
    ).toBe(0)
  })

  it('exits 1 on a fail, and 0 where something only costs points', async () => {
    const paths = preparedHome()
    const audit = async () => call(['security', 'audit', '--json', '--home', paths.home], { environment: PORTS })
    writeFileSync(paths.env, 'OTTUGI_TOKEN=abc\n', { mode: 0o600 })
    const weak = await audit()
    expect(weak.code).toBe(0)
    expect(JSON.parse(weak.out).areas.find(({ area }: { area: string }) => area === 'access')).toMatchObject({
      ...{ score: 85, findings: [{ id: 'tokens.token-weak' }] },
    })
    writeFileSync(paths.settings, `# sk-ant-api03-${'a1B2'.repeat(6)}\n`, { mode: 0o600 })
    const leaking = await audit()
    expect(leaking.code).toBe(1)
    expect(leaking.out).not.toContain('a1B2a1B2')
    expect((await call(['security', '--home', paths.home], { environment: PORTS })).out).toContain(
      'as strong as the weakest area',
    )
  })
})

describe('security rotate-tokens', () => {
  it('makes every token anew, keeps the other lines, and shows none', async () => {
    const paths = homePaths(emptyFolder())
    writeFileSync(paths.env, '# mine\nOTTUGI_TOKEN=old-admin\nOTTUGI_TOKEN_READ=old-read\nANTHROPIC_API_KEY=k\n', {
      mode: 0o600,
    })
    const said = await call(['security', 'rotate-tokens', '--home', paths.home])
    expect({ code: said.code, err: said.err }).toEqual({ code: 0, err: '' })
    const env = readFileSync(paths.env, 'utf8')
    expect(env).toMatch(
      /^# mine\nOTTUGI_TOKEN=ott_admin_\S{43}\nOTTUGI_TOKEN_READ=ott_read_\S{43}\nANTHROPIC_API_KEY=k\n/,
    )
    expect(env).toMatch(/^OTTUGI_SESSION_SECRET=\S{43}$/m)
    expect(env).not.toContain('OTTUGI_TOKEN_CHAT')
    expect(statSync(paths.env).mode & 0o777).toBe(0o600)
    expect(said.out).toContain('OTTUGI_TOKEN, OTTUGI_TOKEN_READ, OTTUGI_SESSION_SECRET')
    expect(said.out).not.toMatch(/ott_/)
  })
})

/** `ottugi init` without questions, as a process, with real servers where a key and a message are tried. */
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { homePaths } from '../../../src/shared/paths.ts'
import { startFakeAnthropic } from '../../fakes/anthropic.ts'
import { startNotificationServer } from '../../fakes/notificationServer.ts'
import { call, emptyFolder, newHome } from '../command.ts'

const KEY = 'sk-ant-api03-hunter2hunter2hunter2'
const TOPIC = 'hunter2-topic'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

async function fakeModel() {
  const started = await startFakeAnthropic()
  closing.push(started.close)
  return started
}

async function fakeNtfy() {
  const started = await startNotificationServer()
  closing.push(started.close)
  return started
}

function fileWith(content: string): string {
  const file = join(emptyFolder(), 'secret')
  writeFileSync(file, `${content}\n`, { mode: 0o600 })
  return file
}

describe('without a terminal', () => {
  it('and without --yes it names the flags, and makes nothing', async () => {
    const paths = newHome()
    const said = await call(['init', '--home', paths.home])
    expect({ code: said.code, out: said.out }).toEqual({ code: 2, out: '' })
    for (const flag of ['--yes', '--provider', '--key-file', '--budget-day', '--notify', '--service', '--dry-run']) {
      expect(said.err).toContain(flag)
    }
    expect(existsSync(paths.home)).toBe(false)
  })

  it('--dry-run says what would be done, and does nothing', async () => {
    const paths = newHome()
    const words = ['--language', 'ko', '--budget-day', '3', '--key-file', fileWith(KEY), '--service', 'system']
    const said = await call(['init', '--yes', '--dry-run', ...words, '--home', paths.home])
    expect({ code: said.code, err: said.err }).toEqual({ code: 0, err: '' })
    expect(said.out).toContain('dayUsd: 3')
    expect(said.out).toContain('ANTHROPIC_API_KEY (not shown)')
    expect(said.out).toContain('service install --system')
    expect(said.out).toContain('Nothing was written.')
    expect(said.out).not.toContain(KEY)
    expect(existsSync(paths.home)).toBe(false)
  })

  it('sets everything up, tried for real, and shows no secret', async () => {
    const [model, ntfy, paths] = [await fakeModel(), await fakeNtfy(), newHome()]
    model.requireKey(KEY)
    const said = await call([
      ...[
        'init',
        '--yes',
        '--home',
        paths.home,
        '--language',
        'en',
        '--base-url',
        model.url,
        '--key-file',
        fileWith(KEY),
      ],
      ...['--budget-day', '3', '--budget-month', '40', '--dashboard-port', '0', '--service', 'none'],
      ...['--notify', 'ntfy', '--ntfy-server', ntfy.url, '--notify-secret-file', fileWith(TOPIC)],
    ])
    expect(said.err).toContain('answered in')
    expect(said.err).toContain('The test message was taken.')
    expect(said).toMatchObject({ code: 0, out: expect.stringContaining('Everything is written.') })
    expect(model.requests.map(({ key }) => key)).toEqual([KEY])
    expect(ntfy.requests).toHaveLength(1)
    expect(`${ntfy.requests[0]?.path} ${ntfy.requests[0]?.body}`).toContain(TOPIC)
    for (const secret of [KEY, TOPIC]) expect(said.out + said.err).not.toContain(secret)
    const settings = readFileSync(paths.settings, 'utf8')
    expect(settings).toContain('dayUsd: 3')
    expect(settings).not.toMatch(new RegExp(`${KEY}|${TOPIC}`))
    const env = readFileSync(paths.env, 'utf8')
    for (const line of [`ANTHROPIC_API_KEY=${KEY}`, `NTFY_TOPIC=${TOPIC}`, 'OTTUGI_TOKEN=']) expect(env).toContain(line)
    expect(statSync(paths.env).mode & 0o777).toBe(0o600)
    const ledger = readFileSync(join(paths.logs, 'usage.jsonl'), 'utf8').trim().split('\n')
    expect(ledger.map((line) => JSON.parse(line).result)).toEqual(['ok'])
  })

  it('changes later only what is asked, and nothing where nothing is', async () => {
    const paths = newHome()
    mkdirSync(paths.home, { mode: 0o700 })
    writeFileSync(paths.settings, '# mine\nbudget:\n  dayUsd: 3 # a day\n', { mode: 0o600 })
    expect(await call(['init', '--yes', '--home', paths.home])).toEqual({
      code: 0,
      out: 'Nothing to change.\n',
      err: '',
    })
    expect((await call(['init', '--yes', '--budget-day', '7', '--home', paths.home])).code).toBe(0)
    expect(readFileSync(paths.settings, 'utf8')).toBe('# mine\nbudget:\n  dayUsd: 7 # a day\n')
    const again = await call(['init', '--yes', '--budget-day', '7', '--home', paths.home])
    expect(again.out).toBe('Nothing to change.\n')
  })
})

describe('nothing is written', () => {
  it('where the key is refused', async () => {
    const [model, paths] = [await fakeModel(), newHome()]
    model.requireKey('another')
    const words = ['--base-url', model.url, '--key-file', fileWith(KEY)]
    const said = await call(['init', '--yes', ...words, '--home', paths.home])
    expect({ code: said.code, out: said.out }).toEqual({ code: 1, out: '' })
    expect(said.err).toContain('does not take this key')
    expect(said.err).toContain('Nothing was changed.')
    expect(existsSync(paths.home)).toBe(false)
  })

  it('where the message is refused', async () => {
    const [ntfy, paths] = [await fakeNtfy(), newHome()]
    ntfy.setScript({ do: 'answer', status: 403 })
    const words = ['--notify', 'ntfy', '--ntfy-server', ntfy.url, '--notify-secret-file', fileWith(TOPIC)]
    const said = await call(['init', '--yes', ...words, '--home', paths.home])
    expect({ code: said.code, out: said.out }).toEqual({ code: 1, out: '' })
    expect(said.err).toContain('The test message was not taken')
    expect(existsSync(paths.home)).toBe(false)
  })

  it.each([
    [['--language', 'fr'], '--language'],
    [['--budget-day', '-1'], '--budget-day'],
    [['--budget-month', 'much'], '--budget-month'],
    [['--dashboard-port', '70000'], '--dashboard-port'],
    [['--service', 'launchd'], '--service'],
    [['--notify', 'pigeon'], '--notify'],
    [['--notify', 'telegram'], '--notify-secret-file'],
    [['--notify', 'email'], '--mail-from'],
    [['--key-file', '/nowhere/key'], '--key-file'],
    [['--key-from-env'], 'ANTHROPIC_API_KEY'],
    [['--provider', 'nobody'], 'nobody'],
    [['--public-url', 'ftp://x'], 'dashboard.publicUrl'],
  ])('for %j', async (words, named) => {
    const paths = newHome()
    const said = await call(['init', '--yes', '--no-test', ...words, '--home', paths.home])
    expect({ code: said.code, out: said.out }).toEqual({ code: 2, out: '' })
    expect(said.err).toContain(named)
    expect(existsSync(paths.home)).toBe(false)
  })

  it('where the settings cannot be read', async () => {
    const paths = homePaths(emptyFolder())
    writeFileSync(paths.settings, 'budget: [', { mode: 0o600 })
    const said = await call(['init', '--yes', '--budget-day', '7', '--home', paths.home])
    expect(said).toMatchObject({ code: 78, out: '' })
    expect(readFileSync(paths.settings, 'utf8')).toBe('budget: [')
    expect(existsSync(paths.env)).toBe(false)
  })
})

it('goes on where nobody can say whether the key works', async () => {
  const model = await fakeModel()
  await model.close()
  closing.pop()
  const paths = newHome()
  const words = ['--base-url', model.url, '--key-from-env']
  const environment = { ANTHROPIC_API_KEY: KEY }
  const said = await call(['init', '--yes', ...words, '--home', paths.home], { environment })
  expect(said.err).toContain('Not tried')
  expect(said.code).toBe(0)
  expect(readFileSync(paths.env, 'utf8')).toContain(`ANTHROPIC_API_KEY=${KEY}`)
})

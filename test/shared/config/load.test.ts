import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { settingKeys } from '../../../src/shared/config/keys.ts'
import { checkBind, defaultSettings, loadSettings, settingsHash } from '../../../src/shared/config/load.ts'
import { formatProblem } from '../../../src/shared/config/problem.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ottugi-load-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

type Written = { readonly yaml?: string; readonly env?: string; readonly environment?: Record<string, string> }

function load({ yaml, env, environment = {} }: Written) {
  const settingsFile = join(folder, 'ottugi.yaml')
  const envFile = join(folder, '.env')
  if (yaml !== undefined) writeFileSync(settingsFile, yaml)
  if (env !== undefined) writeFileSync(envFile, env)
  return loadSettings({ settingsFile, envFile, environment })
}

function problemsOf(written: Written) {
  const result = load(written)
  if (result.ok) throw new Error('expected problems')
  return result.problems.map(({ words: _, ...problem }) => problem)
}

function settingsOf(written: Written) {
  const result = load(written)
  if (!result.ok) throw new Error(result.problems.map((problem) => formatProblem(problem, 'en')).join('\n'))
  return result
}

describe('what counts', () => {
  it('gives the defaults where nothing was written', () => {
    const { settings, sources, secrets } = settingsOf({})
    expect(settings).toEqual(defaultSettings())
    expect(new Set(Object.values(sources))).toEqual(new Set(['default']))
    expect(Object.keys(sources)).toEqual(settingKeys().map(({ key }) => key))
    expect(secrets.size).toBe(0)
  })

  it.each(['', '# nothing\n', '---\n', 'agent:\n  # port: 1\n', '{}', '\ufeffagent:\n  port: 7710\n'])(
    'takes %j for the defaults',
    (yaml) => {
      expect(settingsOf({ yaml }).settings).toEqual(defaultSettings())
    },
  )

  it('lets the nearer place go before, for every combination', () => {
    const port = fc.option(
      fc.integer({ min: 1, max: 65_535 }).filter((value) => value !== 7_711),
      { nil: undefined },
    )
    fc.assert(
      fc.property(port, port, port, (inYaml, inEnv, inEnvironment) => {
        const { settings, sources } = settingsOf({
          yaml: inYaml === undefined ? '' : `agent:\n  port: ${inYaml}\n`,
          env: inEnv === undefined ? '' : `OTTUGI_AGENT__PORT=${inEnv}\n`,
          environment: inEnvironment === undefined ? {} : { OTTUGI_AGENT__PORT: String(inEnvironment) },
        })
        expect(settings.agent.port).toBe(inEnvironment ?? inEnv ?? inYaml ?? 7_710)
        const nearest = [inEnvironment && 'environment', inEnv && '.env', inYaml && 'ottugi.yaml', 'default'].find(
          Boolean,
        )
        expect(sources['agent.port']).toBe(nearest)
      }),
      { numRuns: 60 },
    )
  })

  it('reads every kind of value from variables', () => {
    const { settings } = settingsOf({
      environment: {
        OTTUGI_LANGUAGE: 'ko',
        OTTUGI_WATCHDOG__INTERVAL_MS: '500',
        OTTUGI_BUDGET__DAY_USD: '0.5',
        OTTUGI_GUARDIAN__SAFE_MODE: 'no',
        OTTUGI_GUARDIAN__REQUIRE_COMMANDS: '[git, rg]',
        OTTUGI_SUPERVISOR__PASS_ENV: 'HTTPS_PROXY, NO_PROXY',
        OTTUGI_AGENT__SYSTEM_PROMPT: 'Be brief: always.',
      },
    })
    expect([
      settings.language,
      settings.watchdog.intervalMs,
      settings.budget.dayUsd,
      settings.guardian.safeMode,
    ]).toEqual(['ko', 500, 0.5, false])
    expect(settings.guardian.requireCommands).toEqual(['git', 'rg'])
    expect(settings.supervisor.passEnv).toEqual(['HTTPS_PROXY', 'NO_PROXY'])
    expect(settings.agent.systemPrompt).toBe('Be brief: always.')
  })

  it('keeps secrets apart from settings, and ignores what is not ours', () => {
    const env = 'ANTHROPIC_API_KEY="a b"\nOTTUGI_TOKEN=t\nOTTUGI_TOKEN_READ=r\nOTTUGI_AGENT__PORT=1\n'
    const environment = {
      OTTUGI_HOME: '/x',
      OTTUGI_TOKEN_A__B: 'x',
      OTTUGI_PASS_ENV: 'x',
      PATH: '/bin',
      OTTUGI_AGENT__HOST: '',
    }
    const { secrets, settings } = settingsOf({ env, environment })
    expect([...secrets]).toEqual([
      ['ANTHROPIC_API_KEY', 'a b'],
      ['OTTUGI_TOKEN', 't'],
      ['OTTUGI_TOKEN_READ', 'r'],
    ])
    expect(settings.agent).toMatchObject({ port: 1, host: '127.0.0.1' })
  })
})

describe('what is refused', () => {
  it('names the place, what was expected and what came', () => {
    expect(problemsOf({ yaml: 'agent:\n  port: abc\n' })).toEqual([
      {
        where: 'ottugi.yaml',
        key: 'agent.port',
        line: 2,
        column: 9,
        expected: 'a whole number from 0 to 65535',
        got: '"abc"',
      },
    ])
  })

  it('tells all mistakes of all places at once', () => {
    const problems = problemsOf({
      yaml: 'language: kr\nagnet: {}\n',
      env: 'A=1\nOTTUGI_LOGS__LEVEL=loud\n',
      environment: { OTTUGI_MODEL__NMAE: 'x' },
    })
    expect(problems.map(({ where, key, line, suggestion }) => ({ where, key, line, suggestion }))).toEqual([
      { where: 'ottugi.yaml', key: 'language', line: 1, suggestion: undefined },
      { where: '.env', key: 'logs.level', line: 2, suggestion: undefined },
      { where: 'ottugi.yaml', key: 'agnet', line: 2, suggestion: 'agent' },
      { where: 'environment', key: 'OTTUGI_MODEL__NMAE', line: undefined, suggestion: 'OTTUGI_MODEL__NAME' },
    ])
  })

  const letters = 'abcdefghijklmnopqrstuvwxyz'
  const mistyped = fc
    .record({
      setting: fc.constantFrom(...settingKeys().filter(({ key }) => key.includes('.'))),
      at: fc.nat(),
      letter: fc.constantFrom(...letters),
      how: fc.constantFrom('insert', 'delete', 'replace'),
    })
    .map(({ setting, at, letter, how }) => {
      const [group = '', name = ''] = setting.key.split('.')
      const index = at % name.length
      const rest = name.slice(how === 'insert' ? index : index + 1)
      return { key: setting.key, group, wrong: name.slice(0, index) + (how === 'delete' ? '' : letter) + rest }
    })
    .filter(({ group, wrong }) => wrong !== '' && !settingKeys().some(({ key }) => key === `${group}.${wrong}`))

  it('thinks of a slip of the finger before it thinks of another group', () => {
    expect(problemsOf({ yaml: 'gates:\n  host: 1\n' })).toMatchObject([{ suggestion: 'gates.hosts' }])
    expect(problemsOf({ yaml: 'agent:\n  intervalMs: 1\n' })).toMatchObject([{ suggestion: 'watchdog.intervalMs' }])
  })

  it('refuses every unknown key, and finds the one that is a letter away', () => {
    fc.assert(
      fc.property(mistyped, ({ group, wrong }) => {
        const [problem] = problemsOf({ yaml: `${group}:\n  "${wrong}": 1\n` })
        expect(problem).toMatchObject({ key: `${group}.${wrong}`, line: 2, expected: 'the name of a setting' })
        // Two names may be equally near (a pair such as minMb and maxMb would be): the suggestion is one letter away too.
        expect(settingKeys().map(({ key }) => key)).toContain(problem?.suggestion)
        expect(problem?.suggestion?.startsWith(`${group}.`)).toBe(true)
      }),
    )
  })

  it.each([
    ['watchdog:\n  silentMs: 5000\n', 'watchdog.hangMs', 2],
    ['watchdog:\n  retryMinMs: 400000\n', 'watchdog.retryMaxMs', 2],
    ['agent:\n  port: 7711\n', 'dashboard.port', 2],
  ])('holds the rules between settings: %j', (yaml, key, line) => {
    expect(problemsOf({ yaml })).toMatchObject([{ where: 'ottugi.yaml', key, line }])
  })

  it('lets both servers take any free port', () => {
    expect(settingsOf({ yaml: 'agent: {port: 0}\ndashboard: {port: 0}\n' }).ok).toBe(true)
  })

  it.each([
    ['a: 1\na: 2\n', 'YAML that can be read'],
    ['agent: [\n', 'YAML that can be read'],
    ['--- {}\n--- {}\n', 'YAML that can be read'],
    ['- a\n', 'settings, one "name: value" a line'],
    ['just words\n', 'settings, one "name: value" a line'],
    [bomb(), 'YAML that can be read'],
    ['['.repeat(100_000), 'YAML that can be read'],
    ['#'.repeat(1_048_577), 'a file of at most 1024 KiB'],
  ])('refuses a file that is no settings (%#)', (yaml, expected) => {
    expect(problemsOf({ yaml })[0]).toMatchObject({ where: 'ottugi.yaml', expected })
  })

  it('refuses a folder, bytes that are no text, and a file that cannot be read', () => {
    mkdirSync(join(folder, '.env'))
    writeFileSync(join(folder, 'ottugi.yaml'), Buffer.from([0xff, 0xfe, 0x00]))
    expect(problemsOf({})).toMatchObject([
      { where: 'ottugi.yaml', expected: 'a text file in UTF-8' },
      { where: '.env', got: 'a folder' },
    ])
    chmodSync(join(folder, 'ottugi.yaml'), 0)
    if (process.getuid?.() !== 0) expect(problemsOf({})[0]).toMatchObject({ got: 'the error EACCES' })
  })

  it.each(['MY_KEY', 'GITHUB_TOKEN', 'my_secret', 'DB_PASSWORD'])('hands no secret to the processes: %s', (name) => {
    const result = load({ yaml: `supervisor:\n  passEnv: [HTTPS_PROXY, ${name}]\n` })
    if (result.ok) throw new Error('expected a problem')
    expect(result.problems).toHaveLength(1)
    expect(result.problems.map((problem) => formatProblem(problem, 'en'))[0]).toContain('Put the secret into .env')
  })

  it.each(['ftp://a', 'https://me:pw@a.example', 'a.example', 'javascript:alert(1)'])(
    'takes no other address than a web address: %s',
    (url) => {
      expect(problemsOf({ yaml: `model:\n  baseUrl: "${url}"\n` })).toHaveLength(1)
    },
  )

  it('never shows a secret, wherever it was put by mistake', () => {
    const secret = 'sk-ant-api03-abcdefghijklmnopqrstuvwxyz0123456789'
    const yaml = `model:\n  keyVariable: ${secret}\n  maxTokens: ${secret}\n`
    const env = `OTTUGI_AGENT__PORT=hunter2\n`
    const result = load({ yaml, env, environment: { OTTUGI_LOGS__LEVEL: secret } })
    if (result.ok) throw new Error('expected problems')
    expect(result.problems).toHaveLength(4)
    const told = JSON.stringify(result) + result.problems.map((problem) => formatProblem(problem, 'ko')).join()
    expect(told).not.toContain('hunter2')
    expect(told).not.toContain('abcdefghij')
  })
})

function bomb(): string {
  const lists = ['a', 'b', 'c', 'd', 'e', 'f'].map((name, index, all) => {
    const inner = index === 0 ? '"x"' : `*${all[index - 1]}`
    return `${name}: &${name} [${Array(9).fill(inner).join(',')}]`
  })
  return `${lists.join('\n')}\n`
}

describe('listening', () => {
  const withHosts = (agent: string, dashboard: string) => {
    const settings = defaultSettings()
    return {
      ...settings,
      agent: { ...settings.agent, host: agent },
      dashboard: { ...settings.dashboard, host: dashboard },
    }
  }

  it.each(['127.0.0.1', '127.8.8.8', '::1', '0:0:0:0:0:0:0:1', 'localhost'])(
    'lets %s listen without a token',
    (host) => {
      expect(checkBind(withHosts(host, host), false)).toEqual([])
    },
  )

  it.each(['0.0.0.0', '::', '192.168.0.2', '127.evil.example', '10.0.0.1', 'myhost'])(
    'refuses %s without a token',
    (host) => {
      expect(checkBind(withHosts('127.0.0.1', host), false)).toMatchObject([
        { key: 'dashboard.host', got: JSON.stringify(host) },
      ])
      expect(checkBind(withHosts(host, host), true)).toEqual([])
    },
  )
})

describe('the hash', () => {
  it('is the same for equal settings whatever their order, and another one for others', () => {
    const settings = defaultSettings()
    const turned = Object.fromEntries(Object.entries(settings).reverse()) as typeof settings
    expect(settingsHash(turned)).toBe(settingsHash(settings))
    expect(settingsHash(settings)).toMatch(/^[0-9a-f]{64}$/)
    expect(settingsHash({ ...settings, language: 'ko' })).not.toBe(settingsHash(settings))
    expect(settingsHash(settings, 'more')).not.toBe(settingsHash(settings))
  })
})

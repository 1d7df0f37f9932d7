import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { Command } from 'commander'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { registerConfig } from '../../src/cli/commands/config.ts'
import { editSettings } from '../../src/cli/commands/configEdit.ts'
import { setSecret } from '../../src/cli/commands/configSecret.ts'
import { type CliIo, createContext } from '../../src/cli/context.ts'

let home: string

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'ottugi-cli-'))
})

afterEach(() => rmSync(home, { recursive: true, force: true }))

/** A command line without a process: what is printed and the exit code are kept. */
function cli(given: Partial<CliIo> = {}) {
  const printed = { out: '', err: '', code: 0 }
  const io: CliIo = {
    environment: {},
    out: (text) => {
      printed.out += `${text}\n`
    },
    err: (text) => {
      printed.err += `${text}\n`
    },
    input: Readable.from([]),
    isTerminal: false,
    isOutputTerminal: false,
    exit: (code) => {
      printed.code = code
    },
    ...given,
  }
  const context = createContext({ home }, io)
  const run = async (...words: string[]) => {
    const program = new Command()
    registerConfig(program, context)
    await program.parseAsync(['config', ...words], { from: 'user' })
    return { ...printed }
  }
  return { context, printed, run }
}

const settings = () => join(home, 'ottugi.yaml')
const write = (text: string) => writeFileSync(settings(), text)
const written = () => readFileSync(settings(), 'utf8')

describe('reading', () => {
  it('lists every setting with its value and source', async () => {
    write('agent:\n  port: 7720\n')
    const { out, code } = await cli({ environment: { OTTUGI_LANGUAGE: 'en' } }).run('list')
    expect(code).toBe(0)
    expect(out).toMatch(/^agent\.port +7720 +ottugi\.yaml$/m)
    expect(out).toMatch(/^language +en +environment$/m)
    expect(out).toMatch(/^watchdog\.intervalMs +3000 ms +default$/m)
    const rows = JSON.parse((await cli().run('list', '--json')).out)
    expect(rows).toContainEqual(
      expect.objectContaining({ key: 'agent.port', value: 7720, source: 'ottugi.yaml', default: 7710 }),
    )
  })

  it('prints one value bare, or as JSON', async () => {
    expect((await cli().run('get', 'model.name')).out).toBe('claude-sonnet-5-5\n')
    expect(JSON.parse((await cli().run('get', 'budget.dayUsd', '--json')).out)).toEqual({
      key: 'budget.dayUsd',
      value: 5,
      source: 'default',
      default: 5,
      unit: 'USD',
    })
  })

  it('names the nearest setting for an unknown one', async () => {
    for (const words of [
      ['get', 'agent.prot'],
      ['set', 'agent.prot', '1'],
      ['reset', 'agent.prot'],
    ]) {
      const { err, code } = await cli().run(...words)
      expect([err, code]).toEqual(['There is no setting agent.prot. Did you mean agent.port?\n', 2])
    }
    expect(existsSync(settings())).toBe(false)
  })

  it('says where the settings are', async () => {
    expect((await cli().run('path')).out).toBe(`${settings()}\n`)
    expect(JSON.parse((await cli().run('path', '--json')).out)).toEqual({
      home,
      settings: settings(),
      env: join(home, '.env'),
    })
  })
})

describe('validate', () => {
  it('is content with valid settings', async () => {
    expect(await cli().run('validate')).toEqual({ out: `The settings are valid: ${settings()}\n`, err: '', code: 0 })
    expect(JSON.parse((await cli().run('validate', '--json')).out)).toEqual({ ok: true, problems: [] })
  })

  it('names all problems and exits 78', async () => {
    write('agent:\n  prot: 1\n  port: x\n')
    const { err, code } = await cli().run('validate')
    expect(code).toBe(78)
    expect(err).toBe(
      [
        'The settings are not valid:',
        'ottugi.yaml, line 3, column 9: agent.port: expected a whole number from 0 to 65535, got "x". Correct this line.',
        'ottugi.yaml, line 2, column 3: agent.prot: there is no setting of this name. Did you mean agent.port?',
        '',
      ].join('\n'),
    )
    const json = JSON.parse((await cli().run('validate', '--json')).out)
    expect(json).toMatchObject({ ok: false, problems: [{ key: 'agent.port', line: 3 }, { suggestion: 'agent.port' }] })
    expect(json.problems[0]).not.toHaveProperty('words')
  })

  it('refuses to listen beyond this machine without a token', async () => {
    write('dashboard:\n  host: 0.0.0.0\n')
    expect((await cli().run('validate')).code).toBe(78)
    writeFileSync(join(home, '.env'), 'OTTUGI_TOKEN=ott_admin_0123456789abcdef\n')
    expect((await cli().run('validate')).code).toBe(0)
  })

  it('speaks Korean, also where the settings are broken', async () => {
    write('language: ko\nagent: 5\n')
    expect((await cli().run('validate')).err).toContain('설정이 올바르지 않습니다')
    expect((await cli({ environment: { LANG: 'ko_KR.UTF-8', OTTUGI_LANGUAGE: 'en' } }).run('validate')).err).toContain(
      'not valid',
    )
  })
})

describe('the context', () => {
  it('follows a home that is named after it was made', () => {
    const options: { home?: string } = {}
    const context = createContext(options, {
      ...cli().context,
      isOutputTerminal: false,
      environment: { OTTUGI_HOME: '/nowhere' },
    })
    expect([context.home, context.language]).toEqual(['/nowhere', 'en'])
    write('language: ko\n')
    options.home = home
    expect([context.home, context.paths.settings, context.language]).toEqual([home, settings(), 'ko'])
  })
})

describe('changing', () => {
  it('shows the difference and says when it counts', async () => {
    write('# mine\nagent:\n  port: 7710 # here\n')
    const { out, code } = await cli().run('set', 'agent.port', '7720')
    expect(code).toBe(0)
    expect(out).toContain('-  port: 7710 # here\n+  port: 7720 # here\n')
    expect(out).toMatch(/It takes effect at the next start: (npx )?ottugi restart/)
    expect(written()).toBe('# mine\nagent:\n  port: 7720 # here\n')
    expect((await cli().run('reset', 'agent.port')).out).toContain('agent.port is back to its default: 7710.')
    expect(written()).toBe('# mine\nagent:\n  # here\n')
  })

  it('takes lists, texts with colons, and owner-only settings', async () => {
    await cli().run('set', 'guardian.requireCommands', 'git, rg')
    await cli().run('set', 'agent.systemPrompt', 'You are: brief')
    await cli().run('set', 'budget.dayUsd', '2.5')
    expect(written()).toBe(
      'guardian:\n  requireCommands: [ git, rg ]\nagent:\n  systemPrompt: "You are: brief"\nbudget:\n  dayUsd: 2.5\n',
    )
  })

  it('writes nothing that is not valid', async () => {
    write('language: en\n')
    const { err, code } = await cli().run('set', 'agent.port', 'high')
    expect(code).toBe(2)
    expect(err).toContain('Nothing was saved')
    expect(err).toContain(
      'ottugi.yaml: agent.port: expected a whole number from 0 to 65535, got "high". Give another value.',
    )
    expect((await cli().run('set', 'watchdog.silentMs', '5000')).code).toBe(2)
    expect(written()).toBe('language: en\n')
    write('agent: [')
    expect((await cli().run('set', 'language', 'ko')).code).toBe(78)
  })

  it('says when a variable goes before the file', async () => {
    const { out } = await cli({ environment: { OTTUGI_AGENT__PORT: '1' } }).run('set', 'agent.port', '7720')
    expect(out).toContain('For now the environment goes before it, with OTTUGI_AGENT__PORT.')
  })

  it('takes out a key that is no setting', async () => {
    write('agent:\n  prot: 1\n')
    const { out, code } = await cli().run('reset', 'agent.prot')
    expect([code, written()]).toEqual([0, 'agent:\n'])
    expect(out).toContain('Removed agent.prot')
  })
})

describe('edit', () => {
  const terminal = { isTerminal: true, environment: { EDITOR: 'fake' } }

  it('needs a terminal and an editor', async () => {
    expect(await cli().run('edit')).toMatchObject({ code: 2, err: expect.stringContaining('needs a terminal') })
    expect(await cli({ isTerminal: true }).run('edit')).toMatchObject({
      code: 2,
      err: expect.stringContaining('EDITOR=nano'),
    })
  })

  it('replaces the settings by a valid copy', () => {
    write('language: en\n')
    const { context, printed } = cli(terminal)
    const code = editSettings(context, (editor, file) => {
      expect([editor, readFileSync(file, 'utf8')]).toEqual(['fake', 'language: en\n'])
      writeFileSync(file, 'language: ko\n')
      return 0
    })
    expect([code, written(), existsSync(`${settings()}.edit`)]).toEqual([0, 'language: ko\n', false])
    expect(printed.out).toContain('-language: en\n+language: ko\n')
  })

  it('keeps an invalid copy beside, and goes on with it the next time', () => {
    write('language: en\n')
    const first = cli(terminal)
    const invalid = (_: string, file: string) => {
      writeFileSync(file, 'language: xx\n')
      return 0
    }
    expect(editSettings(first.context, invalid)).toBe(78)
    expect(written()).toBe('language: en\n')
    expect(first.printed.err).toContain(`${settings()}.edit`)
    const second = cli(terminal)
    const mended = (_: string, file: string) => {
      expect(readFileSync(file, 'utf8')).toBe('language: xx\n')
      writeFileSync(file, 'language: auto\n')
      return 0
    }
    expect(editSettings(second.context, mended)).toBe(0)
    expect(written()).toBe('language: auto\n')
  })

  it('replaces nothing when the editor fails or somebody else was quicker', () => {
    write('language: en\n')
    expect(editSettings(cli(terminal).context, () => 1)).toBe(1)
    rmSync(`${settings()}.edit`)
    const raced = editSettings(cli(terminal).context, () => {
      write('language: auto\n')
      return 0
    })
    expect([raced, written()]).toEqual([75, 'language: auto\n'])
  })
})

describe('secret', () => {
  it('comes from standard input and is never shown', async () => {
    const { out, err, code } = await cli({ input: Readable.from(['sk-', 'very secret\n']) }).run(
      'secret',
      'set',
      'ANTHROPIC_API_KEY',
    )
    expect(code).toBe(0)
    expect(out + err).not.toContain('very')
    expect(readFileSync(join(home, '.env'), 'utf8')).toBe("ANTHROPIC_API_KEY='sk-very secret'\n")
    expect(statSync(join(home, '.env')).mode & 0o777).toBe(0o600)
    expect((await cli().run('secret', 'list')).out).toBe('ANTHROPIC_API_KEY\n')
    expect((await cli().run('secret', 'list', '--json')).out).toBe('["ANTHROPIC_API_KEY"]\n')
  })

  it('is asked for unseen on a terminal', async () => {
    const keyboard = new PassThrough()
    const { context, printed } = cli({ isTerminal: true, input: keyboard })
    const done = setSecret(context, 'A_KEY')
    keyboard.write('typed\r')
    expect(await done).toBe(0)
    expect(printed.out + printed.err).not.toContain('typed')
    expect(readFileSync(join(home, '.env'), 'utf8')).toBe('A_KEY=typed\n')
  })

  it.each([
    ['A_KEY', '', 'No value came'],
    ['A-KEY', 'x', 'cannot be the name'],
    ['OTTUGI_AGENT__PORT', '1', 'is a setting'],
    ['A_KEY', 'a\nb', 'line break'],
  ])('is refused for %s with %j', async (name, value, reason) => {
    const { err, code } = await cli({ input: Readable.from([value]) }).run('secret', 'set', name)
    expect([code, err]).toEqual([2, expect.stringContaining(reason)])
    expect(existsSync(join(home, '.env'))).toBe(false)
  })

  it('list says when there is none', async () => {
    expect((await cli().run('secret', 'list')).out).toContain('There are no secrets')
  })
})

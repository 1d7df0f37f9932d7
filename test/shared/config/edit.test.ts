import { chmodSync, lstatSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { replaceSettings, resetSetting, setSetting } from '../../../src/shared/config/edit.ts'
import { settingKeys } from '../../../src/shared/config/keys.ts'
import { checkSettingsText, defaultSettings } from '../../../src/shared/config/load.ts'
import { withoutValue, withValue } from '../../../src/shared/config/yamlEdit.ts'

let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ottugi-edit-'))
  file = join(folder, 'ottugi.yaml')
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

const FILES = [
  '',
  '# only words\n',
  '---\n# after a mark\n',
  'language: ko # mine',
  `# head
language:   auto   # spaces are mine

agent:   # the patient
    # four spaces are mine
    port:    7720     # a port
    systemPrompt: |
      Be brief.
      # this is no comment

    # the end of agent
dashboard:
  # port: 1
supervisor:
  passEnv:
    # proxies
    - HTTPS_PROXY # one
    - NO_PROXY    # two
  # after the list
logs: {level: warn, maxFiles: 3} # in one line
# tail`,
  'watchdog:\n  # first\n  intervalMs: 500\n  # last\n\n# between\n\nlogs:\n  level: "debug" # quoted\n',
  '"agent":\n  "port": 1 # quoted names\n',
  '{agent: {port: 1}, language: en} # flow\n',
  'agent:\r\n  port: 1 # windows\r\nlogs:\r\n  level: warn\r\n',
]

const VALUES: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  'agent.port': fc.integer({ min: 1, max: 7_000 }),
  'agent.systemPrompt': fc.string({ minLength: 1 }),
  'agent.maxHeapMb': fc.integer({ min: 16, max: 4_096 }),
  'dashboard.port': fc.integer({ min: 8_000, max: 9_000 }),
  language: fc.constantFrom('auto', 'en', 'ko'),
  'logs.level': fc.constantFrom('info', 'warn'),
  'logs.maxFiles': fc.integer({ min: 1, max: 9 }),
  'budget.dayUsd': fc.double({ min: 0, max: 100, noNaN: true }),
  'guardian.safeMode': fc.boolean(),
  'guardian.requireCommands': fc.uniqueArray(fc.constantFrom('git', 'rg', 'node')),
  'supervisor.passEnv': fc.uniqueArray(fc.constantFrom('HTTPS_PROXY', 'LANG')),
  'watchdog.intervalMs': fc.integer({ min: 200, max: 5_000 }),
}

const change = fc
  .constantFrom(...Object.keys(VALUES))
  .chain((key) => (VALUES[key] ?? fc.constant(0)).map((value) => ({ key, value })))

function settingsIn(text: string) {
  const checked = checkSettingsText(text)
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems))
  return checked.settings
}

function at(settings: unknown, key: string): unknown {
  return key.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown>)[name], settings)
}

/** The words of all comments; where they stand and how they are spaced may change. */
function commentsOf(text: string): string[] {
  const withoutText = text.replaceAll('# this is no comment', '')
  return [...withoutText.matchAll(/(?:^|\s)#\s*(.*)$/gm)].map(([, words]) => (words ?? '').trim()).sort()
}

/** What all other settings are, with one of them as its default. */
function without(settings: ReturnType<typeof defaultSettings>, key: string) {
  const copy = structuredClone(settings) as unknown as Record<string, Record<string, unknown>>
  const [group = '', name] = key.split('.')
  const initial = at(defaultSettings(), key)
  if (name === undefined) return { ...copy, [group]: initial }
  return { ...copy, [group]: { ...copy[group], [name]: initial } }
}

describe('a change', () => {
  it('sets what it should, changes nothing else and keeps every comment', () => {
    fc.assert(
      fc.property(fc.constantFrom(...FILES), change, (before, { key, value }) => {
        const after = withValue(before, key, value)
        expect(at(settingsIn(after), key)).toEqual(value)
        expect(without(settingsIn(after), key)).toEqual(without(settingsIn(before), key))
        if (key !== 'agent.systemPrompt') expect(commentsOf(after)).toEqual(commentsOf(before))
      }),
      { numRuns: 500 },
    )
  })

  it('is gone after a reset, and every comment is still there', () => {
    fc.assert(
      fc.property(fc.constantFrom(...FILES), fc.array(change, { minLength: 1, maxLength: 5 }), (before, changes) => {
        let text = before
        for (const { key, value } of changes) text = withValue(text, key, value)
        for (const { key } of changes) text = withoutValue(text, key)
        const expected = changes.reduce(
          (settings, { key }) => without(settings as never, key),
          settingsIn(before) as unknown,
        )
        expect(settingsIn(text)).toEqual(expected)
        const hadPrompt = changes.some(({ key }) => key === 'agent.systemPrompt')
        if (!hadPrompt) expect(commentsOf(text)).toEqual(commentsOf(before))
      }),
      { numRuns: 500 },
    )
  })

  it('leaves every other byte of a common file as it is', () => {
    const before = FILES[4] ?? ''
    expect(withValue(before, 'agent.port', 1)).toBe(before.replace('port:    7720', 'port: 1'))
    expect(withValue(before, 'agent.maxHeapMb', 64)).toBe(
      before.replace('no comment\n', 'no comment\n    maxHeapMb: 64\n'),
    )
    expect(withValue(before, 'dashboard.port', 2)).toBe(before.replace('dashboard:\n', 'dashboard:\n  port: 2\n'))
    expect(withValue(before, 'budget.dayUsd', 2)).toBe(`${before}\nbudget:\n  dayUsd: 2\n`)
    expect(withoutValue(before, 'language')).toBe(before.replace('language:   auto   # spaces', '# spaces'))
  })
})

describe('a change of the file', () => {
  it('makes the file where there is none, for its owner alone', () => {
    const result = setSetting(file, 'agent.port', 7_720)
    expect(result).toEqual({
      ok: true,
      before: '',
      after: 'agent:\n  port: 7720\n',
      diff: '@@ -0,0 +1,2 @@\n+agent:\n+  port: 7720',
    })
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  it('keeps the mode, and the link where it is one', () => {
    const real = join(folder, 'real.yaml')
    writeFileSync(real, 'language: en\n')
    chmodSync(real, 0o640)
    symlinkSync(real, file)
    const mask = process.umask(0o077)
    expect(setSetting(file, 'language', 'ko').ok).toBe(true)
    process.umask(mask)
    expect(lstatSync(file).isSymbolicLink()).toBe(true)
    expect([readFileSync(real, 'utf8'), statSync(real).mode & 0o777]).toEqual(['language: ko\n', 0o640])
  })

  it('writes nothing that is not valid as a whole', () => {
    writeFileSync(file, 'watchdog:\n  silentMs: 1500\n')
    const result = setSetting(file, 'watchdog.hangMs', 1_200)
    expect(result).toMatchObject({ ok: false, problems: [{ key: 'watchdog.hangMs', line: 3, got: '1200' }] })
    expect(readFileSync(file, 'utf8')).toBe('watchdog:\n  silentMs: 1500\n')
    expect(setSetting(file, 'agent.prot', 1)).toMatchObject({ ok: false, problems: [{ key: 'agent.prot' }] })
    writeFileSync(file, 'agent: [')
    expect(setSetting(file, 'language', 'ko').ok).toBe(false)
    expect(readFileSync(file, 'utf8')).toBe('agent: [')
  })

  it('can be undone, and an unknown key can be taken out', () => {
    writeFileSync(file, 'agent:\n  prot: 5 # oops\n')
    const result = resetSetting(file, 'agent.prot')
    expect(result).toMatchObject({ ok: true, after: 'agent:\n  # oops\n' })
    expect(replaceSettings(file, 'language: ko\n')).toMatchObject({ ok: true, before: 'agent:\n  # oops\n' })
    expect(replaceSettings(file, 'language: xx\n')).toMatchObject({ ok: false })
    expect(readFileSync(file, 'utf8')).toBe('language: ko\n')
  })

  it('says nothing where nothing changes', () => {
    writeFileSync(file, 'language: ko\n')
    expect(setSetting(file, 'language', 'ko')).toMatchObject({ ok: true, diff: '' })
    expect(resetSetting(file, 'agent.port')).toMatchObject({ ok: true, diff: '' })
  })

  it('fails with a reason where the file cannot be replaced', () => {
    expect(setSetting(join(folder, 'missing', 'ottugi.yaml'), 'language', 'ko')).toMatchObject({
      ok: false,
      problems: [{ expected: 'a file that this user can write', got: 'the error ENOENT' }],
    })
    expect(setSetting(folder, 'language', 'ko')).toMatchObject({ ok: false, problems: [{ got: 'a folder' }] })
  })

  it('knows every setting', () => {
    for (const { key, default: initial } of settingKeys()) expect(setSetting(file, key, initial).ok, key).toBe(true)
    expect(settingsIn(readFileSync(file, 'utf8'))).toEqual(defaultSettings())
  })
})

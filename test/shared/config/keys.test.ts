import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { editDistance } from '../../../src/shared/config/editDistance.ts'
import {
  comparable,
  comparableKey,
  environmentName,
  isReservedVariable,
} from '../../../src/shared/config/environmentNames.ts'
import { settingsJsonSchema } from '../../../src/shared/config/jsonSchema.ts'
import { findSetting, nearestKey, sectionNames, settingKeys } from '../../../src/shared/config/keys.ts'
import { checkSettingsText } from '../../../src/shared/config/load.ts'
import { readOverrides } from '../../../src/shared/config/overrides.ts'
import { settingsReference } from '../../../src/shared/config/settingsReference.ts'
import { appRoot } from '../../../src/shared/paths.ts'

const keys = settingKeys()

describe('the list of settings', () => {
  it('tells of each one what a person needs to know', () => {
    for (const { key, description, unit, type } of keys) {
      expect(description.length, key).toBeGreaterThan(10)
      expect(type, key).not.toBe('')
      if (/(?:Ms|Mb|Usd|PerMTok|Tokens)$/.test(key)) expect(unit, key).toBeTruthy()
    }
  })

  it('keeps from HTTP and the agent what they must not change', () => {
    expect(keys.filter(({ ownerOnly }) => ownerOnly).map(({ key }) => key)).toEqual([
      'agent.host',
      'dashboard.host',
      'dashboard.publicUrl',
      'dashboard.basePath',
      'dashboard.trustedProxies',
      'model.baseUrl',
      'model.keyVariable',
      'model.fallbacks',
      'model.fallbackWhenRefused',
      'providers',
      'budget.dayUsd',
      'budget.monthUsd',
      'budget.runUsd',
      'budget.sessionUsd',
      'budget.jobUsd',
      'budget.dayTokens',
      'budget.monthTokens',
      'budget.runTokens',
      'budget.sessionTokens',
      'budget.jobTokens',
      'budget.warnPercent',
      'budget.slowPercent',
      'budget.slowMs',
      'guardian.requireCommands',
      'recovery.autonomy',
      'recovery.model',
      'recovery.callsPerHour',
      'recovery.dayUsd',
      'alerts.channels',
      'alerts.link',
      'alerts.deadManVariable',
      'sandbox.user',
      'sandbox.folders',
      'sandbox.processes',
      'sandbox.memoryMb',
      'sandbox.fileMb',
      'sandbox.writeMb',
      'tools.searchEngine',
      'tools.searchUrl',
      'gates.mode',
      'gates.rules',
      'gates.hosts',
      'network.allow',
      'network.deny',
      'network.secrets',
      'supervisor.passEnv',
    ])
  })

  it('finds a setting by its key only', () => {
    expect(findSetting('watchdog.intervalMs')).toMatchObject({ default: 3_000, unit: 'ms', kind: 'number' })
    for (const name of ['watchdog', 'nothing', '__proto__', 'constructor', ''])
      expect(findSetting(name)).toBeUndefined()
  })
})

describe('names of variables', () => {
  it.each([
    ['language', 'OTTUGI_LANGUAGE'],
    ['watchdog.intervalMs', 'OTTUGI_WATCHDOG__INTERVAL_MS'],
    ['model.inputUsdPerMTok', 'OTTUGI_MODEL__INPUT_USD_PER_M_TOK'],
  ])('%s is %s', (key, name) => expect(environmentName(key)).toBe(name))

  it('lead back to their setting, in any case and with or without single underscores', () => {
    const spelling = fc.constantFrom(
      (name: string) => name,
      (name: string) => `OTTUGI_${name.slice(7).toLowerCase()}`,
      (name: string) => `OTTUGI_${name.slice(7).replace(/(?<!_)_(?!_)/g, '')}`,
    )
    fc.assert(
      fc.property(fc.constantFrom(...keys), spelling, (setting, spell) => {
        expect(comparableKey(spell(setting.environmentName))).toBe(comparable(setting.key))
      }),
    )
    expect(new Set(keys.map(({ key }) => comparable(key))).size).toBe(keys.length)
  })

  it('lets the exact spelling win', () => {
    const { overrides } = readOverrides({
      where: 'environment',
      variables: { OTTUGI_AGENT__PORT: '1', OTTUGI_AGENT__port: '2' },
    })
    expect(overrides.at(-1)?.value).toBe(1)
  })

  it('are never settings where they are reserved', () => {
    for (const name of [
      'OTTUGI_HOME',
      'OTTUGI_TOKEN',
      'OTTUGI_TOKEN_READ',
      'OTTUGI_TOKEN_A__B',
      'OTTUGI_SESSION_SECRET',
    ]) {
      expect(isReservedVariable(name)).toBe(true)
      expect(comparableKey(name)).toBeUndefined()
    }
    expect(isReservedVariable('OTTUGI_LANGUAGE')).toBe(false)
  })
})

describe('the nearest name', () => {
  const known = [...sectionNames(), ...keys.map(({ key }) => key)]
  it.each([
    ['agent.prot', 'agent.port'],
    ['agnet', 'agent'],
    ['maxRestarts', 'watchdog.maxRestarts'],
    ['agent.intervalMs', 'watchdog.intervalMs'],
    ['watchdog.interval_ms', 'watchdog.intervalMs'],
    ['something.quite.different', undefined],
  ])('of %s is %s', (name, nearest) => expect(nearestKey(name, known)).toBe(nearest))

  it('is measured by a distance', () => {
    const word = fc.string({ maxLength: 8 })
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(editDistance(a, a)).toBe(0)
        expect(editDistance(a, b)).toBe(editDistance(b, a))
        expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length))
        expect(editDistance(a, b)).toBeGreaterThanOrEqual(Math.abs(a.length - b.length))
      }),
    )
    expect(editDistance('prot', 'port')).toBe(1)
  })
})

describe('what is made from the schema', () => {
  it('stands in the repository as it would be made', () => {
    expect(readFileSync(join(appRoot, 'docs/settings.md'), 'utf8')).toBe(settingsReference())
    expect(JSON.parse(readFileSync(join(appRoot, 'docs/ottugi.schema.json'), 'utf8'))).toEqual(settingsJsonSchema())
  })

  it('names every setting in the reference', () => {
    for (const { key, environmentName: name } of keys)
      expect(settingsReference()).toMatch(new RegExp(`^\\| \`${key}\` .*\`${name}\` \\|$`, 'm'))
  })

  it('accepts the settings file that is shipped, also with all its examples turned on', () => {
    const shipped = readFileSync(join(appRoot, 'ottugi.yaml'), 'utf8')
    expect(checkSettingsText(shipped).ok).toBe(true)
    const examples = shipped
      .split('\n')
      .filter((line) => /^# (?: {2})?\w+:( |$)/.test(line) && !line.includes('$schema'))
    expect(examples.length).toBeGreaterThan(5)
    expect(checkSettingsText(examples.map((line) => line.slice(2)).join('\n'))).toMatchObject({ ok: true })
  })
})

/** The settings of safe mode: the defaults, with what an owner's browser and scripts rely on, where it can still be read. */
import { readEnvFile } from '../shared/config/envFile.ts'
import { checkSettingsText, defaultSettings } from '../shared/config/load.ts'
import { isLoopbackHost } from '../shared/config/loopback.ts'
import { isSettingVariable, readOverrides } from '../shared/config/overrides.ts'
import type { Settings } from '../shared/config/schema.ts'
import { parseYamlSettings } from '../shared/config/yamlSettings.ts'
import type { GuardianContext } from './check.ts'

/** What is kept of the owner's settings. */
const KEPT = ['language', 'agent.port', 'agent.host', 'dashboard.port', 'dashboard.host', 'guardian.safeMode'] as const

/** Defaults and what is kept; an address beyond this machine only where it is protected by a token. Never fails. */
export function safeSettings(ctx: GuardianContext, settingsText: string | undefined, hasToken: boolean): Settings {
  const values = readKept(ctx, settingsText ?? '')
  let settings = defaultSettings()
  for (const [key, value] of values) {
    const [group = '', name] = key.split('.')
    const alone = name === undefined ? { [group]: value } : { [group]: { [name]: value } }
    // JSON is YAML: one value alone is judged by the same rules as the whole file.
    if (!checkSettingsText(JSON.stringify(alone)).ok) continue
    if (name === 'host' && !hasToken && !isLoopbackHost(String(value))) continue
    settings = withValue(settings, group, name, value)
  }
  return settings
}

function withValue(settings: Settings, group: string, name: string | undefined, value: unknown): Settings {
  if (name === undefined) return { ...settings, [group]: value }
  return { ...settings, [group]: { ...(settings[group as keyof Settings] as object), [name]: value } }
}

/** By nearness: the file, then `.env`, then the environment. */
function readKept(ctx: GuardianContext, settingsText: string): Map<string, unknown> {
  const env = readEnvFile(ctx.paths.env)
  const fromEnv = readOverrides({ where: '.env', variables: env.ok ? Object.fromEntries(env.variables) : {} }).overrides
  const fromOuter = readOverrides({ where: 'environment', variables: ctx.environment }).overrides
  const overrides = [...fromEnv, ...fromOuter].map(({ key, value }) => [key, value] as const)
  const kept = new Set<string>(KEPT)
  return new Map([...readFromYaml(settingsText), ...overrides.filter(([key]) => kept.has(key))])
}

function readFromYaml(text: string): [string, unknown][] {
  const parsed = parseYamlSettings(text)
  const values = parsed.ok ? parsed.yaml.values : roughValues(text)
  return KEPT.flatMap((key): [string, unknown][] => {
    const [group = '', name] = key.split('.')
    const outer = values[group]
    const value = name === undefined ? outer : (outer as Record<string, unknown> | null | undefined)?.[name]
    return value === undefined || value === null ? [] : [[key, value]]
  })
}

/** Reads `group:` and `  name: value` lines out of a text that is no YAML any more. */
function roughValues(text: string): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  let group = ''
  for (const line of text.split('\n')) {
    const match = /^(\s*)([A-Za-z]+):\s*["']?([^"'#\s]*)["']?\s*(?:#.*)?$/.exec(line)
    if (!match) continue
    const [, indent = '', name = '', word = ''] = match
    if (indent === '' && word === '') group = name
    else if (indent === '') values[name] = wordValue(word)
    else values[group] = { ...(values[group] as object | undefined), [name]: wordValue(word) }
  }
  return values
}

function wordValue(word: string): unknown {
  if (/^\d+$/.test(word)) return Number(word)
  return word === 'true' || word === 'false' ? word === 'true' : word
}

/** The secrets of `.env`, read by themselves where the settings beside them are broken. */
export function readSecrets(envFile: string): Map<string, string> {
  const env = readEnvFile(envFile)
  return new Map(env.ok ? [...env.variables].filter(([name]) => !isSettingVariable(name)) : [])
}

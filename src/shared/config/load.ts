/**
 * Loads the settings of an installation. What is nearer goes before: environment, `.env`, `ottugi.yaml`, defaults of the schema.
 * Nothing is thrown for what an owner may have written; every mistake is a problem with its place, and all of them are told at once.
 */
import { createHash } from 'node:crypto'
import { phrase } from '../messages/phrase.ts'
import { type CheckResult, checkValues, type Origin, type Origins } from './check.ts'
import { lineOfVariable, readEnvFile } from './envFile.ts'
import { sectionNames, settingKeys } from './keys.ts'
import { isLoopbackHost } from './loopback.ts'
import { followProvider } from './models.ts'
import { isSettingVariable, type Override, type Overrides, readOverrides } from './overrides.ts'
import { describeValue, type Place, type SettingsProblem, settingsProblem } from './problem.ts'
import { readConfigFile } from './readConfigFile.ts'
import { type Settings, settingsSchema } from './schema.ts'
import { parseYamlSettings, type YamlResult, type YamlSettings } from './yamlSettings.ts'

/** Where the value of a setting came from. */
export type SettingSource = Place | 'default'

export type SettingsInput = {
  readonly settingsFile: string
  readonly envFile: string
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** Valid settings and the secrets beside them, or all that is wrong. */
export type LoadResult =
  | {
      readonly ok: true
      readonly settings: Settings
      /** By dotted key, for every setting. */
      readonly sources: Readonly<Record<string, SettingSource>>
      /** Every variable of `.env` that is no setting. */
      readonly secrets: ReadonlyMap<string, string>
    }
  | { readonly ok: false; readonly problems: SettingsProblem[] }

/** Loads and checks everything. Missing files are empty ones. */
export function loadSettings({ settingsFile, envFile, environment }: SettingsInput): LoadResult {
  const yaml = readSettingsFile(settingsFile)
  const env = readVariables(envFile)
  const outer = readOverrides({ where: 'environment', variables: environment })
  const problems = [...(yaml.ok ? [] : yaml.problems), ...env.problems, ...outer.problems]
  if (!yaml.ok) return { ok: false, problems }
  // The environment comes last, and so wins.
  const overrides = new Map([...env.overrides, ...outer.overrides].map((override) => [override.key, override]))
  const checked = checkMerged(yaml.yaml, overrides)
  if (!checked.ok) return { ok: false, problems: [...checked.problems, ...problems] }
  if (problems.length > 0) return { ok: false, problems }
  return { ok: true, settings: checked.settings, sources: sourcesOf(yaml.yaml, overrides), secrets: env.secrets }
}

/** Checks the text of an `ottugi.yaml` alone, without variables: what a change must pass before it is written. */
export function checkSettingsText(text: string): CheckResult {
  const yaml = parseYamlSettings(text)
  return yaml.ok ? checkMerged(yaml.yaml, new Map()) : yaml
}

/** The settings of an installation where nobody said anything. */
export function defaultSettings(): Settings {
  return settingsSchema.parse({})
}

/** SHA-256 (hex) of the settings, the same for equal ones whatever the order of their keys. `others` are further values that count. */
export function settingsHash(settings: Settings, ...others: readonly unknown[]): string {
  return createHash('sha256')
    .update(JSON.stringify([settings, ...others].map(inKeyOrder)))
    .digest('hex')
}

function inKeyOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inKeyOrder)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, member]) => [key, inKeyOrder(member)]))
}

/** The rule for listening: beyond this machine only with a token. Empty when it is kept. */
export function checkBind(
  settings: Settings,
  hasToken: boolean,
  sources: Readonly<Record<string, SettingSource>> = {},
): SettingsProblem[] {
  if (hasToken) return []
  return (['agent', 'dashboard'] as const).flatMap((server) => {
    const { host } = settings[server]
    if (isLoopbackHost(host)) return []
    const key = `${server}.host`
    const source = sources[key] ?? 'default'
    const where = source === 'default' ? 'ottugi.yaml' : source
    const got = describeValue(host, 'ottugi.yaml')
    return [
      settingsProblem({ where, key, expected: phrase('expected.loopbackHost'), got, todo: phrase('todo.setToken') }),
    ]
  })
}

function readSettingsFile(path: string): YamlResult {
  const file = readConfigFile(path)
  if (file.ok) return parseYamlSettings(file.text ?? '')
  const { expected, got } = file
  return { ok: false, problems: [fileProblem('ottugi.yaml', expected, got)] }
}

function readVariables(path: string): Overrides & { readonly secrets: ReadonlyMap<string, string> } {
  const file = readEnvFile(path)
  if (!file.ok) return { overrides: [], problems: [fileProblem('.env', file.expected, file.got)], secrets: new Map() }
  const variables = Object.fromEntries(file.variables)
  const lineOf = (name: string) => lineOfVariable(file.text, name)
  const secrets = new Map([...file.variables].filter(([name]) => !isSettingVariable(name)))
  return { ...readOverrides({ where: '.env', variables, lineOf }), secrets }
}

function fileProblem(
  where: Place,
  expected: SettingsProblem['words']['expected'],
  got: SettingsProblem['words']['got'],
): SettingsProblem {
  return settingsProblem({ where, expected, got, todo: phrase('todo.fileRights', { where }) })
}

function checkMerged(yaml: YamlSettings, overrides: ReadonlyMap<string, Override>): CheckResult {
  const origins: Origins = {
    of: (key) => originOf(key, yaml, overrides),
    positionOf: yaml.positionOf,
  }
  const checked = checkValues(merge(yaml.values, overrides), origins)
  return checked.ok ? { ok: true, settings: followProvider(checked.settings) } : checked
}

function originOf(key: string, yaml: YamlSettings, overrides: ReadonlyMap<string, Override>): Origin {
  const override = overrides.get(key)
  if (!override) return { where: isWritten(yaml.values, key) ? 'ottugi.yaml' : 'default' }
  const { where, variable, line } = override
  return { where, variable, ...(line === undefined ? {} : { line }) }
}

function sourcesOf(yaml: YamlSettings, overrides: ReadonlyMap<string, Override>): Record<string, SettingSource> {
  return Object.fromEntries(settingKeys().map(({ key }) => [key, originOf(key, yaml, overrides).where]))
}

function isWritten(values: Readonly<Record<string, unknown>>, key: string): boolean {
  const [first = '', second] = key.split('.')
  if (second === undefined) return Object.hasOwn(values, first)
  const group = values[first]
  return isGroup(group) && Object.hasOwn(group, second)
}

/** Lays the overrides over the file. A group of the wrong shape is left as it is, for the check to find. */
function merge(
  values: Readonly<Record<string, unknown>>,
  overrides: ReadonlyMap<string, Override>,
): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...values }
  // A group whose lines are all commented out reads as null: it says nothing, and is no mistake.
  for (const name of sectionNames()) if (merged[name] === null) merged[name] = {}
  for (const { key, value } of overrides.values()) {
    const [first = '', second] = key.split('.')
    const group = merged[first] ?? {}
    if (second === undefined) merged[first] = value
    else if (isGroup(group)) merged[first] = { ...group, [second]: value }
  }
  return merged
}

function isGroup(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

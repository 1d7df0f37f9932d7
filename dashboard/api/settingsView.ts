/** The settings as the page shows them: each with its value, where that came from, and whether it can be changed here. No secret leaves. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { readJsonIfThere } from '../../src/shared/atomicFile.ts'
import { readEnvFile } from '../../src/shared/config/envFile.ts'
import { type SettingKey, settingKeys } from '../../src/shared/config/keys.ts'
import { type LoadResult, loadSettings, type SettingSource } from '../../src/shared/config/load.ts'
import { isSettingVariable } from '../../src/shared/config/overrides.ts'
import { formatProblem } from '../../src/shared/config/problem.ts'
import { readConfigFile } from '../../src/shared/config/readConfigFile.ts'
import { parseYamlSettings } from '../../src/shared/config/yamlSettings.ts'
import type { Language } from '../../src/shared/messages/message.ts'
import { text } from '../../src/shared/messages/text.ts'
import type { HomePaths } from '../../src/shared/paths.ts'
import type { SettingRow, SettingsView } from '../contractViews.ts'
import type { ActionContext } from './actionContext.ts'

/** Takes secrets out of a text. */
type Redact = (text: string) => string

const SOURCES: Readonly<Record<SettingSource, SettingRow['from']>> = {
  environment: 'environment',
  '.env': 'env-file',
  'ottugi.yaml': 'file',
  default: 'default',
}

/** In place of the value of a secret. */
const HIDDEN = '[masked]'

/** Everything, as it is in the files now. */
export function settingsView(
  context: Pick<ActionContext, 'paths' | 'environment'>,
  redact: Redact,
  language: Language,
): SettingsView {
  const { paths } = context
  const source = settingsTextOf(paths)
  const loaded = load(context)
  const problems = loaded.ok ? [] : loaded.problems.map((problem) => redact(formatProblem(problem, language)))
  return {
    asOf: new Date().toISOString(),
    text: redact(source),
    valid: loaded.ok,
    problems,
    rows: [...rowsOf(loaded, source, redact), ...secretRows(paths, language)],
    canRollBack: canRollBack(paths, source),
  }
}

/** The text of `ottugi.yaml`; empty where there is none or it cannot be read, which loading tells with its reason. */
export function settingsTextOf({ settings }: HomePaths): string {
  const file = readConfigFile(settings)
  return file.ok ? (file.text ?? '') : ''
}

/** Names a text of the settings, so that a save can say which one it was made for. */
export function nameOfText(source: string): string {
  return createHash('sha256').update(source).digest('hex').slice(0, 16)
}

/** The settings as a start would read them now. */
export function load({ paths, environment }: Pick<ActionContext, 'paths' | 'environment'>): LoadResult {
  return loadSettings({ settingsFile: paths.settings, envFile: paths.env, environment })
}

/** Of settings that do not hold, what the file says is shown where it can be read at all. */
function rowsOf(loaded: LoadResult, source: string, redact: Redact): SettingRow[] {
  if (loaded.ok) {
    return settingKeys().map((setting) =>
      rowOf(setting, valueAt(loaded.settings, setting.key), SOURCES[loaded.sources[setting.key] ?? 'default'], redact),
    )
  }
  const parsed = parseYamlSettings(source)
  if (!parsed.ok) return []
  return settingKeys().map((setting) => {
    const written = valueAt(parsed.yaml.values, setting.key)
    return rowOf(setting, written ?? setting.default, written === undefined ? 'default' : 'file', redact)
  })
}

function rowOf(setting: SettingKey, value: unknown, from: SettingRow['from'], redact: Redact): SettingRow {
  const { key, description, ownerOnly, unit } = setting
  const shown = masked(value, redact)
  const isSecret = JSON.stringify(shown) !== JSON.stringify(value)
  return { key, value: shown, from, description: unit ? `${description} (${unit})` : description, ownerOnly, isSecret }
}

function masked(value: unknown, redact: Redact): unknown {
  if (typeof value === 'string') return redact(value)
  if (Array.isArray(value)) return value.map((member) => masked(member, redact))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, masked(member, redact)]))
}

/** Which secrets there are; never what they are. */
function secretRows({ env }: HomePaths, language: Language): SettingRow[] {
  const file = readEnvFile(env)
  const names = file.ok ? [...file.variables.keys()].filter((name) => !isSettingVariable(name)) : []
  const description = text(language, 'settingsPage.secret')
  return names.map((key) => ({ key, value: HIDDEN, from: 'env-file', description, ownerOnly: true, isSecret: true }))
}

/** True where settings were proved good that are not the present ones. The watchdog looks once more, and more closely. */
function canRollBack({ knownGood }: HomePaths, source: string): boolean {
  const good = ['known-good.json', 'known-good.previous.json']
    .map((name) => readJsonIfThere(join(knownGood, name)) as { settingsText?: unknown } | undefined)
    .find((one) => typeof one?.settingsText === 'string' || one?.settingsText === null)
  return good !== undefined && (good.settingsText ?? '') !== source
}

function valueAt(values: unknown, key: string): unknown {
  return key
    .split('.')
    .reduce<unknown>(
      (value, name) =>
        typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined,
      values,
    )
}

/** What is set already: a wizard that is called again shows it, and changes only what it is asked to. */
import { loadSettings } from '../../shared/config/load.ts'
import { formatProblem } from '../../shared/config/problem.ts'
import { readConfigFile } from '../../shared/config/readConfigFile.ts'
import type { Settings } from '../../shared/config/schema.ts'
import { parseYamlSettings } from '../../shared/config/yamlSettings.ts'
import type { CliContext } from '../context.ts'

/** The installation as it is. */
export type Current = {
  readonly settings: Settings
  readonly secrets: ReadonlyMap<string, string>
  /** The text of `ottugi.yaml`; empty where there is none. */
  readonly settingsText: string
  /** The channels as they are written there, without what defaults add. */
  readonly channels: readonly unknown[]
}

/** Reads it, or tells what is wrong with it: settings that nobody can read are not changed. */
export function readCurrent({ paths, environment, language, err }: CliContext): Current | undefined {
  const loaded = loadSettings({ settingsFile: paths.settings, envFile: paths.env, environment })
  if (!loaded.ok) {
    for (const problem of loaded.problems) err(formatProblem(problem, language))
    return undefined
  }
  const file = readConfigFile(paths.settings)
  const settingsText = file.ok ? (file.text ?? '') : ''
  return { settings: loaded.settings, secrets: loaded.secrets, settingsText, channels: channelsIn(settingsText) }
}

/** True where somebody has set something up: a key, or a way to be reached. */
export function isSetUp({ settings, secrets, channels }: Current): boolean {
  return channels.length > 0 || Boolean(secrets.get(settings.model.keyVariable))
}

function channelsIn(text: string): readonly unknown[] {
  const parsed = parseYamlSettings(text)
  const alerts = parsed.ok ? (parsed.yaml.values['alerts'] as { readonly channels?: unknown } | null | undefined) : null
  return Array.isArray(alerts?.channels) ? alerts.channels : []
}

/** `ottugi config`: shows, changes and checks the settings. Each handler returns its exit code. */
import type { Command } from 'commander'
import { resetSetting, setSetting } from '../../shared/config/edit.ts'
import { findSetting, nearestKey, settingKeys } from '../../shared/config/keys.ts'
import { checkBind, checkSettingsText, type LoadResult, loadSettings } from '../../shared/config/load.ts'
import { formatProblem, problemAsJson, type SettingsProblem } from '../../shared/config/problem.ts'
import { readConfigFile } from '../../shared/config/readConfigFile.ts'
import { valueFromText } from '../../shared/config/valueText.ts'
import { EXIT } from '../../shared/exitCodes.ts'
import { phrase } from '../../shared/messages/phrase.ts'
import { text } from '../../shared/messages/text.ts'
import { printedCommand } from '../../shared/printedCommand.ts'
import { tokensFrom } from '../../shared/tokens.ts'
import type { CliContext } from '../context.ts'
import { inPreparedHome } from '../lifecycle/inPreparedHome.ts'
import { editSettings } from './configEdit.ts'
import { registerSecret } from './configSecret.ts'
import { settingsTable, settingValue, shownValue } from './configTable.ts'

/** The option of every command that reads. */
export type JsonOption = { readonly json?: boolean }

/** Adds `config` and its commands. */
export function registerConfig(program: Command, context: CliContext): void {
  const { language } = context
  const config = program.command('config').description(text(language, 'config.about'))
  const json = ['--json', text(language, 'config.aboutJson')] as const
  const leave = async (code: number | Promise<number>) => context.exit(await code)
  config
    .command('list')
    .description(text(language, 'config.aboutList'))
    .option(...json)
    .action((options: JsonOption) => leave(listSettings(context, options)))
  config
    .command('get <key>')
    .description(text(language, 'config.aboutGet'))
    .option(...json)
    .action((key: string, options: JsonOption) => leave(getSetting(context, key, options)))
  config
    .command('set <key> <value>')
    .description(text(language, 'config.aboutSet'))
    .action((key: string, value: string) => leave(inPreparedHome(context, () => changeSetting(context, key, value))))
  config
    .command('reset <key>')
    .description(text(language, 'config.aboutReset'))
    .action((key: string) => leave(restoreDefault(context, key)))
  config
    .command('validate')
    .description(text(language, 'config.aboutValidate'))
    .option(...json)
    .action((options: JsonOption) => leave(validateSettings(context, options)))
  config
    .command('path')
    .description(text(language, 'config.aboutPath'))
    .option(...json)
    .action((options: JsonOption) => leave(printPath(context, options)))
  config
    .command('edit')
    .description(text(language, 'config.aboutEdit'))
    .action(() => leave(inPreparedHome(context, () => editSettings(context))))
  registerSecret(config, context)
}

/** `config list`. */
export function listSettings(context: CliContext, options: JsonOption): number {
  const loaded = load(context)
  if (!loaded.ok) return refuse(context, loaded.problems, options)
  const rows = settingKeys().map((setting) => ({
    key: setting.key,
    value: settingValue(loaded.settings, setting.key),
    source: loaded.sources[setting.key] ?? 'default',
    default: setting.default,
    unit: setting.unit ?? null,
    ownerOnly: setting.ownerOnly,
    description: setting.description,
  }))
  context.out(wantsJson(context, options) ? JSON.stringify(rows, null, 2) : settingsTable(context.language, rows))
  return EXIT.ok
}

/** `config get`. */
export function getSetting(context: CliContext, key: string, options: JsonOption): number {
  const setting = findSetting(key)
  if (!setting) return refuseKey(context, key)
  const loaded = load(context)
  if (!loaded.ok) return refuse(context, loaded.problems, options)
  const value = settingValue(loaded.settings, key)
  const answer = {
    key,
    value,
    source: loaded.sources[key] ?? 'default',
    default: setting.default,
    unit: setting.unit ?? null,
  }
  context.out(wantsJson(context, options) ? JSON.stringify(answer, null, 2) : shownValue(value))
  return EXIT.ok
}

/** `config set`. From a terminal every setting may be changed, also those that HTTP and the agent may not touch. */
export function changeSetting(context: CliContext, key: string, written: string): number {
  const setting = findSetting(key)
  if (!setting) return refuseKey(context, key)
  const result = setSetting(context.paths.settings, key, valueFromText(setting.kind, written))
  if (!result.ok) return refuseChange(context, result.problems)
  if (result.diff === '') return say(context, text(context.language, 'config.nothingChanged'))
  context.out(result.diff)
  context.out(text(context.language, 'config.saved', { key, value: written }))
  sayWhenItCounts(context, key)
  return EXIT.ok
}

/** `config reset`. Takes out an unknown key too, where the file has one. */
export function restoreDefault(context: CliContext, key: string): number {
  const setting = findSetting(key)
  const result = resetSetting(context.paths.settings, key)
  if (result.ok && result.diff === '' && !setting) return refuseKey(context, key)
  if (!result.ok) return refuseChange(context, result.problems)
  if (result.diff === '') return say(context, text(context.language, 'config.nothingChanged'))
  context.out(result.diff)
  if (!setting) return say(context, text(context.language, 'config.removed', { key }))
  context.out(text(context.language, 'config.wasReset', { key, value: shownValue(setting.default) }))
  sayWhenItCounts(context, key)
  return EXIT.ok
}

/** `config validate`: the settings as a start would read them, the rule for listening included. */
export function validateSettings(context: CliContext, options: JsonOption): number {
  const loaded = load(context)
  const problems = loaded.ok
    ? checkBind(loaded.settings, tokensFrom(loaded.secrets).length > 0, loaded.sources)
    : loaded.problems
  if (problems.length > 0) return refuse(context, problems, options)
  const file = context.paths.settings
  context.out(
    wantsJson(context, options)
      ? JSON.stringify({ ok: true, problems: [] })
      : text(context.language, 'config.valid', { file }),
  )
  return EXIT.ok
}

/** `config path`. */
export function printPath(context: CliContext, options: JsonOption): number {
  const { home, settings, env } = context.paths
  context.out(wantsJson(context, options) ? JSON.stringify({ home, settings, env }) : settings)
  return EXIT.ok
}

function load({ paths, environment }: CliContext): LoadResult {
  return loadSettings({ settingsFile: paths.settings, envFile: paths.env, environment })
}

function wantsJson(context: CliContext, options: JsonOption): boolean {
  return options.json ?? context.json
}

function say(context: CliContext, sentence: string): number {
  context.out(sentence)
  return EXIT.ok
}

/** Settings that cannot be used: the guardian would refuse a start with them too, so the code is the same. */
function refuse(context: CliContext, problems: readonly SettingsProblem[], options: JsonOption): number {
  const sentences = problems.map((problem) => formatProblem(problem, context.language))
  if (wantsJson(context, options)) {
    const listed = problems.map((problem, index) => problemAsJson(problem, sentences[index] ?? ''))
    context.out(JSON.stringify({ ok: false, problems: listed }, null, 2))
  } else {
    context.err([text(context.language, 'config.invalid'), ...sentences].join('\n'))
  }
  return EXIT.refused
}

/** Where the file was valid before, the value that was given is what is wrong, and no line of the file is. */
function refuseChange(context: CliContext, problems: readonly SettingsProblem[]): number {
  const { language, paths } = context
  const file = readConfigFile(paths.settings)
  const wasValid = file.ok && checkSettingsText(file.text ?? '').ok
  const sentences = problems.map((problem) => formatProblem(wasValid ? withoutLine(problem) : problem, language))
  context.err([text(language, 'config.notSaved'), ...sentences].join('\n'))
  if (problems.some((problem) => problem.words.expected.key === 'expected.writableFile')) return EXIT.failed
  return wasValid ? EXIT.usage : EXIT.refused
}

function withoutLine({ line: _, column: __, ...problem }: SettingsProblem): SettingsProblem {
  const { words } = problem
  return words.todo.key === 'todo.correctLine'
    ? { ...problem, words: { ...words, todo: phrase('todo.otherValue') } }
    : problem
}

function refuseKey(context: CliContext, key: string): number {
  const nearest = nearestKey(
    key,
    settingKeys().map((setting) => setting.key),
  )
  const { language } = context
  const command = printedCommand('config list', context.home)
  context.err(
    nearest
      ? text(language, 'config.unknownKeyNearest', { key, nearest })
      : text(language, 'config.unknownKey', { key, command }),
  )
  return EXIT.usage
}

/** A change counts at the next start, and not even then where a variable goes before the file. */
function sayWhenItCounts(context: CliContext, key: string): void {
  const { language } = context
  const loaded = load(context)
  const source = loaded.ok ? loaded.sources[key] : undefined
  if (source === 'environment' || source === '.env') {
    const name = findSetting(key)?.environmentName ?? ''
    const from = source === '.env' ? source : text(language, 'config.sourceEnvironment')
    context.out(text(language, 'config.overridden', { source: from, name }))
  }
  context.out(text(language, 'config.takesEffect', { command: printedCommand('restart', context.home) }))
}

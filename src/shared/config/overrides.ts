/** Settings that come from variables: `OTTUGI_WATCHDOG__INTERVAL_MS=500` in the environment or in `.env`. */
import { phrase } from '../messages/phrase.ts'
import { comparable, comparableKey, environmentName } from './environmentNames.ts'
import { nearestKey, type SettingKey, settingKeys } from './keys.ts'
import { type Place, type SettingsProblem, settingsProblem } from './problem.ts'
import { valueFromText } from './valueText.ts'

/** One setting that a variable sets. */
export type Override = {
  readonly key: string
  readonly variable: string
  readonly value: unknown
  readonly where: Place
  readonly line?: number
}

/** Where variables come from, and how to find the line of one. */
export type VariableSource = {
  readonly where: Exclude<Place, 'ottugi.yaml'>
  readonly variables: Readonly<Record<string, string | undefined>>
  readonly lineOf?: (variable: string) => number | undefined
}

export type Overrides = { readonly overrides: Override[]; readonly problems: SettingsProblem[] }

/**
 * Finds the settings among variables. An empty variable says nothing. A name of ours with `__` that is no setting is a problem;
 * other variables are none of our business here.
 */
export function readOverrides(source: VariableSource): Overrides {
  const found: Overrides = { overrides: [], problems: [] }
  for (const variable of namesInOrder(source.variables)) {
    const wanted = comparableKey(variable)
    const written = source.variables[variable]
    if (wanted === undefined || written === undefined || written === '') continue
    const line = source.lineOf?.(variable)
    const at = { where: source.where, variable, ...(line === undefined ? {} : { line }) }
    const setting = settingByComparable().get(wanted)
    if (setting) found.overrides.push({ ...at, key: setting.key, value: valueFromText(setting.kind, written) })
    else if (wanted.includes('.')) found.problems.push(unknownVariable(at))
  }
  return found
}

/** True for a variable that stands for a setting, or tries to. */
export function isSettingVariable(variable: string): boolean {
  const wanted = comparableKey(variable)
  return wanted !== undefined && (wanted.includes('.') || settingByComparable().has(wanted))
}

/** Of two spellings of one setting the exact one goes last, and so wins. */
function namesInOrder(variables: Readonly<Record<string, unknown>>): string[] {
  const exact = new Set(settingKeys().map((setting) => setting.environmentName))
  return Object.keys(variables).sort((a, b) => Number(exact.has(a)) - Number(exact.has(b)) || (a < b ? -1 : 1))
}

let cached: ReadonlyMap<string, SettingKey> | undefined

function settingByComparable(): ReadonlyMap<string, SettingKey> {
  cached ??= new Map(settingKeys().map((setting) => [comparable(setting.key), setting]))
  return cached
}

function unknownVariable(at: { where: Place; variable: string; line?: number }): SettingsProblem {
  const nearest = nearestKey(
    comparableKey(at.variable) ?? '',
    settingKeys().map((setting) => setting.key),
  )
  return settingsProblem({
    ...at,
    key: at.variable,
    expected: phrase('expected.knownKey'),
    got: phrase('got.value', { value: at.variable }),
    ...(nearest === undefined ? {} : { suggestion: environmentName(nearest) }),
  })
}

/** Checks values against the schema and says of each mistake where it was written. */
import type { z } from 'zod'
import { type Phrase, phrase } from '../messages/phrase.ts'
import type { RuleBroken } from './fields.ts'
import { findSetting, nearestKey, sectionNames, settingKeys } from './keys.ts'
import { describeValue, type Place, type SettingsProblem, settingsProblem } from './problem.ts'
import { type Settings, settingsSchema } from './schema.ts'
import type { PathStep, Position } from './yamlSettings.ts'

/** Where a value was written; `default` when nowhere. */
export type Origin = {
  readonly where: Place | 'default'
  readonly variable?: string
  readonly line?: number
}

/** Answers where things were written. */
export type Origins = {
  readonly of: (key: string) => Origin
  readonly positionOf: (path: readonly PathStep[], what: 'name' | 'value') => Position | undefined
}

export type CheckResult =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly problems: SettingsProblem[] }

/** Checks all values at once, so that all mistakes are told at once. */
export function checkValues(values: Readonly<Record<string, unknown>>, origins: Origins): CheckResult {
  const result = settingsSchema.safeParse(values)
  if (result.success) return { ok: true, settings: result.data }
  const problems = result.error.issues.flatMap((issue) => problemsOf(issue, values, origins))
  return { ok: false, problems: withoutRepeats(problems) }
}

function problemsOf(issue: z.core.$ZodIssue, values: unknown, origins: Origins): SettingsProblem[] {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)))
  if (issue.code === 'unrecognized_keys') return issue.keys.map((name) => unknownKey([...path, name], origins))
  const key = keyOf(path)
  const rule = issue.code === 'custom' && issue.params ? (issue.params as RuleBroken) : undefined
  const { where, ...at } = placeOf(key, path, rule, origins)
  const value = valueAt(values, path) ?? findSetting(path.join('.'))?.default
  const expected = rule?.expected ?? expectationOf(key)
  return [
    settingsProblem({
      where,
      key: isInsideEntry(path) ? path.join('.') : key,
      ...at,
      expected,
      // Who writes an address where its name belongs has often written a secret.
      got: describeValue(value, isInsideEntry(path) && /Variable$/.test(String(path.at(-1))) ? '.env' : where),
      ...(rule?.todo && { todo: rule.todo }),
    }),
  ]
}

/** True for a member of an entry of a list: `alerts.channels.0.name`. */
function isInsideEntry(path: readonly PathStep[]): boolean {
  return typeof path.at(-2) === 'number'
}

function unknownKey(path: readonly PathStep[], origins: Origins): SettingsProblem {
  const key = path.join('.')
  const suggestion = nearestKey(key, [...sectionNames(), ...settingKeys().map((setting) => setting.key)])
  return settingsProblem({
    where: 'ottugi.yaml',
    key,
    ...origins.positionOf(path, 'name'),
    expected: phrase('expected.knownKey'),
    got: phrase('got.value', { value: key }),
    ...(suggestion === undefined ? { todo: phrase('todo.removeKey') } : { suggestion }),
  })
}

/** The setting that a path leads to or into; the path itself where it ends at a group. */
function keyOf(path: readonly PathStep[]): string {
  const leaf = path.findIndex((_, index) => findSetting(path.slice(0, index + 1).join('.')))
  return (leaf < 0 ? path : path.slice(0, leaf + 1)).join('.')
}

function expectationOf(key: string): Phrase {
  return findSetting(key)?.expectation ?? phrase('expected.section')
}

/** A broken rule between two settings is told where the owner wrote one of them; nobody wrote a default. */
function placeOf(key: string, path: readonly PathStep[], rule: RuleBroken | undefined, origins: Origins) {
  const own = origins.of(key)
  const isOther = own.where === 'default' && rule?.other !== undefined
  const { where, ...origin } = isOther ? origins.of(rule.other) : own
  if (where === 'environment' || where === '.env') return { where, ...origin }
  return { where: 'ottugi.yaml' as const, ...origins.positionOf(isOther ? rule.other.split('.') : path, 'value') }
}

function valueAt(values: unknown, path: readonly PathStep[]): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null ? (value as Record<PathStep, unknown>)[step] : undefined,
    values,
  )
}

function withoutRepeats(problems: readonly SettingsProblem[]): SettingsProblem[] {
  const told = new Map(problems.map((problem) => [JSON.stringify(problem), problem]))
  return [...told.values()]
}

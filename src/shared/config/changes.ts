/** Several changes of `ottugi.yaml` at once, thought through and not written: what it would say then, and what would be wrong with it. */
import { isDeepStrictEqual } from 'node:util'
import { lineDiff } from '../lineDiff.ts'
import { settingKeys } from './keys.ts'
import { checkSettingsText } from './load.ts'
import type { SettingsProblem } from './problem.ts'
import { withoutValue, withValue } from './yamlEdit.ts'
import { parseYamlSettings } from './yamlSettings.ts'

/** Dotted keys and their new values; `null` takes a key out, so that its default counts. */
export type SettingChanges = Readonly<Record<string, unknown>>

/** The whole text after the changes, or why there is none. `diff` is empty when nothing would change. */
export type PlannedChange =
  | { readonly ok: true; readonly text: string; readonly diff: string }
  | { readonly ok: false; readonly problems: SettingsProblem[] }

/** Makes the changes in a text. Comments stay; what would not be valid as a whole is refused with all that is wrong. */
export function planChanges(before: string, changes: SettingChanges): PlannedChange {
  const parsed = parseYamlSettings(before)
  // A text that is no YAML cannot be changed at one place.
  if (!parsed.ok) return parsed
  let text = before
  for (const [key, value] of Object.entries(changes)) {
    text = value === null ? withoutValue(text, key) : withValue(text, key, value)
  }
  const checked = checkSettingsText(text)
  return checked.ok ? { ok: true, text, diff: lineDiff(before, text) } : checked
}

/** The settings of the owner alone that differ between two texts: a change of another key must not move them by a detour. */
export function movedOwnerKeys(before: string, after: string): string[] {
  const [old, next] = [before, after].map(valuesIn)
  const owned = settingKeys().filter(({ ownerOnly }) => ownerOnly)
  return owned.flatMap(({ key }) => (isDeepStrictEqual(at(old, key), at(next, key)) ? [] : [key]))
}

function valuesIn(text: string): unknown {
  const parsed = parseYamlSettings(text)
  return parsed.ok ? parsed.yaml.values : undefined
}

function at(values: unknown, key: string): unknown {
  return key
    .split('.')
    .reduce<unknown>(
      (value, name) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, name)
          ? (value as Record<string, unknown>)[name]
          : undefined,
      values,
    )
}

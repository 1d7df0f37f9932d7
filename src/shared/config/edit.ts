/** Changes single settings in `ottugi.yaml`. Nothing is written that would not be valid as a whole. */
import { chmodSync, realpathSync, statSync } from 'node:fs'
import { writeFileDurably } from '../atomicFile.ts'
import { lineDiff } from '../lineDiff.ts'
import { phrase } from '../messages/phrase.ts'
import { findSetting } from './keys.ts'
import { checkSettingsText } from './load.ts'
import { type SettingsProblem, settingsProblem } from './problem.ts'
import { readConfigFile } from './readConfigFile.ts'
import { withoutValue, withValue } from './yamlEdit.ts'
import { parseYamlSettings } from './yamlSettings.ts'

/** What became of a change. `before` is the whole earlier text: {@link replaceSettings} with it undoes the change. `diff` is empty when nothing changed. */
export type EditResult =
  | { readonly ok: true; readonly before: string; readonly after: string; readonly diff: string }
  | { readonly ok: false; readonly problems: SettingsProblem[] }

/** Sets one setting (dotted key) and keeps every comment. A missing file is made. */
export function setSetting(file: string, key: string, value: unknown): EditResult {
  return edit(file, (source) => {
    const isMeant = findSetting(key) !== undefined
    return isMeant ? { ok: true, text: withValue(source, key, value) } : { ok: false, problems: [unknownKey(key)] }
  })
}

/** Takes one key out of the file, so that its default counts; a key that is no setting can be taken out too. */
export function resetSetting(file: string, key: string): EditResult {
  return edit(file, (source) => ({ ok: true, text: withoutValue(source, key) }))
}

/** Puts a whole text in place of the settings, if it is valid. */
export function replaceSettings(file: string, text: string): EditResult {
  return edit(file, () => ({ ok: true, text }), 'any')
}

type Change =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly problems: SettingsProblem[] }

function edit(file: string, change: (source: string) => Change, needs: 'yaml' | 'any' = 'yaml'): EditResult {
  const read = readConfigFile(file)
  if (!read.ok) return { ok: false, problems: [fileProblem(read.expected, read.got)] }
  const before = read.text ?? ''
  if (needs === 'yaml') {
    // A text that is no YAML cannot be changed at one place.
    const parsed = parseYamlSettings(before)
    if (!parsed.ok) return parsed
  }
  const changed = change(before)
  if (!changed.ok) return changed
  const checked = checkSettingsText(changed.text)
  if (!checked.ok) return checked
  const diff = lineDiff(before, changed.text)
  if (diff !== '') {
    const failure = write(file, changed.text)
    if (failure) return { ok: false, problems: [failure] }
  }
  return { ok: true, before, after: changed.text, diff }
}

/** Replaces what a link leads to, not the link, and keeps the mode; a new file is the owner's alone. */
function write(file: string, text: string): SettingsProblem | undefined {
  try {
    const { path, mode } = whatIsThere(file)
    writeFileDurably(path, text, mode)
    // The mode of a new file passes through the umask; the owner's choice must not.
    chmodSync(path, mode)
    return undefined
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error)
    return fileProblem(phrase('expected.writableFile'), phrase('got.fileError', { code }))
  }
}

function whatIsThere(file: string): { path: string; mode: number } {
  try {
    const path = realpathSync(file)
    return { path, mode: statSync(path).mode & 0o777 }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return { path: file, mode: 0o600 }
  }
}

function unknownKey(key: string): SettingsProblem {
  const got = phrase('got.value', { value: key })
  return settingsProblem({
    where: 'ottugi.yaml',
    key,
    expected: phrase('expected.knownKey'),
    got,
    todo: phrase('todo.removeKey'),
  })
}

function fileProblem(
  expected: SettingsProblem['words']['expected'],
  got: SettingsProblem['words']['got'],
): SettingsProblem {
  return settingsProblem({
    where: 'ottugi.yaml',
    expected,
    got,
    todo: phrase('todo.fileRights', { where: 'ottugi.yaml' }),
  })
}

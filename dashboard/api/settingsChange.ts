/** A change of settings from the page: what it would do to the file, everything that is wrong with it, and the saving. */
import { randomBytes } from 'node:crypto'
import { unlinkSync, writeFileSync } from 'node:fs'
import { movedOwnerKeys, planChanges, type SettingChanges } from '../../src/shared/config/changes.ts'
import { replaceSettings } from '../../src/shared/config/edit.ts'
import { findSetting } from '../../src/shared/config/keys.ts'
import { checkBind } from '../../src/shared/config/load.ts'
import { formatProblem, type SettingsProblem } from '../../src/shared/config/problem.ts'
import type { Language } from '../../src/shared/messages/message.ts'
import { phrase } from '../../src/shared/messages/phrase.ts'
import { text } from '../../src/shared/messages/text.ts'
import { printedCommand } from '../../src/shared/printedCommand.ts'
import { tokensFrom } from '../../src/shared/tokens.ts'
import type { ActionContext } from './actionContext.ts'
import { load, nameOfText, settingsTextOf } from './settingsView.ts'

type Files = Pick<ActionContext, 'paths' | 'environment'>

/** A change as it would be. `base` names the text that it was made for; `after` is the whole text, null where there are problems. */
export type ConsideredChange = {
  readonly base: string
  readonly diff: string
  readonly problems: readonly string[]
  /** What else the reader should know: a variable that goes before the file. */
  readonly notes: readonly string[]
  readonly after: string | null
}

/** Thinks a change through. Nothing is written but a file beside, which is read as a start would and removed. */
export function considerChange(files: Files, changes: SettingChanges, language: Language): ConsideredChange {
  const before = settingsTextOf(files.paths)
  const base = nameOfText(before)
  const refuse = (problems: readonly string[]) => ({ base, diff: '', problems, notes: [], after: null })
  const refused = Object.keys(changes).flatMap((key) => refusedKey(files, key, language))
  if (refused.length > 0) return refuse(refused)
  const planned = planChanges(before, changes)
  if (!planned.ok) return refuse(inWords(planned.problems, load(files).ok, language))
  const moved = movedOwnerKeys(before, planned.text)
  if (moved.length > 0) return refuse(moved.map((key) => text(language, 'settingsPage.ownerOnlyMoved', { key })))
  const found = probe(files, planned.text)
  if (typeof found === 'string') return refuse([text(language, 'actions.failed', { reason: found })])
  if (found.length > 0) return refuse(inWords(found, true, language))
  return { base, diff: planned.diff, problems: [], notes: notesOn(files, changes, language), after: planned.text }
}

/** Saves a change that nothing is wrong with. `base`, where it is given, must name the text that is there. */
export function saveChange(
  files: Files,
  changes: SettingChanges,
  { base, language }: { readonly base: string | undefined; readonly language: Language },
): ConsideredChange & { readonly saved: boolean } {
  const considered = considerChange(files, changes, language)
  if (base !== undefined && base !== considered.base) {
    return { ...considered, problems: [text(language, 'settingsPage.raced')], saved: false }
  }
  if (considered.after === null || considered.diff === '') return { ...considered, saved: false }
  const result = replaceSettings(files.paths.settings, considered.after)
  if (result.ok) return { ...considered, saved: true }
  return { ...considered, problems: inWords(result.problems, false, language), saved: false }
}

function refusedKey({ paths }: Files, key: string, language: Language): string[] {
  const setting = findSetting(key)
  if (!setting) return [text(language, 'settingsPage.unknown', { key: key.slice(0, 100) })]
  if (!setting.ownerOnly) return []
  const command = printedCommand(`config set ${key} <value>`, paths.home)
  return [text(language, 'settingsPage.ownerOnly', { key, command })]
}

/** What a start would say to the new file, with variables and the rule for listening. What was wrong before is not this change's fault. A full disk is a sentence. */
function probe({ paths, environment }: Files, after: string): SettingsProblem[] | string {
  const wasValid = load({ paths, environment }).ok
  const beside = `${paths.settings}.${randomBytes(4).toString('hex')}.check`
  try {
    writeFileSync(beside, after, { flag: 'wx', mode: 0o600 })
    const loaded = load({ paths: { ...paths, settings: beside }, environment })
    if (!loaded.ok) return wasValid ? loaded.problems : []
    return checkBind(loaded.settings, tokensFrom(loaded.secrets).length > 0, loaded.sources)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  } finally {
    removeIfThere(beside)
  }
}

function removeIfThere(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // It could not be written.
  }
}

function notesOn(files: Files, changes: SettingChanges, language: Language): string[] {
  const loaded = load(files)
  if (!loaded.ok) return []
  return Object.keys(changes).flatMap((key) => {
    const source = loaded.sources[key]
    if (source !== 'environment' && source !== '.env') return []
    return [text(language, 'settingsPage.overridden', { key, name: findSetting(key)?.environmentName ?? '' })]
  })
}

/** Where the file was valid before, the value that was given is what is wrong, and no line of the file is. */
function inWords(problems: readonly SettingsProblem[], wasValid: boolean, language: Language): string[] {
  return problems.map((problem) => formatProblem(wasValid ? withoutLine(problem) : problem, language))
}

function withoutLine({ line: _, column: __, ...problem }: SettingsProblem): SettingsProblem {
  const { words } = problem
  if (words.todo.key !== 'todo.correctLine') return problem
  return { ...problem, words: { ...words, todo: phrase('todo.otherValue') } }
}

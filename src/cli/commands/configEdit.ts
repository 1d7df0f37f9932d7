/** `ottugi config edit`: an editor on a copy, a check, and only then the replacement. */
import { spawnSync } from 'node:child_process'
import { existsSync, unlinkSync } from 'node:fs'
import { writeFileDurably } from '../../shared/atomicFile.ts'
import { replaceSettings } from '../../shared/config/edit.ts'
import { formatProblem } from '../../shared/config/problem.ts'
import { readConfigFile } from '../../shared/config/readConfigFile.ts'
import { EXIT } from '../../shared/exitCodes.ts'
import { text } from '../../shared/messages/text.ts'
import { printedCommand } from '../../shared/printedCommand.ts'
import type { CliContext } from '../context.ts'

/** Opens a file in an editor and waits until it is closed; returns the exit code of the editor. */
export type RunEditor = (editor: string, file: string) => number

/** `EDITOR` may hold arguments (`code --wait`); they are words, never a shell's line. */
const runInTerminal: RunEditor = (editor, file) => {
  const [program = '', ...words] = editor.trim().split(/\s+/)
  return spawnSync(program, [...words, file], { stdio: 'inherit' }).status ?? EXIT.failed
}

/** `config edit`. A copy that was not valid is kept beside the settings, and opened again the next time. */
export function editSettings(context: CliContext, runEditor: RunEditor = runInTerminal): number {
  const { language, environment, paths } = context
  const editor = environment['VISUAL'] || environment['EDITOR']
  if (!context.isTerminal)
    return fail(
      context,
      text(language, 'config.editNeedsTerminal', {
        command: printedCommand('config set <name> <value>', context.home),
      }),
    )
  if (!editor)
    return fail(
      context,
      text(language, 'config.editNeedsEditor', { command: printedCommand('config edit', context.home) }),
    )
  const copy = `${paths.settings}.edit`
  const before = textOfFile(paths.settings)
  if (existsSync(copy)) context.err(text(language, 'config.editResumed', { file: copy }))
  else writeFileDurably(copy, before)
  const code = runEditor(editor, copy)
  if (code !== EXIT.ok) {
    context.err(text(language, 'config.editorFailed', { code, file: copy }))
    return EXIT.failed
  }
  return takeOver(context, copy, before)
}

function takeOver(context: CliContext, copy: string, before: string): number {
  const { language, paths } = context
  if (textOfFile(paths.settings) !== before) {
    context.err(text(language, 'config.editRaced', { file: copy }))
    return EXIT.tryAgain
  }
  const result = replaceSettings(paths.settings, textOfFile(copy))
  if (!result.ok) {
    const sentences = result.problems.map((problem) => formatProblem(problem, language))
    const kept = text(language, 'config.editKept', { file: copy })
    context.err([text(language, 'config.notSaved'), ...sentences, kept].join('\n'))
    return EXIT.refused
  }
  unlinkSync(copy)
  if (result.diff === '') {
    context.out(text(language, 'config.nothingChanged'))
    return EXIT.ok
  }
  context.out(result.diff)
  context.out(text(language, 'config.editSaved', { file: paths.settings }))
  context.out(text(language, 'config.takesEffect', { command: printedCommand('restart', context.home) }))
  return EXIT.ok
}

function textOfFile(path: string): string {
  const file = readConfigFile(path)
  return file.ok ? (file.text ?? '') : ''
}

function fail(context: CliContext, sentence: string): number {
  context.err(sentence)
  return EXIT.usage
}

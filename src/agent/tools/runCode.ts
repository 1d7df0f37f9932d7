/** Runs a piece of code that the model wrote: through a file in the workspace, so that error messages name lines and the packages of the workspace are found. */

import { rmSync } from 'node:fs'
import { randomHex } from './laterCrypto.ts'
import { findPlace } from './paths.ts'
import { programOutcome } from './programOutcome.ts'
import { type Program, runProgram } from './runProgram.ts'
import { replaceFile } from './textFile.ts'
import type { ToolContext, ToolOutcome } from './tool.ts'

/** A language: what runs a file of it. */
export type Language = {
  readonly program: string
  /** What stands before the name of the file. */
  readonly args: readonly string[]
  readonly ending: string
  readonly environment: (workspace: string) => Readonly<Record<string, string>>
  readonly hint: (output: string) => string | undefined
  /** Where the program is missing. */
  readonly missing: string
}

/** Runs it; its file is gone afterwards. */
export async function runCode(
  language: Language,
  code: string,
  { workspace, signal }: ToolContext,
): Promise<ToolOutcome> {
  const place = findPlace(workspace, `.ottugi/code/${randomHex(8)}.${language.ending}`)
  if (!place.ok) return place
  const written = replaceFile(place, code)
  if (!written.ok) return written
  const program: Program = {
    program: language.program,
    args: [...language.args, place.path],
    cwd: place.root,
    workspace: place.root,
    signal,
    environment: language.environment(place.root),
  }
  const ran = await runProgram(program).finally(() => rmSync(place.path, { force: true }))
  if (!ran.ok && ran.isMissing) return { ok: false, reason: language.missing }
  return programOutcome(ran, (_code, output) => language.hint(output))
}

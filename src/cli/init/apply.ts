/** Does what was answered: settings and secrets whole or not at all, then the service or the start. */
import { spawn } from 'node:child_process'
import { appendFileSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { writeFileDurably } from '../../shared/atomicFile.ts'
import { replaceSettings } from '../../shared/config/edit.ts'
import { readEnvFile, setEnvVariable } from '../../shared/config/envFile.ts'
import { formatProblem } from '../../shared/config/problem.ts'
import { EXIT } from '../../shared/exitCodes.ts'
import { text } from '../../shared/messages/text.ts'
import { mainFile } from '../../shared/rescueFolder.ts'
import { ensureTokens } from '../../shared/tokens.ts'
import { draftText } from './draft.ts'
import type { Plan } from './plan.ts'
import type { Desk } from './trials.ts'

/** Writes everything, in a home that is prepared; gives the exit code. */
export async function applyPlan(desk: Desk, plan: Plan): Promise<number> {
  const { context, current, language } = desk
  const { paths, out, err } = context
  const before = readEnvFile(paths.env)
  if (!before.ok) return fail(desk, '.env')
  for (const { name, value } of plan.secrets) {
    const written = setEnvVariable(paths.env, name, value)
    if (written.ok) continue
    restoreEnv(paths.env, before.text)
    return fail(desk, `${name}: ${written.reason}`)
  }
  if (plan.settings.length > 0) {
    const result = replaceSettings(paths.settings, draftText(current, plan))
    if (!result.ok) {
      restoreEnv(paths.env, before.text)
      for (const problem of result.problems) err(formatProblem(problem, language))
      return EXIT.refused
    }
    if (result.diff !== '') out(result.diff)
  }
  for (const { name } of plan.secrets) out(text(language, 'config.secretSaved', { name, file: paths.env }))
  await ensureTokens(paths.env)
  keepUsage(desk)
  out(text(language, 'init.written'))
  return plan.service || plan.start ? runOwn(desk, wordsOf(plan)) : EXIT.ok
}

function wordsOf({ service }: Plan): string[] {
  if (service === undefined) return ['start']
  return ['service', 'install', ...(service === 'system' ? ['--system'] : [])]
}

/** Our own command line, on the same terminal: what it says is said there. */
function runOwn({ context }: Desk, words: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [mainFile(), ...words, '--home', context.home], {
    stdio: 'inherit',
    env: context.environment,
  })
  return new Promise((resolve) => {
    child.on('error', (error) => {
      context.err(error.message)
      resolve(EXIT.failed)
    })
    child.on('exit', (code) => resolve(code ?? EXIT.failed))
  })
}

function restoreEnv(path: string, before: string): void {
  const file = readEnvFile(path)
  if (file.ok && file.text !== before) writeFileDurably(path, before, 0o600)
}

/** The call that tried the key cost something, and stands in the ledger like every other. */
function keepUsage({ context: { paths }, usage }: Desk): void {
  const file = join(paths.logs, 'usage.jsonl')
  const at = new Date().toISOString()
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    if (usage.length > 0) {
      appendFileSync(file, usage.map((line) => `${JSON.stringify({ at, ...line })}\n`).join(''), { mode: 0o600 })
    }
  } catch {
    // A ledger must not fail what it counts.
  }
}

function fail({ context, language }: Desk, reason: string): number {
  context.err(text(language, 'init.notWritten', { reason }))
  return EXIT.failed
}

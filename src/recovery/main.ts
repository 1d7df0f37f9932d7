/**
 * Recovery as a command: `recover`, run by the watchdog with a deadline, and `settle`, which tells how an incident ended. The home comes from `--home`,
 * else OTTUGI_HOME. It starts with node: built-ins alone, so that also with packages missing a person hears what to do. The last line on stdout of
 * `recover` is one RecoveryResult; exit 0 means that something was done and held.
 */
import { parseArgs } from 'node:util'
import { EXIT } from '../shared/exitCodes.ts'
import type { Outcome } from '../shared/incident.ts'
import { installCommand } from '../shared/lockedPackages.ts'
import { chooseLanguage, text } from '../shared/messages/text.ts'
import { appRoot, findHome, type HomePaths, homePaths } from '../shared/paths.ts'
import { commandAnywhere } from '../shared/printedCommand.ts'
import type { RecoveryResult } from '../shared/recoveryResult.ts'
import { shortVisible } from '../shared/visibleText.ts'

const USAGE =
  'usage: recovery/main.ts recover [--home FOLDER] [--json] [--fault WORD] [--symptom WORD] [--incident ID] [--deadline-ms N]\n' +
  '       recovery/main.ts settle [--home FOLDER] --incident ID --outcome healed|degraded|escalated|open\n'
const OUTCOMES: readonly string[] = ['healed', 'degraded', 'escalated', 'open'] satisfies Outcome[]
/** Longest word that a caller may give. */
const MAX_WORD = 64
const MAX_REASON = 300

type Words = {
  readonly home?: string
  readonly json?: boolean
  readonly fault?: string
  readonly symptom?: string
  readonly incident?: string
  readonly outcome?: string
  readonly 'deadline-ms'?: string
}

async function main(): Promise<number> {
  const { values, positionals } = readWords()
  const paths = homePaths(findHome(values.home, process.env))
  const deadlineMs = values['deadline-ms'] === undefined ? undefined : Number(values['deadline-ms'])
  const isDeadline = deadlineMs === undefined || (Number.isFinite(deadlineMs) && deadlineMs >= 0)
  if (positionals[0] === 'recover' && positionals.length === 1 && isDeadline)
    return report(await recoverSafely(paths, values, deadlineMs), values)
  if (positionals[0] === 'settle' && values.incident && OUTCOMES.includes(values.outcome ?? '')) {
    const { settle } = await import('./remember.ts')
    const settled = await settle(paths, word(values.incident) ?? '', values.outcome as Outcome)
    return settled.ok ? EXIT.ok : EXIT.tryAgain
  }
  process.stderr.write(USAGE)
  return EXIT.usage
}

function readWords(): { values: Words; positionals: readonly string[] } {
  const words = { type: 'string' } as const
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        ...{ home: words, fault: words, symptom: words, incident: words, outcome: words, 'deadline-ms': words },
        json: { type: 'boolean' },
      },
    })
  } catch {
    return { values: {}, positionals: [] }
  }
}

function word(given: string | undefined): string | null {
  return given ? shortVisible(given, MAX_WORD) : null
}

/** A result, whatever happens: without one nobody would hear why. */
async function recoverSafely(paths: HomePaths, values: Words, deadlineMs: number | undefined): Promise<RecoveryResult> {
  const order = { fault: word(values.fault), symptom: word(values.symptom), incident: word(values.incident) }
  try {
    const { recoverHome } = await import('./recoverHome.ts')
    return await recoverHome({ paths, appRoot, environment: process.env, order, deadlineMs })
  } catch (error) {
    const empty = { proposals: [], modelCalls: [], evidence: null, approval: null, holdUntilMonoMs: null }
    return { ok: false, fault: order.fault, ...empty, human: reasonFor(error, paths) }
  }
}

function reasonFor(error: unknown, paths: HomePaths): string {
  const { code } = error as NodeJS.ErrnoException
  const language = chooseLanguage('auto', process.env)
  const reason = shortVisible(error instanceof Error ? error.message : String(error), MAX_REASON)
  const isPackage = code === 'ERR_MODULE_NOT_FOUND' || code === 'ERR_DLOPEN_FAILED'
  if (!isPackage) return text(language, 'recovery.failed', { reason, command: commandAnywhere('doctor', paths.home) })
  return text(language, 'recovery.packages', { reason, command: installCommand(appRoot) })
}

function report(result: RecoveryResult, { json }: Words): number {
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : asText(result))
  return result.ok ? EXIT.ok : EXIT.failed
}

function asText({ proposals, human }: RecoveryResult): string {
  const lines = proposals.map(
    ({ by, rule, action, verdict, ok, reason }) => `${ok ? 'done' : verdict} ${action} (${rule ?? by}): ${reason}\n`,
  )
  return [...lines, human ? `→ ${human}\n` : ''].join('') || 'ok\n'
}

process.umask(0o077)
process.stdout.on('error', () => {})
process.stderr.on('error', () => {})
try {
  process.exitCode = await main()
} catch (error) {
  process.stderr.write(`recovery: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = EXIT.failed
}

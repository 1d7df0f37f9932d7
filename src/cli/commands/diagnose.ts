/** `ottugi diagnose`: names the fault in a log, and says what the runbook would do about it, and on which probe that depends. Changes nothing. */
import { closeSync, constants, existsSync, fstatSync, openSync, readSync } from 'node:fs'
import type { Command } from 'commander'
import { classifyLogs, type Evidence, evidenceOf, evidenceOfLog, readLogTails } from '../../recovery/evidence.ts'
import type { Facts } from '../../recovery/facts.ts'
import { gatherFacts } from '../../recovery/gatherFacts.ts'
import { consultRunbook, RULES, type RulePlan } from '../../recovery/runbook.ts'
import { readEnvFile } from '../../shared/config/envFile.ts'
import { EXIT } from '../../shared/exitCodes.ts'
import { text, textOf } from '../../shared/messages/text.ts'
import { appRoot } from '../../shared/paths.ts'
import { printedCommand } from '../../shared/printedCommand.ts'
import { knownSecrets } from '../../shared/redact/knownSecrets.ts'
import { createRedactor } from '../../shared/redact/redactor.ts'
import type { CliContext } from '../context.ts'
import { terminalSafe } from '../terminalSafe.ts'

/** Of a longer log only so much of its end is read, in bytes. */
const MAX_LOG_BYTES = 16 * 1_024 * 1_024
/** Of the faults that a log speaks of, so many are followed. */
const MAX_SPOKEN = 3

type Options = { readonly log?: string; readonly json?: boolean }
type LogRead = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly reason: string }

/** What is told: `facts` is null where there is no home to look at. */
type Diagnosis = Omit<Evidence, 'facts'> & {
  readonly facts: Facts | null
  readonly proposals: readonly RulePlan[]
  readonly wouldNeed: readonly { readonly rule: string; readonly needs: string }[]
}

/** Adds `diagnose`. */
export function registerDiagnose(program: Command, context: CliContext): void {
  const { language } = context
  program
    .command('diagnose')
    .description(text(language, 'cli.diagnose'))
    .option('--log <file>', text(language, 'cli.diagnoseLog'))
    .option('--json', text(language, 'cli.optJson'))
    .action(async (options: Options) => context.exit(await diagnose(context, options)))
}

/** Exits 2 for a log that cannot be read, else 0, whatever the fault is. */
export async function diagnose(context: CliContext, options: Options): Promise<number> {
  const { paths, language, err, home } = context
  const hasHome = existsSync(paths.data) || existsSync(paths.settings)
  const file = options.log
  if (file === undefined && !hasHome) {
    err(text(language, 'diagnose.noHome', { home: terminalSafe(home), command: printedCommand('diagnose --log FILE') }))
    return EXIT.usage
  }
  const read = file === undefined ? undefined : await readLog(context, file)
  if (file !== undefined && read && !read.ok) {
    err(text(language, 'diagnose.badLog', { file: terminalSafe(file), reason: read.reason }))
    return EXIT.usage
  }
  if (file !== undefined && read?.ok && read.text.trim() === '') {
    err(text(language, 'diagnose.emptyLog', { file: terminalSafe(file) }))
    return EXIT.usage
  }
  const logs = read?.ok ? [read.text] : await readLogTails(paths)
  tell(context, await diagnosisOf(context, logs, hasHome), options)
  return EXIT.ok
}

async function diagnosisOf(context: CliContext, logs: readonly string[], hasHome: boolean): Promise<Diagnosis> {
  const { paths, environment, language } = context
  const env = readEnvFile(paths.env)
  const variables: ReadonlyMap<string, string> = env.ok ? env.variables : new Map()
  const redactor = createRedactor(knownSecrets({ env: variables, environment }))
  const facts = hasHome ? await gatherFacts({ paths, appRoot, environment, ...(await complaint(context)) }) : null
  const evidence = facts ? evidenceOf({ facts, logs, redactor }) : evidenceOfLog(logs.join('\n'), redactor)
  const proposals = facts ? consultRunbook({ facts }) : []
  const spoken = classifyLogs(logs).slice(0, MAX_SPOKEN)
  const wouldNeed = RULES.filter(({ id, treats }) => {
    const isConfirmed = proposals.some(({ rule }) => rule === id)
    return !isConfirmed && spoken.some((one) => treats.includes(one))
  }).map(({ id, needs }) => ({ rule: id, needs: textOf(language, { key: needs, params: {} }) }))
  return { ...evidence, facts, proposals, wouldNeed }
}

/** What the watchdog said when it opened the incident that is still open. It needs packages: where they are missing, nobody said anything. */
async function complaint({ paths }: CliContext): Promise<Pick<Facts, 'symptom' | 'fault'>> {
  try {
    const { readIncidents } = await import('../../shared/watchdogReader.ts')
    const reading = readIncidents(paths.watchdogDb, 1)
    const open = reading.ok ? reading.value.find(({ closedAt }) => closedAt === null) : undefined
    return { symptom: open?.symptom ?? null, fault: open?.fault ?? null }
  } catch {
    return { symptom: null, fault: null }
  }
}

function tell({ out, language }: CliContext, diagnosis: Diagnosis, options: Options): void {
  if (options.json) return out(JSON.stringify(diagnosis, null, 2))
  const { faultClass, signature, facts, proposals, wouldNeed, shown } = diagnosis
  out(text(language, 'diagnose.class', { faultClass }))
  out(text(language, 'diagnose.signature', { signature }))
  if (!facts) out(text(language, 'diagnose.noFacts'))
  if (proposals.length === 0) out(text(language, 'diagnose.none'))
  for (const { rule, action, args } of proposals) {
    const why = RULES.find(({ id }) => id === rule)?.why
    out(text(language, 'diagnose.proposed', { action, args: terminalSafe(JSON.stringify(args)) }))
    out(text(language, 'diagnose.because', { rule, why: why ? textOf(language, { key: why, params: {} }) : '' }))
  }
  for (const { rule, needs } of wouldNeed) out(text(language, 'diagnose.wouldNeed', { rule, needs }))
  out(text(language, 'diagnose.shown'))
  for (const line of shown.split('\n')) out(`    ${terminalSafe(line)}`)
}

async function readLog({ input }: CliContext, file: string): Promise<LogRead> {
  return file === '-' ? { ok: true, text: await readInput(input) } : readFile(file)
}

/** Keeps no more than twice the limit at any time, however long the input is. */
async function readInput(input: CliContext['input']): Promise<string> {
  let kept: Buffer[] = []
  let length = 0
  for await (const chunk of input) {
    const bytes = Buffer.from(chunk)
    kept.push(bytes)
    length += bytes.length
    if (length <= 2 * MAX_LOG_BYTES) continue
    kept = [Buffer.concat(kept).subarray(-MAX_LOG_BYTES)]
    length = MAX_LOG_BYTES
  }
  return Buffer.concat(kept).subarray(-MAX_LOG_BYTES).toString('utf8')
}

/** The end of a file. A pipe in its place is read as standard input is; here it would be waited for. */
function readFile(file: string): LogRead {
  let fd: number | undefined
  try {
    fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK)
    const stats = fstatSync(fd)
    if (!stats.isFile()) return { ok: false, reason: stats.isDirectory() ? 'EISDIR' : 'ENOTSUP' }
    const bytes = Buffer.alloc(Math.min(stats.size, MAX_LOG_BYTES))
    const length = readSync(fd, bytes, 0, bytes.length, stats.size - bytes.length)
    return { ok: true, text: bytes.toString('utf8', 0, length) }
  } catch (error) {
    return { ok: false, reason: (error as NodeJS.ErrnoException).code ?? 'unknown' }
  } finally {
    if (fd !== undefined) closeSync(fd)
  }
}

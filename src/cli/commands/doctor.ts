/** `ottugi doctor`: looks at everything and says it in words; with `--fix` the hands mend what is safe to mend at any time. */
import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import { type Finding, isGoodNews } from '../../guardian/check.ts'
import { DOCTOR_CHECKS } from '../../guardian/doctorChecks.ts'
import { examine } from '../../guardian/examine.ts'
import { EXIT } from '../../shared/exitCodes.ts'
import { text } from '../../shared/messages/text.ts'
import type { CliContext } from '../context.ts'
import { type Fix, fixSafely, proveFixes } from '../doctor/fix.ts'
import { serviceUnits } from '../doctor/serviceUnits.ts'
import { type ToldFinding, toldFinding } from '../doctor/told.ts'
import { shapeOf } from '../shape.ts'
import { terminalSafe } from '../terminalSafe.ts'

const CONDITIONS = { ok: 'well', warn: 'limited', fail: 'wrong' } as const

type DoctorOptions = { readonly json?: boolean; readonly fix?: boolean; readonly online?: boolean }

/** Adds `doctor`. */
export function registerDoctor(program: Command, context: CliContext): void {
  const { language } = context
  program
    .command('doctor')
    .description(text(language, 'cli.doctor'))
    .option('--fix', text(language, 'doctor.optFix'))
    .option('--online', text(language, 'doctor.optOnline'))
    .option('--json', text(language, 'cli.optJsonLines'))
    .action(async (options: DoctorOptions) => context.exit(await doctor(context, options)))
}

/** Exits 1 when something fails; what is bearable only warns. */
export async function doctor(context: CliContext, options: DoctorOptions): Promise<number> {
  const { paths, environment } = context
  const first = await look(context, options)
  // Before the first start there is nothing to mend, and no home to write into.
  const tried = options.fix && existsSync(paths.data) ? await fixSafely({ paths, environment }, first.findings) : []
  const { findings, checks } = tried.some(({ ok }) => ok) ? await look(context, options) : first
  const fixes = proveFixes(tried, findings, context.language)
  const wrong = wrongOf(context, findings)
  if (options.json) tellJson(context, findings, fixes)
  else tellAll(context, { wrong, good: findings.filter(isGoodNews), fixes, checks })
  return wrong.some(({ severity }) => severity === 'fail') ? EXIT.failed : EXIT.ok
}

function tellJson(context: CliContext, findings: readonly Finding[], fixes: readonly Fix[]): void {
  for (const fix of fixes) context.out(JSON.stringify({ id: 'doctor.fix', ...fix }))
  for (const finding of findings) context.out(JSON.stringify(toldOf(context, finding)))
}

type Seen = {
  readonly wrong: readonly Finding[]
  readonly good: readonly Finding[]
  readonly fixes: readonly Fix[]
  readonly checks: number
}

function tellAll(context: CliContext, { wrong, good, fixes, checks }: Seen): void {
  for (const fix of fixes) tellFix(context, fix)
  if (wrong.length === 0) context.out(text(context.language, 'doctor.well', { count: checks }))
  for (const finding of [...wrong, ...good]) tell(context, toldOf(context, finding))
}

async function look({ paths, environment, language }: CliContext, { online }: DoctorOptions) {
  const outside = online ? [(await import('../doctor/provider.ts')).provider] : []
  return examine({ paths, environment, language, more: [...DOCTOR_CHECKS, serviceUnits, ...outside] })
}

/** What is not as it should be. Before the first start neither folders nor the reserve are missing: they are made by it. */
function wrongOf({ paths }: CliContext, findings: readonly Finding[]): Finding[] {
  const isNew = !existsSync(paths.boots)
  const isOfTheStart = ({ check, fault }: Finding) => check === 'folders' || fault === 'reserve-missing'
  return findings.filter((finding) => finding.severity !== 'ok' && !(isNew && isOfTheStart(finding)))
}

function toldOf({ language, home }: CliContext, finding: Finding): ToldFinding {
  return toldFinding(finding, language, home)
}

function tell(context: CliContext, { severity, check, what, why, how }: ToldFinding): void {
  const { language, out } = context
  out(`${shapeOf(context, CONDITIONS[severity])} ${check}: ${terminalSafe(what)}`)
  if (why && severity !== 'ok') out(`    ${text(language, 'doctor.why', { why })}`)
  if (how) out(`    ${text(language, 'doctor.human', { what: terminalSafe(how) })}`)
}

function tellFix(context: CliContext, { action, ok, note }: Fix): void {
  const said = text(context.language, ok ? 'doctor.fixed' : 'doctor.notFixed', { action, note: terminalSafe(note) })
  context.out(`${shapeOf(context, ok ? 'well' : 'wrong')} ${said}`)
}

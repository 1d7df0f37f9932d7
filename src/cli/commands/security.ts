/** `ottugi security`: how well this installation is closed, area by area, and new tokens. */
import type { Command } from 'commander'
import { DOCTOR_CHECKS } from '../../guardian/doctorChecks.ts'
import { examine } from '../../guardian/examine.ts'
import { EXIT } from '../../shared/exitCodes.ts'
import { text } from '../../shared/messages/text.ts'
import { APPS } from '../../shared/paths.ts'
import { printedCommand } from '../../shared/printedCommand.ts'
import { readLiving } from '../../shared/runtimeFile.ts'
import { rotateTokens } from '../../shared/tokens.ts'
import { alignRows } from '../columns.ts'
import type { CliContext } from '../context.ts'
import { type AreaScore, scoreAreas, wholeScore } from '../doctor/score.ts'
import { toldFinding } from '../doctor/told.ts'
import { inPreparedHome } from '../lifecycle/inPreparedHome.ts'
import { type Condition, shapeOf } from '../shape.ts'
import { terminalSafe } from '../terminalSafe.ts'

type Options = { readonly json?: boolean }

/** Adds `security` and its commands. */
export function registerSecurity(program: Command, context: CliContext): void {
  const { language } = context
  const security = program.command('security').description(text(language, 'security.about'))
  security
    .command('audit', { isDefault: true })
    .description(text(language, 'security.aboutAudit'))
    .option('--json', text(language, 'cli.optJson'))
    .action(async (options: Options) => context.exit(await audit(context, options)))
  security
    .command('rotate-tokens')
    .description(text(language, 'security.aboutRotate'))
    .option('--json', text(language, 'cli.optJson'))
    .action(async (options: Options) => context.exit(await inPreparedHome(context, () => rotate(context, options))))
}

/** `security audit`: exits 1 when something fails; what is bearable only costs points. */
export async function audit(context: CliContext, options: Options): Promise<number> {
  const { paths, environment, language, home, out } = context
  const { findings } = await examine({ paths, environment, language, more: DOCTOR_CHECKS })
  const areas = scoreAreas(findings)
  const score = wholeScore(areas)
  const told = areas.map((area) => ({
    ...area,
    findings: area.findings.map((finding) => toldFinding(finding, language, home)),
  }))
  if (options.json) out(JSON.stringify({ score, areas: told }))
  else tell(context, told, score)
  return areas.some((area) => area.findings.some(({ severity }) => severity === 'fail')) ? EXIT.failed : EXIT.ok
}

type ToldArea = Omit<AreaScore, 'findings'> & { readonly findings: readonly ReturnType<typeof toldFinding>[] }

function tell(context: CliContext, areas: readonly ToldArea[], score: number): void {
  const { language, out } = context
  const rows = areas.map(({ area, score: points, findings }) => [
    `${shapeOf(context, conditionOf(findings))} ${text(language, `security.area.${area}`)}`,
    String(points).padStart(3),
  ])
  for (const row of alignRows(rows)) out(row)
  out(text(language, 'security.whole', { score }))
  for (const { what, why, how, severity } of areas.flatMap(({ findings }) => findings)) {
    out(`${shapeOf(context, severity === 'fail' ? 'wrong' : 'limited')} ${terminalSafe(what)}`)
    if (why) out(`    ${text(language, 'doctor.why', { why })}`)
    if (how) out(`    ${text(language, 'doctor.human', { what: terminalSafe(how) })}`)
  }
}

function conditionOf(findings: ToldArea['findings']): Condition {
  if (findings.some(({ severity }) => severity === 'fail')) return 'wrong'
  return findings.length > 0 ? 'limited' : 'well'
}

/** `security rotate-tokens`. What runs goes on with the old ones until its next start. */
export async function rotate(context: CliContext, options: Options): Promise<number> {
  const { paths, language, out, err } = context
  const rotated = await rotateTokens(paths.env)
  if (!rotated.ok) {
    err(text(language, 'security.notRotated', { name: rotated.name, reason: rotated.reason }))
    return EXIT.failed
  }
  const isRunning = APPS.some((app) => readLiving(paths, app) !== undefined)
  const names = rotated.names.join(', ')
  if (options.json) out(JSON.stringify({ names: rotated.names, restartNeeded: isRunning }))
  else {
    out(text(language, 'security.rotated', { names, file: paths.env }))
    if (isRunning) out(text(language, 'security.restart', { command: printedCommand('restart all', context.home) }))
  }
  return EXIT.ok
}

/** `ottugi doctor`: the guardian looks at everything, says it in words, and changes nothing. */
import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import { isGoodNews } from '../../guardian/check.ts'
import { examine } from '../../guardian/examine.ts'
import { EXIT } from '../../shared/exitCodes.ts'
import { text } from '../../shared/messages/text.ts'
import type { CliContext } from '../context.ts'
import { shapeOf } from '../shape.ts'
import { terminalSafe } from '../terminalSafe.ts'

const CONDITIONS = { ok: 'well', warn: 'limited', fail: 'wrong' } as const

/** Adds `doctor`. */
export function registerDoctor(program: Command, context: CliContext): void {
  const { language } = context
  program
    .command('doctor')
    .description(text(language, 'cli.doctor'))
    .option('--json', text(language, 'cli.optJsonLines'))
    .action(async (options: { json?: boolean }) => context.exit(await doctor(context, options)))
}

/** Exits 1 when something fails; what is bearable only warns. */
export async function doctor(context: CliContext, options: { readonly json?: boolean }): Promise<number> {
  const { language, out, paths, environment } = context
  const { findings, checks } = await examine({ paths, environment, language })
  // Before the first start the folders are not missing: they are made by it.
  const isNew = !existsSync(paths.data)
  const wrong = findings.filter(({ severity, check }) => severity !== 'ok' && !(isNew && check === 'folders'))
  if (options.json) for (const finding of findings) out(JSON.stringify(finding))
  else {
    if (wrong.length === 0) out(text(language, 'doctor.well', { count: checks }))
    for (const { severity, check, what, human, repair } of [...wrong, ...findings.filter(isGoodNews)]) {
      out(`${shapeOf(context, CONDITIONS[severity])} ${check}: ${terminalSafe(what)}`)
      if (repair) out(`    ${text(language, 'doctor.mend', { action: repair.action })}`)
      if (human) out(`    ${text(language, 'doctor.human', { what: terminalSafe(human) })}`)
    }
  }
  return wrong.some(({ severity }) => severity === 'fail') ? EXIT.failed : EXIT.ok
}

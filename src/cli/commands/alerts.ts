/** `ottugi alerts`: what waits for a person, and what did. The files themselves are in `alerts/`. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { listAlerts, openAlerts } from '../../alert/alertFile.ts'
import { EXIT } from '../../shared/exitCodes.ts'
import { text } from '../../shared/messages/text.ts'
import { printedCommand } from '../../shared/printedCommand.ts'
import { alignRows } from '../columns.ts'
import type { CliContext } from '../context.ts'
import { shapeOf } from '../shape.ts'
import { safeLines, terminalSafe } from '../terminalSafe.ts'

type Options = { readonly json?: boolean }

/** One alert file. */
type Alert = { readonly id: string; readonly open: boolean; readonly title: string; readonly file: string }

/** Adds `alerts`. */
export function registerAlerts(program: Command, context: CliContext): void {
  const { language } = context
  program
    .command('alerts [id]')
    .description(text(language, 'cli.alerts'))
    .option('--json', text(language, 'cli.optJsonLines'))
    .action((id: string | undefined, options: Options) =>
      context.exit(id ? showAlert(context, id, options) : showAlerts(context, options)),
    )
}

/** All of them, the open ones first. */
export function showAlerts(context: CliContext, options: Options): number {
  const { language, out } = context
  const alerts = readAlerts(context)
  if (options.json) for (const alert of alerts) out(JSON.stringify(alert))
  else if (alerts.length === 0) out(text(language, 'alerts.none'))
  else tell(context, alerts)
  return EXIT.ok
}

/** The text of one. */
export function showAlert(context: CliContext, id: string, options: Options): number {
  const { language, out, err, paths } = context
  const alert = readAlerts(context).find((candidate) => candidate.id === id.toUpperCase())
  if (!alert) {
    err(text(language, 'alerts.unknownId', { id, command: printedCommand('alerts', paths.home) }))
    return EXIT.failed
  }
  const body = readFileSync(alert.file, 'utf8')
  out(options.json ? JSON.stringify({ ...alert, text: body }) : safeLines(body.trimEnd()))
  return EXIT.ok
}

function readAlerts({ paths }: CliContext): Alert[] {
  const open = new Set(openAlerts(paths))
  const alerts = listAlerts(paths).map((name) => {
    const id = name.slice(0, -'.md'.length)
    const file = join(paths.alerts, name)
    return { id, open: open.has(id), title: titleOf(file), file }
  })
  return alerts.toSorted((a, b) => Number(b.open) - Number(a.open) || numberOf(b.id) - numberOf(a.id))
}

function tell(context: CliContext, alerts: readonly Alert[]): void {
  const { language, out } = context
  const rows = alignRows(
    alerts.map(({ id, open, title, file }) => [
      text(language, open ? 'alerts.open' : 'alerts.closed'),
      id,
      terminalSafe(title),
      file,
    ]),
  )
  for (const [index, row] of rows.entries()) out(`${shapeOf(context, alerts[index]?.open ? 'wrong' : 'off')} ${row}`)
}

function titleOf(file: string): string {
  return /^# (.+)$/m.exec(readFileSync(file, 'utf8'))?.[1] ?? ''
}

function numberOf(id: string): number {
  return Number(/\d+/.exec(id)?.[0] ?? 0)
}

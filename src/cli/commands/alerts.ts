/** `ottugi alerts`: what waits for a person, and what did; who was told, and who takes care of it. The files themselves are in `alerts/`. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { listAlerts, openAlerts } from '../../alert/alertFile.ts'
import { readOutbox, type ThreadView } from '../../alert/outboxReader.ts'
import { EXIT } from '../../shared/exitCodes.ts'
import { text } from '../../shared/messages/text.ts'
import { printedCommand } from '../../shared/printedCommand.ts'
import type { CliContext } from '../context.ts'
import { safeLines, terminalSafe } from '../terminalSafe.ts'
import { acknowledge } from './alertsAck.ts'
import { tellAlerts, tellChannels } from './alertsTable.ts'

type Options = { readonly json?: boolean }

/** One alert: its file, and what the outbox knows of it. */
export type Alert = {
  readonly id: string
  readonly open: boolean
  readonly title: string
  readonly file: string
  readonly severity: ThreadView['severity'] | null
  readonly acknowledged: ThreadView['acknowledged']
  readonly messages: ThreadView['messages']
}

/** Adds `alerts`. */
export function registerAlerts(program: Command, context: CliContext): void {
  const { language } = context
  const alerts = program
    .command('alerts [id]')
    .description(text(language, 'cli.alerts'))
    .option('--json', text(language, 'cli.optJsonLines'))
    .action((id: string | undefined, options: Options) =>
      context.exit(id ? showAlert(context, id, options) : showAlerts(context, options)),
    )
  alerts
    .command('ack [id]')
    .description(text(language, 'alert.aboutAck'))
    .action((id: string | undefined) => context.exit(acknowledge(context, id)))
}

/** All of them, the open ones first. */
export function showAlerts(context: CliContext, options: Options): number {
  const { language, out } = context
  const alerts = readAlerts(context)
  if (options.json) for (const alert of alerts) out(JSON.stringify(alert))
  else if (alerts.length === 0) out(text(language, 'alerts.none'))
  else tellAlerts(context, alerts)
  return EXIT.ok
}

/** The text of one, and what became of its messages. */
export function showAlert(context: CliContext, id: string, options: Options): number {
  const { language, out, err, paths } = context
  const alert = readAlerts(context).find((candidate) => candidate.id === id.toUpperCase())
  if (!alert) {
    const command = printedCommand('alerts', paths.home)
    err(text(language, 'alerts.unknownId', { id: terminalSafe(id), command }))
    return EXIT.failed
  }
  const body = readFileSync(alert.file, 'utf8')
  if (options.json) out(JSON.stringify({ ...alert, text: body }))
  else {
    out(safeLines(body.trimEnd()))
    tellChannels(context, alert)
  }
  return EXIT.ok
}

function readAlerts(context: CliContext): Alert[] {
  const { paths, language, err } = context
  const open = new Set(openAlerts(paths))
  const outbox = readOutbox(paths.watchdogDb)
  // The files are the alerts: a database that cannot be read takes nothing from them.
  if (!outbox.ok) err(text(language, 'alert.outboxUnreadable', { reason: terminalSafe(outbox.reason) }))
  const alerts = listAlerts(paths).map((name): Alert => {
    const id = name.slice(0, -'.md'.length)
    const file = join(paths.alerts, name)
    const thread = outbox.ok ? outbox.threads.get(id) : undefined
    return {
      id,
      open: open.has(id),
      title: titleOf(file),
      file,
      severity: thread?.severity ?? null,
      acknowledged: thread?.acknowledged ?? null,
      messages: thread?.messages ?? [],
    }
  })
  return alerts.toSorted((a, b) => Number(b.open) - Number(a.open) || numberOf(b.id) - numberOf(a.id))
}

function titleOf(file: string): string {
  return /^# (.+)$/m.exec(readFileSync(file, 'utf8'))?.[1] ?? ''
}

function numberOf(id: string): number {
  return Number(/\d+/.exec(id)?.[0] ?? 0)
}

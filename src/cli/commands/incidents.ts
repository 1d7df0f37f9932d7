/** `ottugi incidents`: each story: what broke, which tier healed it, how long it was down. */
import type { Command } from 'commander'
import { EXIT } from '../../shared/exitCodes.ts'
import type { Incident } from '../../shared/incident.ts'
import { text } from '../../shared/messages/text.ts'
import { printedCommand } from '../../shared/printedCommand.ts'
import { readIncident, readIncidents, readRecoveries } from '../../shared/watchdogReader.ts'
import type { CliContext } from '../context.ts'
import { formatDuration, formatTime } from '../duration.ts'
import { terminalSafe } from '../terminalSafe.ts'
import { tellRecovery } from './incidentEvidence.ts'

type Options = { readonly json?: boolean; readonly limit: string }

/** Adds `incidents`. */
export function registerIncidents(program: Command, context: CliContext): void {
  const { language } = context
  program
    .command('incidents [id]')
    .description(text(language, 'cli.incidents'))
    .option('--json', text(language, 'cli.optJsonLines'))
    .option('-n, --limit <count>', text(language, 'cli.optCount'), '20')
    .action((id: string | undefined, options: Options) =>
      context.exit(id ? showIncident(context, id, options) : listIncidents(context, options)),
    )
}

/** All of them, newest first. */
export function listIncidents(context: CliContext, options: Options): number {
  const { language, out, err, paths } = context
  const limit = Number(options.limit)
  if (!Number.isInteger(limit) || limit < 1) {
    err(text(language, 'cli.badCount', { what: '--limit', least: 1, got: terminalSafe(options.limit) }))
    return EXIT.usage
  }
  const found = readIncidents(paths.watchdogDb, limit)
  if (!found.ok) {
    err(text(language, 'incidents.unreadable', { reason: found.reason }))
    return EXIT.failed
  }
  if (options.json) for (const incident of found.value) out(JSON.stringify(incident))
  else if (found.value.length === 0) out(text(language, 'incidents.none'))
  else for (const incident of found.value) out(story(context, incident))
  return EXIT.ok
}

/** One of them, with everything that was done. */
export function showIncident(context: CliContext, id: string, options: Options): number {
  const { language, out, err, paths } = context
  const found = readIncident(paths.watchdogDb, id)
  if (!found.ok || !found.value) {
    const command = printedCommand('incidents', paths.home)
    err(
      found.ok
        ? text(language, 'incidents.unknownId', { id, command })
        : text(language, 'incidents.unreadable', { reason: found.reason }),
    )
    return EXIT.failed
  }
  const recoveries = readRecoveries(paths.watchdogDb, found.value.id)
  if (options.json) {
    out(JSON.stringify({ ...found.value, recoveries: recoveries.ok ? recoveries.value : [] }))
    return EXIT.ok
  }
  out(story(context, found.value))
  for (const action of found.value.actions) {
    const undone = action.undone ? ' (undone)' : ''
    out(
      `  ${formatTime(action.at)}  ${action.action} ${terminalSafe(JSON.stringify(action.args))}: ${terminalSafe(action.result)}${undone}`,
    )
  }
  for (const recovery of recoveries.ok ? recoveries.value : []) tellRecovery(context, recovery)
  if (found.value.human) out(text(language, 'incidents.human', { what: terminalSafe(found.value.human) }))
  return EXIT.ok
}

function story({ language }: CliContext, incident: Incident): string {
  return text(language, 'incidents.story', {
    id: incident.id,
    at: formatTime(incident.openedAt),
    fault: incident.fault,
    symptom: incident.symptom,
    detect: formatDuration(incident.detectMs, language),
    outcome: text(language, `outcome.${incident.outcome}`),
    tier: text(language, `tier.${incident.tier}`),
    down: formatDuration(incident.downMs, language),
  })
}

/** `ottugi maintenance`: a time in which nothing is repaired. It always ends by itself. */
import type { Command } from 'commander'
import { monotonicMs, now } from '../../shared/clock.ts'
import { EXIT } from '../../shared/exitCodes.ts'
import {
  beginMaintenance,
  endMaintenance,
  MAX_MAINTENANCE_MS,
  type Maintenance,
  readMaintenance,
} from '../../shared/maintenance.ts'
import { text } from '../../shared/messages/text.ts'
import type { CliContext } from '../context.ts'
import { formatTime, parseDuration } from '../duration.ts'
import { inPreparedHome } from '../lifecycle/inPreparedHome.ts'
import { terminalSafe } from '../terminalSafe.ts'

type Options = { readonly for: string; readonly reason: string; readonly json?: boolean }

/** Adds `maintenance`. */
export function registerMaintenance(program: Command, context: CliContext): void {
  const { language } = context
  const json = ['--json', text(language, 'cli.optJson')] as const
  const maintenance = program.command('maintenance').description(text(language, 'cli.maintenance'))
  maintenance
    .command('on')
    .description(text(language, 'cli.maintenanceOn'))
    .option('--for <duration>', text(language, 'cli.maintenanceFor'), '30m')
    .option('--reason <text>', text(language, 'cli.maintenanceReason'), '')
    .option(...json)
    .action((options: Options) => context.exit(begin(context, options)))
  maintenance
    .command('off')
    .description(text(language, 'cli.maintenanceOff'))
    .action(() => context.exit(end(context)))
  maintenance
    .command('status', { isDefault: true })
    .description(text(language, 'cli.maintenanceStatus'))
    .option(...json)
    .action((options: { json?: boolean }) => context.exit(show(context, options)))
}

/** `maintenance on`. */
export function begin(context: CliContext, options: Options): number {
  const { language, paths, err } = context
  const durationMs = parseDuration(options.for)
  if (durationMs === undefined || durationMs > MAX_MAINTENANCE_MS) {
    err(text(language, 'maintenance.badDuration', { given: terminalSafe(options.for) }))
    return EXIT.usage
  }
  return inPreparedHome(context, () => {
    const maintenance = beginMaintenance(paths, durationMs, options.reason, now())
    context.out(options.json ? JSON.stringify(maintenance) : sentence(context, maintenance))
    return EXIT.ok
  })
}

/** `maintenance off`. */
export function end(context: CliContext): number {
  const wasOn = endMaintenance(context.paths)
  context.out(text(context.language, wasOn ? 'maintenance.off' : 'maintenance.none'))
  return EXIT.ok
}

/** `maintenance status`. */
export function show(context: CliContext, options: { readonly json?: boolean }): number {
  const found = readMaintenance(context.paths, monotonicMs())
  const words = found ? sentence(context, found) : text(context.language, 'maintenance.none')
  context.out(options.json ? JSON.stringify(found ?? null) : words)
  return EXIT.ok
}

function sentence({ language }: CliContext, { until, reason }: Maintenance): string {
  const words = text(language, 'maintenance.on', { until: formatTime(until) })
  return reason ? `${words} ${text(language, 'maintenance.reason', { reason: terminalSafe(reason) })}` : words
}

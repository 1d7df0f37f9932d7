/** `ottugi service cron`: the line alone comes to standard output, so that it can be piped into a crontab. Changes nothing. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { cronLine } from '../../service/containerCron.ts'
import { findInstalled } from '../../service/installed.ts'
import { EXIT } from '../../shared/exitCodes.ts'
import { text } from '../../shared/messages/text.ts'
import { commandAnywhere } from '../../shared/printedCommand.ts'
import { mainFile } from '../../shared/rescueFolder.ts'
import type { CliContext } from '../context.ts'

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const UNWRITABLE = /[\u0000-\u001f\u007f]/

/** Adds `cron` to `service`. */
export function addCron(service: Command, context: CliContext): void {
  service
    .command('cron')
    .description(text(context.language, 'cli.serviceCron'))
    .action(async () => context.exit(await printCron(context)))
}

async function printCron({ paths, environment, language, out, err }: CliContext): Promise<number> {
  const { home } = paths
  const unwritable = [home, mainFile()].find((path) => UNWRITABLE.test(path))
  if (unwritable !== undefined) {
    err(text(language, 'cron.badPath', { path: JSON.stringify(unwritable) }))
    return EXIT.usage
  }
  const { pathOf } = await import('./serviceInstall.ts')
  const logFile = join(paths.logs, 'run-forever.log')
  out(cronLine({ node: process.execPath, main: mainFile(), home, logFile, path: pathOf(environment) }))
  const service = findInstalled(home, environment)
  if (service) err(text(language, 'cron.serviceKeeps', { path: service.path }))
  if (!existsSync(paths.logs)) {
    err(text(language, 'cron.newHome', { home, command: commandAnywhere('start', home) }))
  }
  const command = `(crontab -l 2>/dev/null; ${commandAnywhere('service cron', home)}) | crontab -`
  err(text(language, 'cron.hint', { command }))
  return EXIT.ok
}

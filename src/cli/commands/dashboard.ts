/** `ottugi dashboard`: a link that signs a browser in, once. */
import type { Command } from 'commander'
import { EXIT } from '../../shared/exitCodes.ts'
import { text } from '../../shared/messages/text.ts'
import { npmOrOttugi } from '../../shared/printedCommand.ts'
import { readLiving } from '../../shared/runtimeFile.ts'
import { createLoginCode } from '../../shared/tokens.ts'
import type { CliContext } from '../context.ts'
import { tunnelCommand } from '../tunnelCommand.ts'

/** Adds `dashboard`. */
export function registerDashboard(program: Command, context: CliContext): void {
  const { language } = context
  program
    .command('dashboard')
    .description(text(language, 'cli.dashboard'))
    .option('--json', text(language, 'cli.optJson'))
    .action((options: { json?: boolean }) => context.exit(printLink(context, options)))
}

/** Prints the link; the code in it is good for one sign-in and ten minutes. */
export function printLink(context: CliContext, options: { readonly json?: boolean }): number {
  const { paths, language, out, err } = context
  const url = readLiving(paths, 'dashboard')?.url
  if (!url) {
    const command = npmOrOttugi('start', paths.home)
    err(text(language, 'dashboard.notRunning', { home: paths.home, command }))
    return EXIT.unavailable
  }
  const loginUrl = `${url}/login?code=${createLoginCode(paths.logins)}`
  if (options.json) {
    out(JSON.stringify({ url, loginUrl }))
    return EXIT.ok
  }
  out(text(language, 'start.login', { url: loginUrl }))
  const tunnel = tunnelCommand(context.environment, url)
  if (tunnel) out(text(language, 'start.ssh', { command: tunnel }))
  return EXIT.ok
}

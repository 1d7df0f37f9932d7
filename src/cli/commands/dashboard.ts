/** `ottugi dashboard`: opens it, signed in, and prints the link that does so once. */
import type { Command } from 'commander'
import { loadSettings } from '../../shared/config/load.ts'
import { EXIT } from '../../shared/exitCodes.ts'
import { text } from '../../shared/messages/text.ts'
import { npmOrOttugi } from '../../shared/printedCommand.ts'
import { readLiving } from '../../shared/runtimeFile.ts'
import { createLoginCode } from '../../shared/tokens.ts'
import type { CliContext } from '../context.ts'
import { openBrowser, openerOf } from '../openBrowser.ts'
import { tunnelCommand } from '../tunnelCommand.ts'

type Options = { readonly json?: boolean; readonly open: boolean }

/** Adds `dashboard`. */
export function registerDashboard(program: Command, context: CliContext): void {
  const { language } = context
  program
    .command('dashboard')
    .description(text(language, 'cli.dashboard'))
    .option('--no-open', text(language, 'cli.noOpen'))
    .option('--json', text(language, 'cli.optJson'))
    .action(async (options: Options) => context.exit(await showDashboard(context, options)))
}

/** Opens the page where a person sits at this machine, and prints the link; the code in it is good for one sign-in and ten minutes. */
async function showDashboard(context: CliContext, options: Options): Promise<number> {
  const { paths, language, environment, out, err } = context
  const url = readLiving(paths, 'dashboard')?.url
  if (!url) {
    const command = npmOrOttugi('start', paths.home)
    err(text(language, 'dashboard.notRunning', { home: paths.home, command }))
    return EXIT.unavailable
  }
  const login = `/login?code=${createLoginCode(paths.logins)}`
  const publicUrl = publicAddress(context)
  const loginUrl = `${publicUrl ?? url}${login}`
  if (options.json) {
    out(JSON.stringify({ url, publicUrl: publicUrl ?? null, loginUrl }))
    return EXIT.ok
  }
  const opener = options.open && context.isTerminal ? openerOf(environment) : undefined
  const order = { url: `${url}${login}`, file: paths.dashboardDoor, environment }
  const isOpened = opener !== undefined && (await openBrowser({ ...order, opener }))
  out(text(language, isOpened ? 'dashboard.opened' : 'start.login', { url: loginUrl }))
  const tunnel = publicUrl === undefined ? tunnelCommand(environment, url) : undefined
  if (tunnel) out(text(language, 'start.ssh', { command: tunnel }))
  return EXIT.ok
}

/** Where a reverse proxy shows the page; undefined without one. */
function publicAddress({ paths, environment }: CliContext): string | undefined {
  const loaded = loadSettings({ settingsFile: paths.settings, envFile: paths.env, environment })
  if (!loaded.ok || loaded.settings.dashboard.publicUrl === '') return undefined
  const { publicUrl, basePath } = loaded.settings.dashboard
  return `${new URL(publicUrl).origin}${basePath}`
}

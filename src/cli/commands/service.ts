/** `ottugi service`: the ring as a service of this machine's systemd. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { type Command, Option } from 'commander'
import { findInstalled, type InstalledUnit, listInstalled } from '../../service/installed.ts'
import { createCall, exposureOf, systemctl } from '../../service/programs.ts'
import { lookAtSystemd } from '../../service/systemdHost.ts'
import { EXIT } from '../../shared/exitCodes.ts'
import { text } from '../../shared/messages/text.ts'
import { alignRows } from '../columns.ts'
import type { CliContext } from '../context.ts'
import { addCron } from './serviceCron.ts'
import { tellNone } from './serviceNone.ts'

/** Adds `service` with its commands. What changes something is loaded when it is called. */
export function registerService(program: Command, context: CliContext): void {
  const { language } = context
  const service = program.command('service').description(text(language, 'cli.service'))
  addInstall(service, context)
  addCron(service, context)
  service
    .command('uninstall')
    .description(text(language, 'cli.serviceUninstall'))
    .option('--force', text(language, 'cli.serviceForce'))
    .option('--dry-run', text(language, 'cli.serviceDryRun'))
    .action(async (options: { force?: boolean; dryRun?: boolean }) => {
      const mac = await onMac()
      if (mac) return context.exit(await mac.uninstallLaunchd(context, options, mac.thisMac(context)))
      const { uninstall } = await import('./serviceInstall.ts')
      context.exit(await uninstall(context, options))
    })
  service
    .command('status', { isDefault: true })
    .description(text(language, 'cli.serviceStatus'))
    .option('--json', text(language, 'cli.optJson'))
    .action(async (options: { json?: boolean }) => context.exit(await showStatus(context, options)))
  service
    .command('logs')
    .description(text(language, 'cli.serviceLogs'))
    .option('-n, --lines <count>', text(language, 'cli.serviceLines'), '50')
    .option('-f, --follow', text(language, 'cli.serviceFollow'))
    .action(async (options: { lines: string; follow?: boolean }) => context.exit(await showJournal(context, options)))
  service
    // Install runs this as the user of the service.
    .command('prepare', { hidden: true })
    .addOption(new Option('--start').hideHelp())
    .addOption(new Option('--undo').hideHelp())
    .action(async (options: { start?: boolean; undo?: boolean }) => {
      const { prepare } = await import('./servicePrepare.ts')
      const problem = await prepare(context, options)
      if (problem !== undefined) context.err(problem)
      context.exit(problem === undefined ? EXIT.ok : EXIT.failed)
    })
}

function addInstall(service: Command, context: CliContext): void {
  const { language } = context
  service
    .command('install')
    .description(text(language, 'cli.serviceInstall'))
    .option('--system', text(language, 'cli.serviceSystem'))
    .option('--run-as <user>', text(language, 'cli.serviceRunAs'))
    .option('--name <name>', text(language, 'cli.serviceName'), 'ottugi')
    .option('--no-tools', text(language, 'cli.serviceNoTools'))
    .option('--no-start', text(language, 'cli.serviceNoStart'))
    .option('--force', text(language, 'cli.serviceForce'))
    .option('--dry-run', text(language, 'cli.serviceDryRun'))
    .action(async (options, command: Command) => {
      const mac = await onMac()
      if (mac) return context.exit(await mac.installLaunchd(context, options, mac.thisMac(context)))
      const { install } = await import('./serviceInstall.ts')
      const isHomeNamed = command.optsWithGlobals()['home'] !== undefined
      context.exit(await install(context, { ...options, isHomeNamed }))
    })
}

/** On a Mac launchd is spoken to in place of systemd. */
async function onMac() {
  return process.platform === 'darwin' ? import('./serviceLaunchd.ts') : undefined
}

/** What `service status --json` prints. */
export type ServiceStatus = {
  readonly unit: string
  readonly scope: string
  readonly path: string
  readonly edited: boolean
  readonly home: string
  readonly homeThere: boolean
  readonly state: string
  readonly atBoot: boolean
  readonly restarts: number
  readonly lingers: boolean
  readonly exposure: string | null
}

async function showStatus(context: CliContext, { json }: { readonly json?: boolean }): Promise<number> {
  const mac = await onMac()
  if (mac) return mac.statusLaunchd(context, json ? { json } : {}, mac.thisMac(context))
  const { language, paths, environment, out, err } = context
  const found = findInstalled(paths.home, environment) ?? movedAway(environment)
  if (!found && !json) return tellNone(context, EXIT.unavailable)
  if (!found) {
    out('null')
    return EXIT.unavailable
  }
  const status = await statusOf(found, environment)
  if (json) out(JSON.stringify(status))
  else for (const row of alignRows(rowsOf(context, status))) out(row)
  if (!status.homeThere) err(text(language, 'service.homeGone', { path: found.path, home: found.home }))
  return status.state.startsWith('active') && status.homeThere ? EXIT.ok : EXIT.unavailable
}

/** A unit whose home is not there any more is most likely ours, from before a move. */
function movedAway(environment: NodeJS.ProcessEnv): InstalledUnit | undefined {
  return listInstalled(environment).find(({ home }) => !existsSync(home))
}

async function statusOf(found: InstalledUnit, environment: NodeJS.ProcessEnv): Promise<ServiceStatus> {
  const host = lookAtSystemd(found.home, environment)
  const call = createCall(host, environment)
  const unit = `${found.name}.service`
  const wanted = 'ActiveState,SubState,UnitFileState,NRestarts'
  const { out } = await call(...systemctl(found.scope, 'show', unit, `--property=${wanted}`))
  const facts = Object.fromEntries(out.split('\n').map((line) => line.split('=', 2) as [string, string | undefined]))
  return {
    ...{ unit, scope: found.scope, path: found.path, edited: found.isEdited, home: found.home },
    homeThere: existsSync(found.home),
    state: facts['ActiveState'] ? `${facts['ActiveState']} (${facts['SubState']})` : 'unknown',
    atBoot: facts['UnitFileState'] === 'enabled',
    restarts: Number(facts['NRestarts'] ?? 0),
    lingers: found.scope === 'system' || host.lingers,
    exposure: found.scope === 'system' ? ((await exposureOf(call, unit)) ?? null) : null,
  }
}

function rowsOf({ language }: CliContext, status: ServiceStatus): string[][] {
  const yesNo = (is: boolean) => text(language, is ? 'service.yes' : 'service.no')
  const { unit, path, edited, state, restarts, exposure } = status
  return [
    [text(language, 'service.labelUnit'), `${unit}  ${path}${edited ? ` ${text(language, 'service.wasEdited')}` : ''}`],
    [text(language, 'service.labelState'), state],
    [text(language, 'service.labelBoot'), yesNo(status.atBoot)],
    [text(language, 'service.labelLinger'), yesNo(status.lingers)],
    [text(language, 'service.labelRestarts'), String(restarts)],
    ...(exposure === null ? [] : [[text(language, 'service.labelExposure'), exposure]]),
  ]
}

/** The journal's own program prints it, to this terminal. */
async function showJournal(context: CliContext, options: { lines: string; follow?: boolean }): Promise<number> {
  const mac = await onMac()
  if (mac) return mac.logsLaunchd(context)
  const { language, paths, environment, err } = context
  const found = findInstalled(paths.home, environment)
  if (!found) return tellNone(context, EXIT.unavailable)
  if (!/^\d{1,6}$/.test(options.lines)) {
    err(text(language, 'cli.badCount', { what: '--lines', least: 0, got: JSON.stringify(options.lines) }))
    return EXIT.usage
  }
  const unit = `${found.scope === 'user' ? '--user-unit' : '--unit'}=${found.name}.service`
  const words = [unit, `--lines=${options.lines}`, '--no-pager', ...(options.follow ? ['--follow'] : [])]
  const child = spawn('journalctl', words, { stdio: ['ignore', 'inherit', 'inherit'] })
  return new Promise((resolve) => {
    child.on('error', (error) => {
      err(error.message)
      resolve(EXIT.failed)
    })
    child.on('exit', (code) => resolve(code === 0 ? EXIT.ok : EXIT.failed))
  })
}

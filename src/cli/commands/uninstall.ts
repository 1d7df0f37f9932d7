/** `ottugi uninstall`: nothing of this home runs or starts by itself any more. What stays is said; `--purge` removes the home, and nothing that is none. */
import { existsSync, lstatSync, readdirSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { createInterface } from 'node:readline/promises'
import type { Command } from 'commander'
import { measureHome } from '../../service/data/files.ts'
import { findInstalled } from '../../service/installed.ts'
import { EXIT } from '../../shared/exitCodes.ts'
import { text } from '../../shared/messages/text.ts'
import { type HomePaths, isCheckout } from '../../shared/paths.ts'
import { printedCommand, shellWord } from '../../shared/printedCommand.ts'
import { baseProgram } from '../../shared/programOf.ts'
import type { CliContext } from '../context.ts'
import { sizeWords } from '../sizeWords.ts'
import { terminalSafe } from '../terminalSafe.ts'
import { stop } from './stop.ts'

type Options = { readonly purge?: boolean; readonly yes?: boolean; readonly dryRun?: boolean }

/** What Ottugi makes in a home. In a checkout, which is a home and a program, only these go. */
const OWN_NAMES = [
  'data',
  'run',
  'pm2',
  'logs',
  'alerts',
  'releases',
  'tools',
  'skills',
  'workspace',
  '.env',
  'ottugi.yaml',
] as const
/** A home has been lived in where one of these is there. */
const MARKS = ['data/desired', 'data/agent.db', 'data/watchdog.db', 'data/boots.jsonl'] as const
/** These belong to a checkout itself. */
const OF_CHECKOUT: ReadonlySet<string> = new Set(['ottugi.yaml', 'tools', 'skills', 'logs'])

/** Adds `uninstall`. */
export function registerUninstall(program: Command, context: CliContext): void {
  const { language } = context
  program
    .command('uninstall')
    .description(text(language, 'cli.uninstall'))
    .option('--purge', text(language, 'cli.uninstallPurge'))
    .option('--yes', text(language, 'cli.optYes'))
    .option('--dry-run', text(language, 'cli.uninstallDryRun'))
    .action(async (options: Options) => context.exit(await uninstall(context, options)))
}

/** Exits 1 where something did not end or could not be removed, 2 where nothing was done for want of a home or a yes. */
export async function uninstall(context: CliContext, options: Options): Promise<number> {
  const { paths, language, home, environment, out } = context
  if (!isHome(paths))
    return refuse(context, text(language, 'uninstall.noHome', { home: terminalSafe(home) }), EXIT.usage)
  const unit = findInstalled(home, environment)
  if (options.dryRun) {
    out(text(language, 'uninstall.stops', { home: terminalSafe(home) }))
    if (unit) out(text(language, 'uninstall.service', { unit: unit.name, path: unit.path }))
    tellPaths(context, options.purge ? 'uninstall.purges' : 'uninstall.stays')
    return EXIT.ok
  }
  if (options.purge && !options.yes) {
    const refusal = await ask(context)
    if (refusal !== undefined) return refuse(context, refusal, EXIT.usage)
  }
  if ((await stop(context, {})) !== EXIT.ok) return refuse(context, text(language, 'uninstall.stopFailed'))
  if (!(await removeService(context, unit !== undefined))) {
    const command = printedCommand('service uninstall', home)
    return refuse(context, text(language, 'uninstall.serviceFailed', { command }))
  }
  out(text(language, 'uninstall.done'))
  if (options.purge) purge(context)
  else tellPaths(context, 'uninstall.stays')
  out(text(language, 'uninstall.program', { command: removeProgram() }))
  return EXIT.ok
}

/** What the service manager of this machine has of this home; true where there is nothing, or nothing any more. */
async function removeService(context: CliContext, isInstalled: boolean): Promise<boolean> {
  if (process.platform === 'darwin') {
    const { thisMac, uninstallLaunchd } = await import('./serviceLaunchd.ts')
    return (await uninstallLaunchd(context, {}, thisMac(context))) === EXIT.ok
  }
  if (!isInstalled) return true
  const { uninstall: remove } = await import('./serviceInstall.ts')
  return (await remove(context, {})) === EXIT.ok
}

/** A home of ours, lived in, and no folder that holds more than that: whatever a person typed by mistake stays. */
export function isHome({ home }: Pick<HomePaths, 'home'>): boolean {
  const isPlain = lstatSync(home, { throwIfNoEntry: false })?.isDirectory() === true
  const below = relative(home, homedir())
  const isTooHigh = home === dirname(home) || (below !== '' && !below.startsWith('..'))
  return isPlain && !isTooHigh && MARKS.some((mark) => existsSync(join(home, mark)))
}

async function ask({ language, home, isTerminal, input, err }: CliContext): Promise<string | undefined> {
  if (!isTerminal) return text(language, 'uninstall.needsYes')
  err(text(language, 'uninstall.ask', { home: terminalSafe(home) }))
  const lines = createInterface({ input })
  const closed = new Promise<string>((answer) => lines.once('close', () => answer('')))
  try {
    return (await Promise.race([lines.question(''), closed])).trim() === 'yes'
      ? undefined
      : text(language, 'restore.notDone')
  } finally {
    lines.close()
  }
}

/** Only what Ottugi makes goes; a file of somebody else keeps its folder. */
function purge({ paths, language, home, out }: CliContext): void {
  for (const path of ownPaths(paths)) rmSync(path, { recursive: true, force: true, maxRetries: 3, retryDelay: 50 })
  if (!isProgram(home) && readdirSync(home).length === 0) rmSync(home, { recursive: true })
  out(text(language, 'uninstall.purged', { home: terminalSafe(home) }))
}

function ownPaths({ home }: Pick<HomePaths, 'home'>): string[] {
  const isKept = (name: string) => isProgram(home) && OF_CHECKOUT.has(name)
  return OWN_NAMES.filter((name) => !isKept(name))
    .map((name) => join(home, name))
    .filter((path) => lstatSync(path, { throwIfNoEntry: false }) !== undefined)
}

/** A checkout is a home and a program at once: what it ships stays. */
function isProgram(home: string): boolean {
  return existsSync(join(home, 'package.json')) && existsSync(join(home, 'src'))
}

function tellPaths({ paths, language, out, home }: CliContext, key: 'uninstall.stays' | 'uninstall.purges'): void {
  const size = sizeWords(Object.values(measureHome(paths)).reduce((sum, bytes) => sum + bytes, 0))
  out(text(language, key, { path: terminalSafe(home), size }))
}

/** How the program itself goes: by what brought it. */
function removeProgram(): string {
  const { root } = baseProgram()
  return isCheckout(root) ? `rm -r ${shellWord(root)}` : 'npm uninstall --global ottugi'
}

function refuse({ err }: CliContext, words: string, code: number = EXIT.failed): number {
  err(words)
  return code
}

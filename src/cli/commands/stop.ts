/** `ottugi stop`: ends everything, and it stays ended. */
import { type Command, Option } from 'commander'
import { pauseDesired, readDesired, writeDesired } from '../../shared/desired.ts'
import { EXIT } from '../../shared/exitCodes.ts'
import { text } from '../../shared/messages/text.ts'
import { createPm2 } from '../../shared/supervisor/pm2.ts'
import type { CliContext } from '../context.ts'
import { takeStartLock } from '../lifecycle/startLock.ts'
import { livingProcesses, takeDown } from '../lifecycle/takeDown.ts'

const LOCK_LIMIT_MS = 30_000

/** Adds `stop`. */
export function registerStop(program: Command, context: CliContext): void {
  const { language } = context
  program
    .command('stop')
    .description(text(language, 'cli.stop'))
    .option('--json', text(language, 'cli.optJson'))
    // The service manager ends us, for a reboot perhaps: a person's wish stays what it was.
    .addOption(new Option('--service').hideHelp())
    .action(async (options: { json?: boolean; service?: boolean }) => context.exit(await stop(context, options)))
}

/** The wish is written first, so that nobody revives what is being stopped. */
export async function stop(
  context: CliContext,
  options: { readonly json?: boolean; readonly service?: boolean },
): Promise<number> {
  const { paths, language, environment } = context
  const supervisor = createPm2(paths, environment)
  if (!supervisor.find() && livingProcesses(paths).length === 0 && readDesired(paths.desired) === 'stopped') {
    const nothing = text(language, 'stop.nothing', { home: paths.home })
    context.out(options.json ? JSON.stringify({ stopped: 0, left: [] }) : nothing)
    return EXIT.ok
  }
  if (options.service) pauseDesired(paths.desired)
  else writeDesired(paths.desired, 'stopped')
  const release = await takeStartLock(paths, LOCK_LIMIT_MS)
  try {
    const { processes, left } = await takeDown(paths, supervisor)
    if (left.length > 0) context.err(text(language, 'stop.left', { pids: left.join(', ') }))
    context.out(options.json ? JSON.stringify({ stopped: processes, left }) : text(language, 'stop.stopped'))
    return left.length > 0 ? EXIT.failed : EXIT.ok
  } finally {
    release?.()
  }
}

/** `ottugi run-forever`: the ring in the foreground, where no service manager keeps it: as PID 1 of a container, under cron, launchd or another supervisor. */
import type { Command } from 'commander'
import { claimForeground } from '../../service/containerClaim.ts'
import { createReaper } from '../../service/containerReaper.ts'
import { findInstalled } from '../../service/installed.ts'
import { networkDiskOf } from '../../service/systemdHost.ts'
import { pauseDesired, readDesired, resumeDesired, writeDesired } from '../../shared/desired.ts'
import { EXIT } from '../../shared/exitCodes.ts'
import { type Phrase, phrase } from '../../shared/messages/phrase.ts'
import { text, textOf } from '../../shared/messages/text.ts'
import { commandAnywhere, printedCommand } from '../../shared/printedCommand.ts'
import { createPm2 } from '../../shared/supervisor/pm2.ts'
import { ensureTokens } from '../../shared/tokens.ts'
import type { CliContext } from '../context.ts'
import { type ForegroundEvent, keepRing } from '../lifecycle/foreground.ts'
import { createOwnCommands, type OwnCommands } from '../lifecycle/ownCommands.ts'
import { prepareHome } from '../lifecycle/prepareHome.ts'

type ForeverOptions = { readonly stay?: boolean }

const ENDING = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const

/** Adds `run-forever`. */
export function registerRunForever(program: Command, context: CliContext): void {
  const { language } = context
  program
    .command('run-forever')
    .description(text(language, 'cli.runForever'))
    .option('--stay', text(language, 'cli.runForeverStay'))
    .action(async (options: ForeverOptions) => context.exit(await runForever(context, options)))
}

/** Starts the ring, keeps it, and ends it in good order at SIGTERM, SIGINT or SIGHUP. Exits 0 then, 1 where something of it could not be ended. */
async function runForever(context: CliContext, options: ForeverOptions): Promise<number> {
  const { paths, language, err } = context
  const refusal = refusalOf(context)
  if (refusal) return say(err, textOf(language, refusal), EXIT.refused)
  const problem = prepareHome(paths)
  if (problem) return say(err, textOf(language, problem.words), problem.code)
  const claim = await claimForeground(paths)
  if (!claim.ok) return say(err, text(language, 'forever.held', { reason: claim.reason }), EXIT.tryAgain)
  try {
    return await runClaimed(context, options.stay === true || process.pid === 1)
  } finally {
    claim.release()
  }
}

/** Two who keep one ring would start what the other ends; databases and sockets need a local disk. */
function refusalOf({ paths, environment }: CliContext): Phrase | undefined {
  const service = findInstalled(paths.home, environment)
  if (service) {
    const command = printedCommand('service uninstall', paths.home)
    return phrase('forever.serviceKeeps', { path: service.path, command })
  }
  const kind = networkDiskOf(paths.home)
  return kind === undefined ? undefined : phrase('service.networkHome', { home: paths.home, kind })
}

async function runClaimed(context: CliContext, stays: boolean): Promise<number> {
  const { paths, language, environment, out } = context
  // Listened for before anything is started: as PID 1 a signal that nobody listens for does nothing at all.
  const ending = listenForTheEnd()
  await ensureTokens(paths.env)
  if (!wishToRun(context) && !stays) {
    return say(out, text(language, 'forever.restsAlready', { command: startCommand(context) }), EXIT.ok)
  }
  out(text(language, 'forever.begins', { home: paths.home }))
  const commands = createOwnCommands(paths.home, environment)
  const reap = process.pid === 1 ? await reaperOf(context, commands) : () => {}
  const supervisor = createPm2(paths, environment)
  await keepRing({ paths, supervisor, commands, reap, stays, signal: ending, tell: teller(context, stays) })
  if (!ending.aborted) return EXIT.ok
  const keepReaping = setInterval(reap, 1_000)
  try {
    return await endRing(context, commands, String(ending.reason))
  } finally {
    clearInterval(keepReaping)
  }
}

/** A person at a terminal wishes it by this command; for everybody else the wish stays what it was, and a new home has one. */
function wishToRun({ paths, isTerminal }: CliContext): boolean {
  if (readDesired(paths.desired) === 'running') return true
  if (isTerminal) {
    writeDesired(paths.desired, 'running')
    return true
  }
  pauseDesired(paths.desired)
  return resumeDesired(paths.desired)
}

/** Aborted by the first of the signals, its name the reason. The listeners stay: a second Ctrl-C does not cut the end short. */
function listenForTheEnd(): AbortSignal {
  const ending = new AbortController()
  for (const signal of ENDING) process.on(signal, () => ending.abort(signal))
  return ending.signal
}

async function reaperOf({ language, err }: CliContext, { pids }: OwnCommands): Promise<() => void> {
  // Node calls this way into the C library experimental, in a line on every start.
  process.removeAllListeners('warning')
  const reaper = await createReaper()
  if (reaper) return () => void reaper(pids)
  err(text(language, 'forever.noReaper'))
  return () => {}
}

/** A pause, not a stop: the next start of the container, or of whoever runs us, goes on. */
async function endRing({ paths, language, out, err }: CliContext, commands: OwnCommands, signal: string) {
  out(text(language, 'forever.ends', { signal }))
  pauseDesired(paths.desired)
  // It waits for a start of ours that still runs: what such a start has begun would outlive us.
  const code = await commands.run('stop', '--service')
  return code === EXIT.ok ? EXIT.ok : say(err, text(language, 'forever.notEnded', { code }), EXIT.failed)
}

function teller(context: CliContext, stays: boolean): (event: ForegroundEvent) => void {
  const { language, out, err } = context
  return (event) => {
    switch (event.what) {
      case 'up':
        return out(text(language, 'forever.up'))
      case 'starts':
        // The first start needs no word, it was announced.
        return event.tries > 1 ? err(text(language, 'forever.startsAgain', { tries: event.tries })) : undefined
      case 'startFailed':
        return err(text(language, 'forever.startFailed', { code: event.code }))
      case 'rests':
        return stays ? out(text(language, 'forever.rests', { command: startCommand(context) })) : undefined
    }
  }
}

/** In a container the person calls from outside of it, and names it. */
function startCommand({ paths }: CliContext): string {
  return commandAnywhere('start', paths.home)
}

function say(print: (text: string) => void, words: string, code: number): number {
  print(words)
  return code
}

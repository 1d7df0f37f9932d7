/** `ottugi restart`: ends processes politely and sees them come back. */
import type { Command } from 'commander'
import { appendBoot } from '../../shared/bootledger.ts'
import { readDesired } from '../../shared/desired.ts'
import { EXIT } from '../../shared/exitCodes.ts'
import { isAlive, signalIdentity } from '../../shared/identity.ts'
import { text } from '../../shared/messages/text.ts'
import { APPS, type AppName } from '../../shared/paths.ts'
import { npmOrOttugi, printedCommand } from '../../shared/printedCommand.ts'
import { readLiving } from '../../shared/runtimeFile.ts'
import { createPm2 } from '../../shared/supervisor/pm2.ts'
import type { Supervisor } from '../../shared/supervisor/supervisor.ts'
import type { CliContext } from '../context.ts'
import { AFTER_FAILURE_MS, awaitRing, lastWord } from '../lifecycle/awaitRing.ts'
import { awaitEnd } from '../lifecycle/bringUp.ts'
import { takeStartLock } from '../lifecycle/startLock.ts'
import { readStartSettings, tellProblems } from '../lifecycle/startSettings.ts'
import { bringUpWhereItBelongs } from '../lifecycle/underService.ts'

const BACK_LIMIT_MS = 30_000
const DRAIN_LIMIT_MS = 15_000
const LOCK_LIMIT_MS = 25_000

/** Adds `restart`. */
export function registerRestart(program: Command, context: CliContext): void {
  program
    .command('restart [app]')
    .description(text(context.language, 'cli.restart', { apps: APPS.join(', ') }))
    .action(async (app: string | undefined) => context.exit(await restart(context, app ?? 'agent')))
}

/** Refuses while the settings are broken: what runs is well and would not come back with them. */
export async function restart(context: CliContext, given: string): Promise<number> {
  const { paths, language, environment } = context
  const apps = given === 'all' ? APPS : APPS.filter((app) => app === given)
  if (apps.length === 0) {
    const expected = [...APPS, 'all'].join(', ')
    context.err(text(language, 'cli.badValue', { what: 'restart', expected, got: given }))
    return EXIT.usage
  }
  if (readDesired(paths.desired) !== 'running') {
    context.err(text(language, 'restart.notRunning', { home: paths.home, command: npmOrOttugi('start', paths.home) }))
    return EXIT.unavailable
  }
  const loaded = readStartSettings(context)
  if (!loaded.ok) {
    tellProblems(context, loaded.problems, 'restart.settingsInvalid')
    return EXIT.refused
  }
  const supervisor = createPm2(paths, environment, loaded.settings.supervisor.passEnv)
  for (const app of apps) {
    const code = await restartOne(context, app, supervisor)
    if (code !== EXIT.ok) return code
  }
  return EXIT.ok
}

async function restartOne(context: CliContext, app: AppName, supervisor: Supervisor): Promise<number> {
  const { paths, language } = context
  const startedAt = performance.now()
  appendBoot(paths.boots, app, { kind: 'reset', reason: 'ottugi restart' })
  const living = readLiving(paths, app)
  if (living) await endPolitely(living)
  const complaint = living ? undefined : await bringBack(context, supervisor)
  const view = await awaitRing(paths, complaint === undefined ? BACK_LIMIT_MS : AFTER_FAILURE_MS, [app])
  const back = view[app]
  if (!view.isReady || !back) {
    if (complaint !== undefined) context.err(complaint)
    return notBack(context, app)
  }
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1)
  context.out(text(language, 'restart.done', { app, pid: back.pid, seconds }))
  return EXIT.ok
}

/** Who starts something has the lock: whoever is left of the ring is about to do the same. With the supervisor gone nothing may start beside a service. Gives what went wrong. */
async function bringBack(context: CliContext, supervisor: Supervisor): Promise<string | undefined> {
  const { paths, language } = context
  const release = await takeStartLock(paths, LOCK_LIMIT_MS)
  if (!release) return text(language, 'start.locked')
  try {
    const result = await bringUpWhereItBelongs(context, supervisor, release)
    return result.ok ? undefined : text(language, 'start.supervisorFailed', { reason: result.reason })
  } finally {
    release()
  }
}

function notBack({ paths, language, err }: CliContext, app: AppName): number {
  const word = lastWord(paths, app)
  if (word) err(text(language, word.isRefusal ? 'start.refused' : 'start.ended', { app, reason: word.text }))
  const command = printedCommand('doctor', paths.home)
  err(text(language, 'restart.notBack', { app, seconds: BACK_LIMIT_MS / 1_000, command }))
  return word?.isRefusal ? EXIT.refused : EXIT.failed
}

async function endPolitely(living: { pid: number; startTicks: number }): Promise<void> {
  signalIdentity(living, 'SIGCONT')
  signalIdentity(living, 'SIGTERM')
  await awaitEnd(living, DRAIN_LIMIT_MS)
  if (isAlive(living)) signalIdentity(living, 'SIGKILL', true)
  await awaitEnd(living, DRAIN_LIMIT_MS)
}

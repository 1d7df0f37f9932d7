/** `ottugi start`: brings the whole ring up, says where it is, and returns. `--revive` is the same without a person. */

import { type Command, Option } from 'commander'
import { appendBoot, judgeStart, readBoots } from '../../shared/bootledger.ts'
import { bootId, monotonicMs } from '../../shared/clock.ts'
import { defaultSettings, loadSettings } from '../../shared/config/load.ts'
import { isLoopbackHost } from '../../shared/config/loopback.ts'
import type { SettingsProblem } from '../../shared/config/problem.ts'
import { readDesired, writeDesired } from '../../shared/desired.ts'
import { EXIT } from '../../shared/exitCodes.ts'
import { text, textOf } from '../../shared/messages/text.ts'
import { APPS, type HomePaths } from '../../shared/paths.ts'
import { npmOrOttugi, printedCommand } from '../../shared/printedCommand.ts'
import { readStat } from '../../shared/procfs.ts'
import { createPm2 } from '../../shared/supervisor/pm2.ts'
import type { Supervisor } from '../../shared/supervisor/supervisor.ts'
import { createLoginCode, ensureTokens } from '../../shared/tokens.ts'
import { alignRows } from '../columns.ts'
import type { CliContext } from '../context.ts'
import { AFTER_FAILURE_MS, awaitRing, lastWord, lookAtRing, type RingView } from '../lifecycle/awaitRing.ts'
import { awaitEnd, bringUp } from '../lifecycle/bringUp.ts'
import { prepareHome } from '../lifecycle/prepareHome.ts'
import { settleHome, tellSettled } from '../lifecycle/settleHome.ts'
import { takeStartLock } from '../lifecycle/startLock.ts'
import { readStartSettings, type StartSettings, tellProblems } from '../lifecycle/startSettings.ts'
import { bringUpWhereItBelongs, endOutsiders } from '../lifecycle/underService.ts'
import { warmUp } from '../lifecycle/warmUp.ts'
import { tunnelCommand } from '../tunnelCommand.ts'

type StartOptions = {
  readonly json?: boolean
  readonly revive?: boolean
  readonly after?: string
  readonly service?: boolean
}

const READY_LIMIT_MS = 30_000
const LOCK_LIMIT_MS = 25_000
const LOOK_AGAIN_MS = 500
/** A supervisor that takes its three processes with it waits for the agent's drain. */
const DYING_LIMIT_MS = 20_000

/** Adds `start`. */
export function registerStart(program: Command, context: CliContext): void {
  const { language } = context
  program
    .command('start')
    .description(text(language, 'cli.start'))
    .option('--json', text(language, 'cli.optJson'))
    // Only our own processes use these.
    .addOption(new Option('--revive').hideHelp())
    .addOption(new Option('--service').hideHelp())
    .addOption(new Option('--after <pid:ticks>').hideHelp())
    .action(async (options: StartOptions) =>
      context.exit(await (options.revive || options.service ? revive(context, options) : start(context, options))),
    )
}

/** A person's start: everything is checked first, so that a refusal leaves nothing half done. */
export async function start(context: CliContext, options: StartOptions): Promise<number> {
  const { paths, language, environment } = context
  const settings = loadSettings({ settingsFile: paths.settings, envFile: paths.env, environment })
  if (!settings.ok) return refuseSettings(context, settings.problems)
  const problem = prepareHome(paths)
  if (problem) return fail(context, textOf(language, problem.words), problem.code)
  const release = await takeStartLock(paths, LOCK_LIMIT_MS)
  if (!release) return fail(context, text(language, 'start.locked'), EXIT.tryAgain)
  try {
    tellSettled(context, settleHome(paths))
    // The admin token that is made here is what listening beyond this machine asks for.
    await ensureTokens(paths.env)
    const loaded = readStartSettings(context)
    if (!loaded.ok) return refuseSettings(context, loaded.problems)
    return await startRing(context, loaded, { ...options, release })
  } finally {
    release()
  }
}

function refuseSettings(context: CliContext, problems: readonly SettingsProblem[]): number {
  tellProblems(context, problems, 'start.settingsInvalid')
  return EXIT.refused
}

async function startRing(
  context: CliContext,
  loaded: StartSettings,
  options: StartOptions & { readonly release: () => void },
): Promise<number> {
  const { paths, language, environment } = context
  const startedAt = performance.now()
  const before = await lookAtRing(paths)
  writeDesired(paths.desired, 'running')
  if (!before.isReady) {
    if (!options.json) context.err(text(language, 'start.starting'))
    // A person asked: whatever failed before gets a fresh try at once.
    for (const app of APPS) appendBoot(paths.boots, app, { kind: 'reset', reason: 'ottugi start' })
    await warmUp(paths, environment)
  }
  const supervisor = createPm2(paths, environment, loaded.settings.supervisor.passEnv)
  const result = await bringUpWhereItBelongs(context, supervisor, options.release)
  const view = await awaitRing(paths, result.ok ? READY_LIMIT_MS : AFTER_FAILURE_MS)
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1)
  if (!view.isReady && !result.ok)
    return fail(context, text(language, 'start.supervisorFailed', { reason: result.reason }), EXIT.failed)
  if (!view.isReady) return notReady(context, view)
  const login = view.dashboard?.url ? `${view.dashboard.url}/login?code=${createLoginCode(paths.logins)}` : null
  if (options.json) context.out(JSON.stringify(summary(context, view, login, before.isReady)))
  else
    tell(context, loaded, {
      view,
      login,
      headline: before.isReady ? text(language, 'start.already') : text(language, 'start.up', { seconds }),
    })
  return EXIT.ok
}

function summary(
  { home }: CliContext,
  view: RingView,
  loginUrl: string | null,
  alreadyRunning: boolean,
): Record<string, unknown> {
  const { agent, watchdog, dashboard } = view
  return {
    home,
    alreadyRunning,
    agent: { pid: agent?.pid, url: agent?.url },
    watchdog: { pid: watchdog?.pid },
    dashboard: { pid: dashboard?.pid, url: dashboard?.url },
    loginUrl,
    notes: notesOf(view),
  }
}

type Told = { readonly view: RingView; readonly login: string | null; readonly headline: string }

function tell(context: CliContext, loaded: StartSettings, { view, login, headline }: Told): void {
  const { language, out, paths, environment } = context
  out(headline)
  const rows = [
    [text(language, 'start.labelAgent'), view.agent?.url ?? ''],
    [text(language, 'start.labelDashboard'), view.dashboard?.url ?? ''],
    [text(language, 'start.labelHome'), paths.home],
  ]
  for (const row of alignRows(rows)) out(`  ${row}`)
  if (login) out(text(language, 'start.login', { url: login }))
  const tunnel = view.dashboard?.url ? tunnelCommand(environment, view.dashboard.url) : undefined
  if (tunnel) out(text(language, 'start.ssh', { command: tunnel }))
  for (const note of notesOf(view)) out(text(language, 'start.note', { note }))
  tellKey(context, loaded)
  const stop = npmOrOttugi('stop', paths.home)
  out(text(language, 'start.commands', { status: npmOrOttugi('status', paths.home), stop }))
  out(text(language, 'start.uninstall', { stop, home: paths.home }))
}

function notesOf({ agent, dashboard }: RingView): readonly string[] {
  return [...(agent?.notes ?? []), ...(dashboard?.notes ?? [])]
}

function tellKey({ language, out, paths, environment }: CliContext, { settings, secrets }: StartSettings): void {
  const { keyVariable, baseUrl } = settings.model
  if (secrets.get(keyVariable) || isLoopbackHost(new URL(baseUrl).hostname)) return
  const setKey = printedCommand(`config secret set ${keyVariable}`, paths.home)
  const setUrl = printedCommand('config set model.baseUrl http://127.0.0.1:8080', paths.home)
  out(text(language, 'start.noKey', { setKey, setUrl }))
  if (environment[keyVariable]) out(text(language, 'start.keyInShell', { name: keyVariable, file: paths.env }))
}

function notReady(context: CliContext, view: RingView): number {
  const { language, paths } = context
  const words = view.missing.map((app) => ({ app, word: lastWord(paths, app) }))
  for (const { app, word } of words) {
    if (word) context.err(text(language, word.isRefusal ? 'start.refused' : 'start.ended', { app, reason: word.text }))
  }
  const missing = view.missing.join(', ')
  const command = printedCommand('doctor', paths.home)
  context.err(text(language, 'start.notReady', { seconds: READY_LIMIT_MS / 1_000, missing, command }))
  return words.some(({ word }) => word?.isRefusal) ? EXIT.refused : EXIT.failed
}

function fail(context: CliContext, message: string, code: number): number {
  context.err(message)
  return code
}

/** A start without a person: no questions, no checks that the guardian makes anyway, and nothing at all when `stopped` is desired. */
export async function revive(context: CliContext, options: StartOptions): Promise<number> {
  const { paths, environment } = context
  const dying = parseProcess(options.after)
  if (dying) await awaitEnd(dying, DYING_LIMIT_MS)
  const release = await takeStartLock(paths, LOCK_LIMIT_MS)
  if (!release) return EXIT.tryAgain
  try {
    if (readDesired(paths.desired) !== 'running') return EXIT.ok
    settleHome(paths)
    const loaded = readStartSettings(context)
    const { passEnv } = (loaded.ok ? loaded.settings : defaultSettings()).supervisor
    const supervisor = createPm2(paths, environment, passEnv)
    if (options.service) await endOutsiders(paths, supervisor)
    const result = await bringUp(paths, supervisor)
    if (!result.ok) return fail(context, result.reason, EXIT.failed)
    await awaitWatchdog(paths, supervisor)
    return EXIT.ok
  } finally {
    release()
  }
}

/** A watchdog that the brake holds is started again by nobody, as long as this start has the lock: so it is done here, when the hold is over. */
async function awaitWatchdog(paths: HomePaths, supervisor: Supervisor): Promise<void> {
  const deadline = performance.now() + READY_LIMIT_MS
  for (;;) {
    const { isReady } = await awaitRing(paths, LOOK_AGAIN_MS, ['watchdog'])
    // Whoever stops it waits for this start's lock.
    if (isReady || readDesired(paths.desired) !== 'running' || performance.now() >= deadline) return
    if (judgeStart(readBoots(paths.boots), 'watchdog', bootId(), monotonicMs()).go) await bringUp(paths, supervisor)
  }
}

function parseProcess(given: string | undefined): { pid: number; startTicks: number } | undefined {
  const [pid, startTicks] = (given ?? '').split(':').map(Number)
  return pid && startTicks && readStat(pid)?.startTicks === startTicks ? { pid, startTicks } : undefined
}

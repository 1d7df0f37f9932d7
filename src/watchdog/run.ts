/** The watchdog's process: sets up what it sees with and acts with, then beats. */

import { appendBoot, HANDOVER } from '../shared/bootledger.ts'
import { monotonicMs } from '../shared/clock.ts'
import { defaultSettings, loadSettings } from '../shared/config/load.ts'
import type { Settings } from '../shared/config/schema.ts'
import { readDesired } from '../shared/desired.ts'
import type { Boot } from '../shared/entry.ts'
import { LINK } from '../shared/link.ts'
import { openLog } from '../shared/log.ts'
import { chooseLanguage } from '../shared/messages/text.ts'
import { appVersion, type HomePaths } from '../shared/paths.ts'
import { spawnRevive } from '../shared/revive.ts'
import { writeRuntimeFile } from '../shared/runtimeFile.ts'
import { livingOnly } from '../shared/supervisor/livingOnly.ts'
import { createPm2 } from '../shared/supervisor/pm2.ts'
import { tokensFrom } from '../shared/tokens.ts'
import { createAlertDesk, deskBeat } from './alertDesk.ts'
import { createChores } from './chores.ts'
import { createDashboardKeeper } from './dashboardKeeper.ts'
import { createDiskChore } from './diskChore.ts'
import { createGuardianJob } from './guardianJob.ts'
import { createHealthPoll } from './healthPoll.ts'
import { createAwakeClock } from './lateness.ts'
import { isFresh, type LinkServer, listenForAgent } from './linkServer.ts'
import { createLoop } from './loop.ts'
import { createMetricsChore } from './metrics/metricsChore.ts'
import { createServiceFeeder } from './notify.ts'
import { createObserver } from './observe.ts'
import { openStoreOrRestore } from './openStore.ts'
import { createOrderRequests } from './orderRequests.ts'
import { replacePredecessor } from './predecessor.ts'
import { createRecoveryJob } from './recoveryJob.ts'
import { tellLostLife } from './ringIncidents.ts'
import { createSupervisorKeeper } from './supervisorKeeper.ts'
import { createSweepRequests } from './sweepRequests.ts'

/** How often the watchdog looks, when nothing wakes it earlier. */
const BEAT_MS = LINK.beatMs
/** The dashboard carries no work: a hang may last a little longer. */
const DASHBOARD_EVERY_MS = 5_000

/** Runs the watchdog until it is told to end. */
export async function runWatchdog(boot: Boot): Promise<void> {
  const { paths, environment } = boot
  const { settings, readToken, problems } = readSettings(paths, environment)
  const log = openLog(paths, 'watchdog', settings.logs, environment)
  if (problems.length > 0) log.warn({ problems }, 'the settings cannot be read: the defaults hold until they can')
  await replacePredecessor(boot)
  const store = await openStoreOrRestore(paths, environment, log)
  const supervisor = livingOnly(createPm2(paths, environment, settings.supervisor.passEnv))
  const awake = createAwakeClock(BEAT_MS, monotonicMs())
  let wake = () => {}
  const link = await listenForAgent(paths.linkSocket, settings.watchdog.silentMs, () => wake())
  const job = createGuardianJob(paths.home, environment, () => wake())
  const recovery = createRecoveryJob(paths.home, environment, () => wake())
  const health = createHealthPoll(healthLimits(settings, readToken))
  const isStopWanted = () => readDesired(paths.desired) !== 'running'
  const language = chooseLanguage(settings.language, environment)
  const jobs = { job: job.view, recovery: recovery.view }
  const observe = createObserver({ paths, awake, link: link.state, health, ...jobs, isStopWanted, language })
  const desk = createAlertDesk({ paths, store, settings, language, environment, log })
  const watch = () => loop.watch()
  const metrics = createMetricsChore({ paths, store, link: link.state, watch, environment, log })
  const loop = createLoop({
    observe,
    awake,
    policy: { ...settings.watchdog, recoveryTimeoutMs: settings.recovery.timeoutMs },
    hands: { paths, store, supervisor, job, recovery, log, desk, stack: () => link.state().stack },
    others: [
      createSupervisorKeeper({ paths, supervisor, environment, store, log }),
      createDashboardKeeper({ paths, supervisor, store, log, limits: dashboardLimits(settings) }),
      createChores({ paths, settings, store, link: link.state, log, environment }),
      deskBeat(desk),
      createOrderRequests({
        ...{ paths, environment, supervisor, log, language, store },
        state: () => loop.watch().state.name,
        lastIncidentId: () => loop.watch().lastIncidentId,
      }),
      createSweepRequests({ paths, database: store.database, log }),
      createDiskChore({ paths, store, language, log, environment, wake: () => wake() }),
      createServiceFeeder({ environment, state: () => loop.watch().state, log }),
      metrics.beat,
    ],
    isFresh: (now) => isFresh(link.state(), now),
  })
  wake = loop.tick
  const supervisorAtStart = supervisor.find()
  announce(paths)
  tellLostLife(store, paths, 'watchdog')
  const timer = startBeating(loop, link)
  const leave = leaveAfter(boot, [() => clearInterval(timer), desk.stop, link.close, metrics.write, store.close])
  listenForSignals(leave, () => {
    // Written down before we go: the next watchdog would take the end of this agent for one that nobody wanted.
    if (isStopWanted()) return loop.tick()
    // A SIGTERM to PM2 takes all three processes with it: whoever wants to keep running must leave a start behind.
    spawnRevive(paths.home, environment, supervisorAtStart)
  })
  loop.tick()
}

/** Beats from now on, and looks at once when the supervisor's end of our channel closes: that is the moment of its death. */
function startBeating(loop: ReturnType<typeof createLoop>, link: LinkServer): NodeJS.Timeout {
  process.on('disconnect', loop.tick)
  return setInterval(() => {
    loop.beat()
    link.beat()
  }, BEAT_MS)
}

/** Leaves when all that is to be ended before is ended, in that order. */
function leaveAfter(boot: Boot, endings: readonly (() => void)[]): (reason: string) => void {
  return (reason) => {
    for (const end of endings) end()
    boot.leave(reason)
  }
}

/** Says who we are, for everybody who looks. */
function announce(paths: HomePaths): void {
  writeRuntimeFile(paths, {
    app: 'watchdog',
    url: null,
    version: appVersion(),
    supervisorPid: process.ppid,
    startedAt: new Date().toISOString(),
    notes: [],
  })
  appendBoot(paths.boots, 'watchdog', { kind: 'ready' })
}

function healthLimits({ watchdog }: Settings, token: string | undefined) {
  return { intervalMs: watchdog.intervalMs, timeoutMs: watchdog.healthTimeoutMs, path: '/health', token }
}

function dashboardLimits({ watchdog }: Settings) {
  const { healthTimeoutMs: timeoutMs, failureThreshold } = watchdog
  return { intervalMs: DASHBOARD_EVERY_MS, timeoutMs, path: '/livez', failureThreshold }
}

function listenForSignals(leave: (reason: string) => void, beforeStop: () => void): void {
  const stop = () => {
    beforeStop()
    leave('stop')
  }
  process
    .on('SIGTERM', stop)
    .on('SIGINT', stop)
    .on('SIGUSR2', () => leave(HANDOVER))
}

/** The watchdog must watch whatever the settings look like: what cannot be read counts as the default. */
function readSettings(
  paths: HomePaths,
  environment: NodeJS.ProcessEnv,
): { settings: Settings; readToken: string | undefined; problems: unknown[] } {
  const result = loadSettings({ settingsFile: paths.settings, envFile: paths.env, environment })
  if (!result.ok) return { settings: defaultSettings(), readToken: undefined, problems: result.problems }
  const tokens = tokensFrom(result.secrets)
  return {
    settings: result.settings,
    readToken: (tokens.find(({ scope }) => scope === 'read') ?? tokens[0])?.token,
    problems: [],
  }
}

/** The dashboard's process: a page that reads and never writes. It stays up when the agent is down and when the settings are broken. */
import { appendBoot } from '../src/shared/bootledger.ts'
import { checkBind, defaultSettings, loadSettings } from '../src/shared/config/load.ts'
import { isLoopbackHost } from '../src/shared/config/loopback.ts'
import { formatProblem } from '../src/shared/config/problem.ts'
import type { Settings } from '../src/shared/config/schema.ts'
import { type Boot, messageOf } from '../src/shared/entry.ts'
import { closeServer, createLimitedServer, type ListenResult } from '../src/shared/http/listen.ts'
import { takeOver } from '../src/shared/http/takeOver.ts'
import type { Identity } from '../src/shared/identity.ts'
import { watchOverTheRing } from '../src/shared/lastStanding.ts'
import { type Logger, openLog } from '../src/shared/log.ts'
import type { Language } from '../src/shared/messages/message.ts'
import { chooseLanguage, text } from '../src/shared/messages/text.ts'
import { appRoot, appVersion, type HomePaths } from '../src/shared/paths.ts'
import { nextFreePort } from '../src/shared/ports.ts'
import { commandAnywhere } from '../src/shared/printedCommand.ts'
import { isSupervised } from '../src/shared/processRole.ts'
import { readLiving, writeRuntimeFile } from '../src/shared/runtimeFile.ts'
import { createPm2 } from '../src/shared/supervisor/pm2.ts'
import { ensureTokens, tokensFrom } from '../src/shared/tokens.ts'
import { auditTo } from './api/actionsAudit.ts'
import { createDashboardApp } from './app.ts'
import { createContext } from './context.ts'
import { buildWhereStale } from './pageBuild.ts'

/** A predecessor has nothing to finish but answers of milliseconds. */
const PATIENCE_MS = 1_000

/** Runs the dashboard until it is told to end. */
export async function runDashboard(boot: Boot): Promise<void> {
  const { paths, environment } = boot
  let leave: () => void = () => boot.leave('stop')
  process.on('SIGTERM', () => leave()).on('SIGINT', () => leave())
  const predecessor = findPredecessor(boot)
  const { settings, language, notes } = readSettings(paths, environment)
  const log = openLog(paths, 'dashboard', settings.logs, environment)
  await ensureTokens(paths.env)
  const leaving = new AbortController()
  const supervisor = createPm2(paths, environment)
  const context = createContext({
    paths,
    environment,
    settings,
    language,
    notes,
    howToSignIn: howToSignIn(language, settings.dashboard.host, paths.home),
    supervisor,
    leaving: leaving.signal,
    writeAudit: auditTo(log),
    onBug: (error) => log.error({ error: messageOf(error) }, 'a route failed'),
  })
  const server = createLimitedServer(createDashboardApp(context))
  const listening = await listenSomewhere({ server, settings, predecessor, language, notes })
  if (!listening.ok) return boot.fail(`cannot listen: ${listening.reason}`)
  leave = () => {
    if (leaving.signal.aborted) return
    leaving.abort()
    void closeServer(server).then(() => {
      boot.leave('stop')
    })
  }
  announce(boot, listening.url, notes, log)
  buildWhereStale(appRoot, context.distFolder, log)
  watchOverTheRing(paths, supervisor, environment)
}

function announce({ paths }: Boot, url: string, notes: readonly string[], log: Logger): void {
  writeRuntimeFile(paths, {
    app: 'dashboard',
    url,
    version: appVersion(),
    supervisorPid: process.ppid,
    startedAt: new Date().toISOString(),
    notes,
  })
  appendBoot(paths.boots, 'dashboard', { kind: 'ready' })
  log.info({ url, notes }, 'ready')
}

/** Who is not signed in learns where the home is on this machine only. */
function howToSignIn(language: Language, host: string, home: string): string {
  const command = isLoopbackHost(host) ? commandAnywhere('dashboard', home) : 'ottugi dashboard'
  return text(language, 'dashboard.signIn', { command })
}

/** A living dashboard is followed when a supervisor started us, and left alone when a person did. */
function findPredecessor(boot: Boot): Identity | undefined {
  const living = readLiving(boot.paths, 'dashboard')
  if (!living || living.pid === process.pid) return undefined
  if (!isSupervised(boot.environment))
    boot.refuse('already-running', `a dashboard runs already (pid ${living.pid})`, null)
  return living
}

/** Broken settings must not hide the page that shows what is wrong. */
function readSettings(
  paths: HomePaths,
  environment: NodeJS.ProcessEnv,
): { settings: Settings; language: Language; notes: string[] } {
  const loaded = loadSettings({ settingsFile: paths.settings, envFile: paths.env, environment })
  const settings = loaded.ok ? loaded.settings : defaultSettings()
  const language = chooseLanguage(settings.language, environment)
  if (!loaded.ok) {
    const problem = loaded.problems.map((one) => formatProblem(one, language)).join(' ')
    return { settings, language, notes: [text(language, 'dashboard.settingsInvalid', { problem })] }
  }
  const hasToken = tokensFrom(loaded.secrets).length > 0
  if (!checkBind(settings, hasToken).some(({ key }) => key === 'dashboard.host'))
    return { settings, language, notes: [] }
  const note = text(language, 'dashboard.bindRefused', { host: settings.dashboard.host })
  const dashboard = { ...settings.dashboard, host: '127.0.0.1' }
  return { settings: { ...settings, dashboard }, language, notes: [note] }
}

type ListenParts = {
  readonly server: Parameters<typeof takeOver>[0]['server']
  readonly settings: Settings
  readonly predecessor: Identity | undefined
  readonly language: Language
  /** A port that differs from the settings is added here. */
  readonly notes: string[]
}

/** Takes the port of the settings; where a stranger has it, the next free one. */
async function listenSomewhere({ server, settings, predecessor, language, notes }: ListenParts): Promise<ListenResult> {
  const { host, port } = settings.dashboard
  const wanted = { server, host, patienceMs: PATIENCE_MS }
  const first = await takeOver({ ...wanted, port, predecessor })
  if (first.ok || first.code !== 'EADDRINUSE') return first
  const free = await nextFreePort(port + 1, host, new Set([settings.agent.port]))
  if (free === undefined) return first
  const second = await takeOver({ ...wanted, port: free, predecessor: undefined })
  if (second.ok) notes.push(text(language, 'dashboard.portTaken', { wanted: port, port: second.port }))
  return second
}

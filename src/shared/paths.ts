import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder that the running Ottugi lies in (a checkout, or the installed package). */
export const appRoot: string = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** The names of our three processes, as in `run/<name>.json`, the boot ledger and the supervisor. */
export const APPS = ['watchdog', 'agent', 'dashboard'] as const
export type AppName = (typeof APPS)[number]

/** Every file and folder of one installation. Absolute paths. */
export type HomePaths = ReturnType<typeof homePaths>

/** Lays out a home folder; touches nothing. */
export function homePaths(home: string) {
  const at = (...names: string[]) => join(home, ...names)
  return {
    home,
    settings: at('ottugi.yaml'),
    env: at('.env'),
    data: at('data'),
    agentDb: at('data', 'agent.db'),
    watchdogDb: at('data', 'watchdog.db'),
    backups: at('data', 'backups'),
    knownGood: at('data', 'known-good'),
    quarantine: at('data', 'quarantine'),
    desired: at('data', 'desired'),
    boots: at('data', 'boots.jsonl'),
    repairsJournal: at('data', 'repairs.journal'),
    reserve: at('data', '.reserve'),
    reserveInodes: at('data', '.reserve-inodes'),
    safeMode: at('data', 'safe-mode.json'),
    journalWitness: at('data', 'journal-witness.json'),
    maintenance: at('data', 'maintenance.json'),
    /** Questions to a person, their answers, and what was made of them. */
    approvals: at('data', 'approvals'),
    /** A person's lasting permissions. */
    always: at('data', 'always.json'),
    parked: at('data', 'parked.json'),
    holdRestart: at('data', 'hold-restart.json'),
    heapLimit: at('data', 'heap-limit.json'),
    /** What starts us when nothing of the program works any more: a Node of its own and one bundle. */
    rescue: at('data', 'rescue'),
    run: at('run'),
    linkSocket: at('run', 'link.sock'),
    watchdogSocket: at('run', 'watchdog.sock'),
    startLock: at('run', 'start.lock'),
    repairLock: at('run', 'repair.lock'),
    logins: at('run', 'logins'),
    /** The page by which a browser is led to the dashboard, with the code in it. */
    dashboardDoor: at('run', 'dashboard.html'),
    logs: at('logs'),
    workspace: at('workspace'),
    tools: at('tools'),
    skills: at('skills'),
    alerts: at('alerts'),
    alertsOpen: at('alerts', 'OPEN'),
    pm2: at('pm2'),
    /** `run/<app>.json`: the identity, address and version of a running process. */
    identityOf: (app: AppName) => at('run', `${app}.json`),
    logOf: (app: AppName) => at('logs', `${app}.jsonl`),
    errorLogOf: (app: AppName) => at('logs', `${app}.err.log`),
  }
}

/**
 * Finds the home of this call: `--home`, else `OTTUGI_HOME`, else the checkout that the running `ottugi` lies in, else `~/.ottugi`.
 * The current folder never decides: a foreign repository must not become a home.
 */
export function findHome(given: string | undefined, environment: NodeJS.ProcessEnv): string {
  const named = given ?? environment['OTTUGI_HOME']
  if (named) return isAbsolute(named) ? resolve(named) : resolve(process.cwd(), named)
  return isCheckout(appRoot) ? appRoot : join(homedir(), '.ottugi')
}

/** True for a source checkout (it ships an `ottugi.yaml`); an installed package does not. */
export function isCheckout(root: string): boolean {
  return existsSync(join(root, 'ottugi.yaml')) && !root.includes(`${join('node_modules', 'ottugi')}`)
}

/** Longest path of a unix socket in bytes, without its end mark (`sun_path`: 108 on Linux, 104 on macOS). */
export const SOCKET_PATH_LIMIT: number = process.platform === 'darwin' ? 103 : 107

let cachedVersion: string | undefined

/** The version in our package.json. */
export function appVersion(): string {
  cachedVersion ??= String(JSON.parse(readFileSync(join(appRoot, 'package.json'), 'utf8')).version)
  return cachedVersion
}

/** True where the folder exists and this user may write to it. */
export function isWritableFolder(path: string): boolean {
  try {
    accessSync(path, constants.W_OK)
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}

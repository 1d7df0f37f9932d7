import { dirname, join } from 'node:path'

/** Variables of the owner's shell that our processes may see. PM2 stores its environment in clear, so secrets never pass: they live in `.env`. */
const ALLOWED = [
  'HOME',
  'USER',
  'LOGNAME',
  'LANG',
  'LC_ALL',
  'LC_MESSAGES',
  'LC_CTYPE',
  'TZ',
  'TMPDIR',
  'XDG_RUNTIME_DIR',
  // The line to the service manager: the watchdog feeds it.
  'NOTIFY_SOCKET',
  'WATCHDOG_USEC',
  'NO_COLOR',
  'NODE_EXTRA_CA_CERTS',
]

/** A name that suggests a secret: never handed over, also not when it is asked for. */
export function looksSecret(name: string): boolean {
  return /KEY|TOKEN|SECRET|PASSW|PASSPHRASE|CREDENTIAL/i.test(name)
}

const ENDS_LIKE_A_SECRET = /(KEY|TOKEN|SECRET|PASSW\w*|PASSPHRASE|CREDENTIALS?)$/i

/**
 * Settings that stand in the environment (`OTTUGI_A__B`, `OTTUGI_LANGUAGE`). No setting is a secret; a name that ends like one
 * (`OTTUGI_MODEL__API_KEY`) is somebody's mistake and stays out of PM2's memory.
 */
function isSettingName(name: string): boolean {
  return /^OTTUGI_(LANGUAGE|[A-Z0-9]+(__[A-Z0-9_]+)+)$/i.test(name) && !ENDS_LIKE_A_SECRET.test(name)
}

/** The names of `supervisor.passEnv` travel along, so that a process without settings can start its successors the same way. */
const PASSED_NAMES = 'OTTUGI_PASS_ENV'

/**
 * The environment of everything we start: an allowlist, the pinned Node first on the PATH (PM2's crash handler calls a bare `node`),
 * the home, and what the owner named in `supervisor.passEnv`.
 */
export function childEnvironment(
  home: string,
  environment: NodeJS.ProcessEnv,
  passEnv: readonly string[] = [],
): Record<string, string> {
  const named = new Set(
    [...passEnv, ...(environment[PASSED_NAMES]?.split(',') ?? [])].filter((name) => name && !looksSecret(name)),
  )
  const kept: Record<string, string> = {}
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined && (ALLOWED.includes(name) || isSettingName(name) || named.has(name))) kept[name] = value
  }
  const path = [dirname(process.execPath), environment['PATH'] ?? '/usr/local/bin:/usr/bin:/bin'].join(':')
  const own = {
    PATH: withoutRepeats(path),
    OTTUGI_HOME: home,
    OTTUGI_NODE: process.execPath,
    // Halves the time to ready, and saves each process the memory of the type stripper.
    NODE_COMPILE_CACHE: join(home, 'data', 'compile-cache'),
  }
  return { ...kept, ...own, ...(named.size > 0 ? { [PASSED_NAMES]: [...named].join(',') } : {}) }
}

/** A successor of a successor must not have an ever longer PATH. */
function withoutRepeats(path: string): string {
  return [...new Set(path.split(':').filter(Boolean))].join(':')
}

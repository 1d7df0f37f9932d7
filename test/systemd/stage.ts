/** Where scenarios play: one user, the home of the system service, and an install that is patient with a machine that does many other things. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homePaths } from '../../src/shared/paths.ts'
import { addUser, type Command, must, type Ran, type RingInBox, run } from './inside.ts'

/** What a scenario saw: it is printed as JSON. */
export type Seen = Record<string, unknown>

export const USER = 'mina'
export const UID = 4711
export const SYSTEM_HOME = '/var/lib/ottugi'
/** A limit against hanging, no measurement. */
export const LIMIT_MS = 240_000
/** Nobody answers there, and a server of one's own needs no key. */
const NO_MODEL = 'http://127.0.0.1:9'

/** Makes the user and a home folder; gives the folder. */
export function newUser(folder = `/home/${USER}`): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  addUser(USER, UID, folder)
  return folder
}

/** The user without a login: as under cron or su. `XDG_RUNTIME_DIR` is set only where asked for. */
export function asUser(folder: string, words: readonly string[], variables: readonly string[] = []): Command {
  const own = [`HOME=${folder}`, `PATH=${process.env['PATH']}`, 'LANG=C.UTF-8', ...variables]
  return ['setpriv', `--reuid=${USER}`, `--regid=${USER}`, '--init-groups', 'env', '-i', ...own, ...words]
}

/** The user of the system service, as `sudo -u` makes one: no login, nothing of anybody's. */
export function asOwner(words: readonly string[], user = 'ottugi'): Command {
  const own = [`HOME=${SYSTEM_HOME}`, `PATH=${process.env['PATH']}`, 'LANG=C.UTF-8']
  return ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups', 'env', '-i', ...own, ...words]
}

/** The word in `data/desired`. */
export function wishOf(home: string): string {
  return readFileSync(homePaths(home).desired, 'utf8').trim()
}

/** A machine that does many other things is slow to answer: none of these tests is about that. */
const PATIENT = [
  'watchdog:',
  ...['silentMs: 30000', 'hangMs: 60000', 'healthTimeoutMs: 30000', 'startTimeoutMs: 200000'].map(
    (line) => `  ${line}`,
  ),
]
/** Where something is measured, the limits are those that a home is shipped with. */
const isMeasured = process.argv.includes('--measured')

/** The settings of a home in a box. */
export function writeSettings(settings: string, user: string, model: string = NO_MODEL): void {
  const lines = ['model:', `  baseUrl: ${model}`, ...(isMeasured ? [] : PATIENT)]
  writeFileSync(settings, `${lines.join('\n')}\n`, { mode: 0o600 })
  must('chown', user, settings)
}

/** Who runs it, who answers it, further words of install, and what is done before the first start. */
type InstallWish = {
  readonly user?: string
  readonly model?: string
  readonly more?: readonly string[]
  readonly beforeStart?: () => void
}

/** Installs for the system without starting, writes the settings, and has systemd start it. */
export function installSystem(ring: RingInBox, wish: InstallWish = {}): Ran {
  const { user = 'ottugi', model = NO_MODEL, more = [], beforeStart = () => {} } = wish
  const install = run(...ring.ottugi('service', 'install', '--system', '--no-start', '--run-as', user, ...more))
  if (install.code !== 0) throw new Error(`install ended with ${install.code}: ${install.err}${install.out}`)
  writeSettings(ring.paths.settings, user, model)
  beforeStart()
  must('systemctl', 'start', '--no-block', 'ottugi')
  return install
}

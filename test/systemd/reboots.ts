/** The same home in two machines, one after the other: what a reboot, a power cut and a damaged program leave of it. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startLocalRegistry } from '../../src/drill/localRegistry.ts'
import { waitFor } from '../../src/drill/waitFor.ts'
import { appRoot } from '../../src/shared/paths.ts'
import { addUser, inSession, keepDisk, must, type RingInBox, ringOf, run } from './inside.ts'
import { installSystem, LIMIT_MS, newUser, type Seen, UID, USER, wishOf, writeSettings } from './stage.ts'

/** Installs for a machine that is shut down in good order. What systemd and the accounts know of it is kept in `keep`. */
export async function beforeReboot(program: string, home: string, keep: string): Promise<Seen> {
  const ring = ringOf(home, program)
  mkdirSync(home, { mode: 0o700 })
  addUser(USER, UID, home)
  // The folder alone: its packages may be links to those of another program.
  must('chown', USER, program)
  installSystem(ring, { user: USER })
  const agent = await ring.ready()
  keepDisk(keep)
  must('systemctl', 'stop', 'ottugi')
  return { nonce: agent.nonce, left: ring.pids(), wish: wishOf(home) }
}

/** The machine has started, and the service with it. `registry`: packages are to be had. */
export async function afterReboot(program: string, home: string, registry?: string): Promise<Seen> {
  const ring = ringOf(home, program)
  if (registry) {
    const { url } = await startLocalRegistry(appRoot)
    writeFileSync(join(program, '.npmrc'), `registry=${url}\n`)
  }
  const journal = ['journalctl', '--no-pager', '-o', 'cat', '-u', 'ottugi'] as const
  return { ...(await comeBack(ring)), journal: run(...journal).out }
}

/** A user's service with linger, and the machine loses its power while it runs. */
export async function beforePowerCut(folder: string, keep: string): Promise<Seen> {
  newUser(folder)
  const ring = ringOf(join(folder, 'o'))
  must('loginctl', 'enable-linger', USER)
  const install = inSession(USER, ring.ottugi('service', 'install', '--no-start'))
  if (install.code !== 0) return { install }
  writeSettings(ring.paths.settings, USER)
  must(...systemdOfTheUser('start', '--no-block', 'ottugi'))
  const agent = await ring.ready()
  keepDisk(keep)
  run('sync')
  return { install, nonce: agent.nonce, wish: wishOf(ring.paths.home) }
}

/** Nobody has signed in since. */
export async function afterPowerCut(folder: string): Promise<Seen> {
  return comeBack(ringOf(join(folder, 'o')))
}

function systemdOfTheUser(...words: string[]): [string, ...string[]] {
  const own = [`--reuid=${USER}`, `--regid=${USER}`, '--init-groups', 'env', `XDG_RUNTIME_DIR=/run/user/${UID}`]
  return ['setpriv', ...own, 'systemctl', '--user', ...words]
}

/** Waits for it; `readyMs` counts from the moment in which the machine's first process began. */
async function comeBack(ring: RingInBox): Promise<Seen> {
  const agent = await ring.ready()
  const uptimeMs = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]) * 1_000
  const startedMs = Number(must('systemctl', 'show', '--property=UserspaceTimestampMonotonic', '--value')) / 1_000
  const { alertsOpen, home } = ring.paths
  // An alert of the rescue is called off when its start has come to its end, a moment after the ring is ready.
  const areAlertsOver = () => !existsSync(alertsOpen) || undefined
  const isCalm = await waitFor('no open alert', LIMIT_MS, areAlertsOver).catch(() => false)
  return { nonce: agent.nonce, readyMs: Math.round(uptimeMs - startedMs), isCalm, wish: wishOf(home) }
}

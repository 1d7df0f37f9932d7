/** What happens inside a box, as its root: `node scenarios.ts NAME WORDS`. The last line of the output is what was seen, as JSON. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { startLocalRegistry } from '../../src/drill/localRegistry.ts'
import { waitFor } from '../../src/drill/waitFor.ts'
import { appRoot, homePaths } from '../../src/shared/paths.ts'
import { addUser, groupOf, inSession, keepAccounts, must, type Ran, ringOf, run, unmaskProc } from './inside.ts'

const USER = 'mina'
const UID = 4711
const SYSTEM_HOME = '/var/lib/ottugi'
const LIMIT_MS = 240_000
const CHAOS_KILLS = 50

type Seen = Record<string, unknown>

function newUser(): string {
  const folder = `/home/${USER}`
  mkdirSync(folder)
  addUser(USER, UID, folder)
  return folder
}

const wishOf = (home: string) => readFileSync(homePaths(home).desired, 'utf8').trim()

/** A machine that does many other things is slow to answer: none of these tests is about that. */
function bePatient(settings: string, user: string): void {
  const limits = ['silentMs: 30000', 'hangMs: 60000', 'healthTimeoutMs: 30000', 'startTimeoutMs: 200000']
  const model = 'model:\n  baseUrl: http://127.0.0.1:9\n'
  writeFileSync(settings, `${model}watchdog:\n${limits.map((limit) => `  ${limit}\n`).join('')}`, { mode: 0o600 })
  must('chown', user, settings)
}

/** Installs for the system without starting, makes the home patient, and has systemd start it. */
function installSystem(ring: ReturnType<typeof ringOf>, user = 'ottugi'): Ran {
  const install = run(...firstAndRest(ring.ottugi('service', 'install', '--system', '--no-start', '--run-as', user)))
  if (install.code !== 0) return install
  bePatient(ring.paths.settings, user)
  must('systemctl', 'start', '--no-block', 'ottugi')
  return install
}

/** Dry run, install, logout with linger, logout without, and a person's stop and start. */
async function user(): Promise<Seen> {
  const folder = newUser()
  const ring = ringOf(join(folder, 'o'))
  const dry = inSession(USER, ring.ottugi('service', 'install', '--dry-run'))
  const isUntouched = !existsSync(ring.paths.home) && !existsSync(join(folder, '.config'))
  const install = inSession(USER, ring.ottugi('service', 'install', '--no-start'))
  bePatient(ring.paths.settings, USER)
  must('loginctl', 'enable-linger', USER)
  const isStarted = inSession(USER, ['systemctl', '--user', 'start', 'ottugi']).code
  const agent = await ring.ready()
  const again = inSession(USER, ring.ottugi('service', 'install'))
  inSession(USER, ['true'])
  const withLinger = ring.living('agent')?.nonce === agent.nonce
  const inUnit = groupOf(agent.pid).includes('ottugi.service')
  must('loginctl', 'disable-linger', USER)
  inSession(USER, ['true'])
  await ring.gone()
  const withoutLinger = wishOf(ring.paths.home)
  must('loginctl', 'enable-linger', USER)
  const second = await ring.ready(agent)
  const stop = inSession(USER, ring.ottugi('stop'))
  await ring.gone()
  const active = ['systemctl', '--user', 'show', 'ottugi', '--property=ActiveState', '--value']
  const stopped = await waitFor('the unit to rest', LIMIT_MS, () => {
    const state = inSession(USER, active).out.trim()
    return state === 'inactive' ? state : undefined
  })
  const start = inSession(USER, ring.ottugi('start'))
  const third = await ring.ready(second)
  const backInUnit = groupOf(third.pid).includes('ottugi.service')
  const uninstall = inSession(USER, ring.ottugi('service', 'uninstall'))
  await ring.gone()
  const left = run('find', join(folder, '.config'), '-type', 'f').out.trim()
  const rescueLeft = existsSync(ring.paths.rescue)
  const facts = { isUntouched, isStarted, withLinger, inUnit, withoutLinger, stopped, backInUnit, left, rescueLeft }
  return { ...facts, dry, install, again, stop, start, uninstall, wish: wishOf(ring.paths.home) }
}

/** The hardened unit: what it scores, that tools are held in a whole sandbox in it, that its watchdog is fed, and what is left after a stop. */
async function system(): Promise<Seen> {
  const ring = ringOf(SYSTEM_HOME)
  const install = installSystem(ring)
  const agent = await ring.ready()
  const status = await waitFor('the watch to be healthy', LIMIT_MS, () => {
    const { out } = run(...firstAndRest(asUser(ring.ottugi('status', '--json'))))
    const parsed = out.startsWith('{') ? JSON.parse(out) : {}
    return parsed.state === 'healthy' ? parsed : undefined
  })
  const fed = must('systemctl', 'show', 'ottugi', '--property=WatchdogTimestampMonotonic,StatusText,NRestarts')
  const sandbox = await sandboxWord(ring.paths.logOf('agent'))
  const own = must('ps', '-o', 'user=', '-p', String(agent.pid)).trim()
  must('systemctl', 'stop', 'ottugi')
  const left = ring.pids()
  return { install, status, fed, own, sandbox, left, wish: wishOf(SYSTEM_HOME), pid: agent.pid }
}

/** Three killed, all killed, all hanging: how long until everything is ready again. */
async function kills(): Promise<Seen> {
  const ring = ringOf(SYSTEM_HOME)
  const install = installSystem(ring)
  let agent = await ring.ready()
  const timed = async (signal: NodeJS.Signals, pids: () => readonly (number | undefined)[]) => {
    await waitFor('a fed watchdog', LIMIT_MS, () => fedAt() || undefined)
    const startedAt = performance.now()
    for (const pid of pids()) if (pid !== undefined) process.kill(pid, signal)
    agent = await ring.ready(agent)
    return Math.round(performance.now() - startedAt)
  }
  const three = () => [ring.supervisorPid(), ring.living('watchdog')?.pid, ring.living('agent')?.pid]
  const threeKilledMs = await timed('SIGKILL', three)
  const allKilledMs = await timed('SIGKILL', () => ring.pids())
  const hungMs = await timed('SIGSTOP', () => ring.pids())
  const results = must('systemctl', 'show', 'ottugi', '--property=NRestarts,WatchdogUSec')
  return { install: install.code, threeKilledMs, allKilledMs, hungMs, results, processes: ring.pids().length }
}

/** Fifty kills of processes of the tree, chosen at random, spread over the minutes. After each one all of it comes back. */
async function chaos(minutes: string): Promise<Seen> {
  const ring = ringOf(SYSTEM_HOME)
  installSystem(ring)
  await ring.ready()
  const before = ring.pids().length
  let back = 0
  for (let kills = 0; kills < CHAOS_KILLS; kills++) {
    const pids = ring.pids()
    const pid = pids[Math.floor(Math.random() * pids.length)]
    if (pid !== undefined) run('kill', '-KILL', String(pid))
    await delay((Number(minutes) * 60_000) / CHAOS_KILLS)
    await ring.ready()
    back++
  }
  const extra = await waitFor('as many processes as before', LIMIT_MS, () => {
    const more = ring.pids().length - before
    return more <= 0 ? more : undefined
  }).catch(() => ring.pids().length - before)
  return { kills: CHAOS_KILLS, back, extra: Math.max(0, extra) }
}

function fedAt(): number {
  return Number(must('systemctl', 'show', 'ottugi', '--property=WatchdogTimestampMonotonic', '--value'))
}

/** Installs for a machine that is started again: what systemd and the accounts know of it is kept in `keep`. */
async function beforeReboot(program: string, home: string, keep: string): Promise<Seen> {
  const ring = ringOf(home, program)
  mkdirSync(home, { mode: 0o700 })
  addUser(USER, UID, home)
  // The folder alone: its packages may be links to those of another program.
  must('chown', USER, program)
  const install = installSystem(ring, USER)
  if (install.code !== 0) return { install }
  const agent = await ring.ready()
  keepAccounts(keep)
  must('systemctl', 'stop', 'ottugi')
  return { install, nonce: agent.nonce, left: ring.pids(), wish: wishOf(home) }
}

/** The machine has started, and the service with it. `registry`: packages are to be had, from a moment after the start on. */
async function afterReboot(program: string, home: string, registry?: string): Promise<Seen> {
  const ring = ringOf(home, program)
  if (registry) {
    const { url } = await startLocalRegistry(appRoot)
    writeFileSync(join(program, '.npmrc'), `registry=${url}\n`)
  }
  const agent = await ring.ready()
  const uptimeMs = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]) * 1_000
  const startedMs = Number(must('systemctl', 'show', '--property=UserspaceTimestampMonotonic', '--value')) / 1_000
  const journal = run('journalctl', '-b', '--no-pager', '-o', 'cat', '-u', 'ottugi').out
  const alerts = existsSync(ring.paths.alertsOpen) ? readFileSync(ring.paths.alertsOpen, 'utf8') : ''
  return { nonce: agent.nonce, readyMs: Math.round(uptimeMs - startedMs), journal, alerts, wish: wishOf(home) }
}

/** What the agent found when it tried to hold a tool, in the unit itself. */
function sandboxWord(log: string): Promise<unknown> {
  return waitFor('the agent to try its sandbox', LIMIT_MS, () => {
    const line = readFileSync(log, 'utf8')
      .split('\n')
      .findLast((candidate) => candidate.includes('the sandbox '))
    if (!line) return undefined
    const { mode, reason } = JSON.parse(line)
    return { mode, reason }
  })
}

function firstAndRest([first = '', ...rest]: readonly string[]): [string, ...string[]] {
  return [first, ...rest]
}

function asUser(words: readonly string[]): string[] {
  return ['setpriv', '--reuid=ottugi', '--regid=ottugi', '--clear-groups', 'env', `HOME=${SYSTEM_HOME}`, ...words]
}

type Scenario = (...words: [string, string, string]) => Promise<Seen>
const SCENARIOS: Readonly<Record<string, Scenario>> = { user, system, kills, chaos, beforeReboot, afterReboot }

unmaskProc()
const [name = '', ...words] = process.argv.slice(2)
const scenario = SCENARIOS[name]
try {
  if (!scenario) throw new Error(`no scenario ${name}`)
  process.stdout.write(`${JSON.stringify(await scenario(...(words as [string, string, string])))}\n`)
  process.exit(0)
} catch (error) {
  process.stdout.write(`${(error as Error).stack}\n${run('ps', '-eo', 'pid,ppid,user,stat,args').out}`)
  process.exit(1)
}

/** The hardened unit of the system: what it scores and holds, and how it comes back. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { waitFor } from '../../src/drill/waitFor.ts'
import { BRAKE, readBoots } from '../../src/shared/bootledger.ts'
import { monotonicMs } from '../../src/shared/clock.ts'
import { askAgent } from '../../src/shared/http/agentClient.ts'
import { APPS } from '../../src/shared/paths.ts'
import { startFakeAnthropic } from '../fakes/anthropic.ts'
import { startWhileDead } from './deadSupervisor.ts'
import { must, type RingInBox, ringOf, run } from './inside.ts'
import { unitProbe } from './probe.ts'
import { asOwner, installSystem, LIMIT_MS, type Seen, SYSTEM_HOME, wishOf } from './stage.ts'

/** unshare(2) and its word for a namespace of users. The program of that name is one that our gates let no tool call. */
const NEW_USERS = `${process.arch === 'arm64' ? 97 : 272}, 0x10000000`
/** What a tool is asked to do: say who and where it is and how many live there, write where it may, and try to make a further sandbox for itself. */
const COMMAND = [
  'echo "host=$(uname -n) uid=$(id -u) alive=$(ps -e | wc -l)"',
  'touch kept && echo wrote',
  `perl -e 'print syscall(${NEW_USERS}) == 0 ? "free" : "confined: $!"'`,
].join('; ')

/** What it scores, that a tool runs in a whole sandbox in it, that it is fed, what is left after a stop, and its alert. */
export async function system(): Promise<Seen> {
  const ring = ringOf(SYSTEM_HOME)
  const model = await startFakeAnthropic(({ body }) =>
    JSON.stringify(body.messages.at(-1)).includes('tool_result')
      ? { do: 'echo' }
      : { do: 'call', calls: [{ name: 'shell', input: { command: COMMAND } }] },
  )
  const probe = unitProbe(SYSTEM_HOME)
  const install = installSystem(ring, { model: model.url, beforeStart: probe.prepare })
  const agent = await ring.ready()
  const state = await healthyState(ring)
  const fed = must('systemctl', 'show', 'ottugi', '--property=WatchdogTimestampMonotonic,StatusText,NRestarts')
  const sandbox = await sandboxWord(ring.paths.logOf('agent'))
  const tool = await askAgent(
    ring.paths,
    { id: 'box', message: 'look around', by: 'program', approve: 'all' },
    { onEvent: () => {} },
  )
  await model.close()
  const probed = probe.answers()
  const own = must('ps', '-o', 'user=', '-p', String(agent.pid)).trim()
  must('systemctl', 'stop', 'ottugi')
  const facts = { left: ring.pids(), wish: wishOf(SYSTEM_HOME), alert: systemGivesUp(ring) }
  must('systemctl', 'start', 'ottugi')
  await ring.ready(agent)
  const revived = await startWhileDead(ring, (command) => run(...asOwner(command)))
  return {
    install,
    state,
    fed,
    own,
    sandbox,
    tool,
    probed,
    ...facts,
    revived,
    isAlertOver: !existsSync(ring.paths.alertsOpen),
  }
}

/** Without tools it is closed further, and runs as well. */
export async function withoutTools(): Promise<Seen> {
  const ring = ringOf(SYSTEM_HOME)
  const probe = unitProbe(SYSTEM_HOME)
  const install = installSystem(ring, { more: ['--no-tools'], beforeStart: probe.prepare })
  const sandbox = await sandboxWord(ring.paths.logOf('agent'))
  const state = await healthyState(ring)
  const probed = probe.answers()
  const status = run(...ring.ottugi('service', 'status', '--json'))
  const uninstall = run(...ring.ottugi('service', 'uninstall'))
  await ring.gone()
  const left = run('find', '/etc/systemd/system', '-name', 'ottugi*').out.trim()
  return { install, state, sandbox, probed, status, uninstall, left, homeLeft: existsSync(ring.paths.home) }
}

/** Three killed, all killed, the watchdog hanging, all hanging: how long until everything is ready again, in milliseconds. */
export async function kills(): Promise<Seen> {
  const ring = ringOf(SYSTEM_HOME)
  installSystem(ring)
  let agent = await ring.ready()
  const timed = async (signal: NodeJS.Signals, pids: readonly (number | undefined)[]) => {
    const startedAt = performance.now()
    for (const pid of pids) if (pid !== undefined) process.kill(pid, signal)
    agent = await ring.ready(agent)
    return Math.round(performance.now() - startedAt)
  }
  await untilSettled(ring)
  const three = [ring.supervisorPid(), ring.living('watchdog')?.pid, ring.living('agent')?.pid]
  const threeKilledMs = await timed('SIGKILL', three)
  const restartsBefore = restarts()
  await untilSettled(ring)
  const watchdogHungMs = await hangTheWatchdog(ring)
  const restartsOfTheRing = restarts()
  await untilSettled(ring)
  const allKilledMs = await timed('SIGKILL', ring.pids())
  await untilSettled(ring)
  const hungMs = await timed('SIGSTOP', ring.pids())
  const result = { restartsBefore, restartsOfTheRing, restarts: restarts(), processes: await ring.settled() }
  return { threeKilledMs, watchdogHungMs, allKilledMs, hungMs, ...result }
}

async function hangTheWatchdog(ring: RingInBox): Promise<number> {
  const before = ring.living('watchdog')
  const startedAt = performance.now()
  if (before) process.kill(before.pid, 'SIGSTOP')
  await waitFor('another watchdog', LIMIT_MS, () => {
    const now = ring.living('watchdog')
    return now && now.nonce !== before?.nonce ? now : undefined
  })
  await ring.ready()
  return Math.round(performance.now() - startedAt)
}

function restarts(): number {
  return Number(must('systemctl', 'show', 'ottugi', '--property=NRestarts', '--value'))
}

/** Everything is well again, also for the brake: what ends soon after its start counts as a failed one, and would be held. */
async function untilSettled(ring: RingInBox): Promise<void> {
  const isLong = (pid: number | undefined) => {
    const start = readBoots(ring.paths.boots).findLast((record) => record.pid === pid && record.kind === 'start')
    return start !== undefined && monotonicMs() - start.monoMs > BRAKE.stableMs
  }
  await waitFor('lives that count', LIMIT_MS, () => APPS.every((app) => isLong(ring.living(app)?.pid)) || undefined)
  await untilFed()
}

/** A service that was not fed yet is not due either: systemd counts from its start. */
function untilFed(): Promise<number> {
  return waitFor(
    'a fed watchdog',
    LIMIT_MS,
    () => Number(must('systemctl', 'show', 'ottugi', '--property=WatchdogTimestampMonotonic', '--value')) || undefined,
  )
}

/** What `OnFailure=` would start; gives the alert that it leaves. */
function systemGivesUp({ paths }: RingInBox): string {
  must('systemctl', 'start', 'ottugi-alert')
  return readFileSync(join(paths.alerts, 'S1.md'), 'utf8')
}

/** The word of the watch, once it is healthy. */
function healthyState(ring: RingInBox): Promise<string> {
  return waitFor('the watch to be healthy', LIMIT_MS, () => {
    const { out } = run(...asOwner(ring.ottugi('status', '--json')))
    const { state } = out.startsWith('{') ? JSON.parse(out) : {}
    return state === 'healthy' ? state : undefined
  })
}

/** What the agent found when it tried to hold a tool, in the unit itself. */
function sandboxWord(log: string): Promise<unknown> {
  return waitFor('the agent to try its sandbox', LIMIT_MS, () => {
    const line = (existsSync(log) ? readFileSync(log, 'utf8') : '')
      .split('\n')
      .findLast((candidate) => candidate.includes('the sandbox '))
    if (!line) return undefined
    const { mode, reason } = JSON.parse(line)
    return { mode, reason }
  })
}

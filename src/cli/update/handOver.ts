/** One version hands the ring over to another: only the supervisor is ended, the processes go on serving until those of the other version have loaded and ask them to leave. */
import { spawn } from 'node:child_process'
import { extname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { findInstalled } from '../../service/installed.ts'
import { appendBoot } from '../../shared/bootledger.ts'
import { childEnvironment } from '../../shared/childEnvironment.ts'
import { type Identity, isAlive, sameProcess, signalIdentity, stateOf } from '../../shared/identity.ts'
import { NODE_FLAGS } from '../../shared/nodeFlags.ts'
import { APPS, appRoot, type HomePaths } from '../../shared/paths.ts'
import { listPids, readStat } from '../../shared/procfs.ts'
import type { Program } from '../../shared/programOf.ts'
import { readLiving } from '../../shared/runtimeFile.ts'
import { createPm2 } from '../../shared/supervisor/pm2.ts'
import type { CliContext } from '../context.ts'
import { awaitRing } from '../lifecycle/awaitRing.ts'
import { awaitEnd } from '../lifecycle/bringUp.ts'
import { livingProcesses } from '../lifecycle/takeDown.ts'

type Found = NonNullable<ReturnType<ReturnType<typeof createPm2>['find']>>
type Place = Pick<CliContext, 'paths' | 'environment'>

const END_LIMIT_MS = 5_000
const BRIDGE_LIMIT_MS = 2_000
const STOP_LIMIT_MS = 1_000
const STOP_LOOK_MS = 5
const START_LIMIT_MS = 40_000
const COMPLAINT_CHARS = 400

/** Hands over; gives a complaint where the other version's own start has one. The processes are looked at by the caller; `signal` ends that start. */
export async function handOver(
  { paths, environment }: Place,
  to: Program,
  signal: AbortSignal,
): Promise<string | undefined> {
  forgetFailures(paths, `update to ${to.version}`)
  const keeper = findInstalled(paths.home, environment) ? readLiving(paths, 'watchdog') : undefined
  await endSupervisor(paths)
  // What a terminal starts would lie outside of the service: its own watchdog leaves a start behind when it is asked to end.
  if (keeper) {
    signalIdentity(keeper, 'SIGTERM')
    return undefined
  }
  return startOf(to, { paths, environment }, signal)
}

/** What one version did wrong must not hold the start of another one. */
export function forgetFailures(paths: HomePaths, reason: string): void {
  for (const app of APPS) appendBoot(paths.boots, app, { kind: 'reset', reason })
}

/** Ends what came with a version that is taken back, at once. Those that were there before (`kept`) go on. */
export async function endNewcomers(paths: HomePaths, kept: readonly Identity[]): Promise<void> {
  // One that it has just started stands nowhere yet.
  const started = await stopAndListChildren(createPm2(paths, {}).find())
  await endSupervisor(paths)
  const living = [...livingProcesses(paths), ...started]
  const newcomers = living.filter((life) => !kept.some((old) => sameProcess(old, life)))
  for (const one of newcomers) signalIdentity(one, 'SIGKILL', true)
  await Promise.all(newcomers.map((one) => awaitEnd(one, END_LIMIT_MS)))
}

/**
 * Serves again at once: an agent of our own version that nobody supervises, until the one that the supervisor starts takes over from it. Nothing lives when
 * this is called. It has the machine for itself until it serves; where it does not get so far in time, that other one serves as it would without this.
 */
export async function bridgeGap({ paths, environment }: Place, passEnv: readonly string[]): Promise<void> {
  const { home } = paths
  const main = join(appRoot, 'src', 'agent', `main${extname(import.meta.filename)}`)
  const env = childEnvironment(home, environment, passEnv)
  const child = spawn(process.execPath, [...NODE_FLAGS, main], { env, cwd: home, detached: true, stdio: 'ignore' })
  child.on('error', () => {})
  child.unref()
  await awaitRing(paths, BRIDGE_LIMIT_MS, ['agent'])
}

/** The children of a supervisor that starts no more of them. */
async function stopAndListChildren(supervisor: Found | undefined): Promise<Identity[]> {
  if (!supervisor) return []
  signalIdentity(supervisor, 'SIGSTOP')
  const deadline = performance.now() + STOP_LIMIT_MS
  while (stateOf(supervisor) !== 'T' && isAlive(supervisor) && performance.now() < deadline) await delay(STOP_LOOK_MS)
  return listPids().flatMap((pid) => {
    const stat = readStat(pid)
    return stat?.parentPid === supervisor.pid ? [{ pid, startTicks: stat.startTicks, nonce: '' }] : []
  })
}

async function endSupervisor(paths: HomePaths): Promise<void> {
  const supervisor = createPm2(paths, {}).find()
  if (!supervisor) return
  // Not politely: it would take its three processes with it.
  signalIdentity(supervisor, 'SIGKILL')
  await awaitEnd(supervisor, END_LIMIT_MS)
}

function startOf(
  program: Program,
  { paths: { home }, environment }: Place,
  signal: AbortSignal,
): Promise<string | undefined> {
  const env = { ...childEnvironment(home, environment), OTTUGI_NODE: program.node }
  const words = [program.main, 'start', '--revive', '--home', home]
  // A group of its own: what it has called meanwhile ends with it.
  const child = spawn(program.node, words, {
    ...{ env, cwd: program.root, detached: true, stdio: ['ignore', 'ignore', 'pipe'] as ['ignore', 'ignore', 'pipe'] },
  })
  let said = ''
  child.stderr.on('data', (piece: Buffer) => {
    said = `${said}${piece.toString('utf8')}`.slice(-COMPLAINT_CHARS)
  })
  const end = () => endGroup(child.pid)
  const timer = setTimeout(end, START_LIMIT_MS)
  signal.addEventListener('abort', end)
  return new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message))
    child.on('exit', (code) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      child.stderr.destroy()
      resolve(code === 0 ? undefined : said.trim() || `its start ended with ${code}`)
    })
  })
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended meanwhile.
  }
}

/** One version hands the ring over to another: only the supervisor is ended, the processes go on serving until those of the other version have loaded and ask them to leave. */
import { spawn } from 'node:child_process'
import { findInstalled } from '../../service/installed.ts'
import type { Program } from '../../service/update/programOf.ts'
import { appendBoot } from '../../shared/bootledger.ts'
import { childEnvironment } from '../../shared/childEnvironment.ts'
import { type Identity, sameProcess, signalIdentity } from '../../shared/identity.ts'
import { APPS, type HomePaths } from '../../shared/paths.ts'
import { readLiving } from '../../shared/runtimeFile.ts'
import { createPm2 } from '../../shared/supervisor/pm2.ts'
import type { CliContext } from '../context.ts'
import { awaitEnd } from '../lifecycle/bringUp.ts'
import { livingProcesses } from '../lifecycle/takeDown.ts'

type Place = Pick<CliContext, 'paths' | 'environment'>

const END_LIMIT_MS = 5_000
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
  await endSupervisor(paths)
  const newcomers = livingProcesses(paths).filter((life) => !kept.some((old) => sameProcess(old, life)))
  for (const one of newcomers) signalIdentity(one, 'SIGKILL', true)
  await Promise.all(newcomers.map((one) => awaitEnd(one, END_LIMIT_MS)))
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

/** The one place that knows PM2: a separate program (AGPL-3.0), run through its command line, never imported. Facts tried with 7.0.4. */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { connect } from 'node:net'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { childEnvironment } from '../childEnvironment.ts'
import { isAlive } from '../identity.ts'
import { appRoot, type HomePaths } from '../paths.ts'
import { listPids, readCommandLine, readStat } from '../procfs.ts'
import type { Supervisor, SupervisorResult } from './supervisor.ts'

/** A healthy call takes 0.15–0.4 s; a stopped or blocked PM2 never answers. */
const CALL_LIMIT_MS = 20_000
/** A call outlives the PM2 that it spoke to by so much; it would wait for an answer that nobody gives. */
const ORPHAN_LIMIT_MS = 2_000
const LOOK_MS = 500
/** From its pid file to its socket PM2 takes some tens of milliseconds. */
const LISTEN_LIMIT_MS = 5_000
const LISTEN_LOOK_MS = 25
/** Ends a call whose caller is gone, which would have ended it. */
const LEASH = import.meta.resolve('./callLeash.ts')

/** PM2 in its own home (`pm2/`), so that it never mixes with one that the owner uses. */
export function createPm2(
  paths: HomePaths,
  environment: NodeJS.ProcessEnv,
  passEnv: readonly string[] = [],
): Supervisor {
  const find = createFinder(paths)
  const call = async (words: readonly string[]) => {
    await awaitListening(join(paths.pm2, 'rpc.sock'), find)
    // Where there is none yet, the call starts one, and that is the one that is asked.
    let asked = find()
    const isOrphan = () => {
      asked ??= find()
      return asked !== undefined && !isAlive(asked)
    }
    return runPm2(words, pm2Environment(paths, environment, passEnv), isOrphan)
  }
  return {
    kind: 'pm2',
    find,
    // Without --only, PM2 would restart apps that run already.
    start: (apps) => call(['start', join(appRoot, 'ecosystem.config.js'), '--only', apps.join(',')]),
    stopAll: () => call(['kill']),
  }
}

/** The longest of its sockets: its command line ends with an error where this path is too long, although nobody listens there. */
export function longestPm2Socket({ pm2 }: Pick<HomePaths, 'pm2'>): string {
  return join(pm2, 'interactor.sock')
}

function pm2Environment(
  paths: HomePaths,
  environment: NodeJS.ProcessEnv,
  passEnv: readonly string[],
): Record<string, string> {
  return { ...childEnvironment(paths.home, environment, passEnv), PM2_HOME: paths.pm2, PM2_DISCRETE_MODE: 'true' }
}

/**
 * Waits until a PM2 that lives can be asked. It has a pid before it listens, and a call in between would start a second one: that takes the
 * pid file, finds the socket taken, and ends.
 */
async function awaitListening(socket: string, find: Supervisor['find']): Promise<void> {
  const deadline = performance.now() + LISTEN_LIMIT_MS
  while (find() && performance.now() < deadline) {
    if (await listens(socket)) return
    await delay(LISTEN_LOOK_MS)
  }
}

function listens(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path)
    const end = (is: boolean) => {
      socket.destroy()
      resolve(is)
    }
    socket.on('connect', () => end(true))
    socket.on('error', () => end(false))
  })
}

/**
 * Looks at identities, never at PM2's own word: `pm2 ping` would start a daemon where there is none.
 * A process that was proved ours once stays ours: the watchdog looks four times a second.
 */
function createFinder(paths: HomePaths): Supervisor['find'] {
  let proved = ''
  const living = (pid: number | undefined) => {
    const stat = pid === undefined ? undefined : readStat(pid)
    if (!stat || stat.state === 'Z') return undefined
    const name = `${stat.pid}:${stat.startTicks}`
    if (name !== proved && !isOurDaemon(stat.pid, paths)) return undefined
    proved = name
    return { pid: stat.pid, startTicks: stat.startTicks, state: stat.state }
  }
  return () => living(readPid(join(paths.pm2, 'pm2.pid'))) ?? living(daemonAmongAll(paths))
}

/** One whose pid file names another one that has ended: by what PM2 calls itself once it works. The oldest holds the socket. */
function daemonAmongAll(paths: HomePaths): number | undefined {
  const daemons = listPids().filter(
    (pid) => /^PM2 v\S+: God Daemon/.test(readCommandLine(pid)) && isOurDaemon(pid, paths),
  )
  const startOf = (pid: number) => readStat(pid)?.startTicks ?? Number.POSITIVE_INFINITY
  return daemons.toSorted((a, b) => startOf(a) - startOf(b))[0]
}

function readPid(path: string): number | undefined {
  try {
    const pid = Number(readFileSync(path, 'utf8').trim())
    return Number.isInteger(pid) && pid > 1 ? pid : undefined
  } catch {
    return undefined
  }
}

/** The pid file outlives PM2 and pids are reused: the process must carry our PM2_HOME in its own environment. */
function isOurDaemon(pid: number, paths: HomePaths): boolean {
  if (process.platform !== 'linux') return true
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`PM2_HOME=${paths.pm2}`)
  } catch {
    return false
  }
}

function runPm2(
  words: readonly string[],
  env: Record<string, string>,
  isOrphan: () => boolean,
): Promise<SupervisorResult> {
  const script = join(dirname(createRequire(import.meta.url).resolve('pm2/package.json')), 'bin', 'pm2')
  const child = spawn(process.execPath, ['--import', `${LEASH}?${process.pid}`, script, ...words], {
    env,
    cwd: appRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return waitFor(child, words[0] ?? '', isOrphan)
}

function waitFor(child: ChildProcess, verb: string, isOrphan: () => boolean): Promise<SupervisorResult> {
  return new Promise((resolve) => {
    let output = ''
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString('utf8')).slice(-4_000)
    }
    child.stdout?.on('data', keep)
    child.stderr?.on('data', keep)
    const limits = endLate(child, isOrphan)
    child.on('error', (error) => {
      limits.stop()
      resolve({ ok: false, reason: `pm2 ${verb}: ${error.message}` })
    })
    // 'exit', not 'close': the daemon may keep our pipes open.
    child.on('exit', (code) => {
      limits.stop()
      child.stdout?.destroy()
      child.stderr?.destroy()
      if (code === 0) return resolve({ ok: true })
      const why = limits.why() ?? `ended with ${code}: ${output.trim()}`
      resolve({ ok: false, reason: `pm2 ${verb} ${why}` })
    })
  })
}

/** Ends a call that takes too long, or whose PM2 is gone; `why` says which. */
function endLate(child: ChildProcess, isOrphan: () => boolean): { stop: () => void; why: () => string | undefined } {
  let why: string | undefined
  const end = (reason: string) => {
    why ??= reason
    child.kill('SIGKILL')
  }
  const late = setTimeout(() => end(`did not answer in ${CALL_LIMIT_MS / 1_000} s`), CALL_LIMIT_MS)
  let orphanMs = 0
  const look = setInterval(() => {
    orphanMs = isOrphan() ? orphanMs + LOOK_MS : 0
    if (orphanMs >= ORPHAN_LIMIT_MS) end('was not answered: the PM2 that was asked has ended')
  }, LOOK_MS)
  const stop = () => {
    clearTimeout(late)
    clearInterval(look)
  }
  return { stop, why: () => why }
}

/**
 * Tries the agent of a program beside the one that serves: in a home of its own, on a free port, with copies of the databases in which nothing is
 * left to do. No secret goes with it, so it cannot do anything outside, and it ends with whoever tries it.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { extname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import Sqlite from 'better-sqlite3'
import { childEnvironment } from '../../shared/childEnvironment.ts'
import { monotonicMs } from '../../shared/clock.ts'
import { isServing } from '../../shared/http/isServing.ts'
import { NODE_FLAGS } from '../../shared/nodeFlags.ts'
import { type HomePaths, homePaths } from '../../shared/paths.ts'
import type { Program } from '../../shared/programOf.ts'
import { readLiving } from '../../shared/runtimeFile.ts'
import { settleRestored } from '../backup/settleRestored.ts'

/** What is tried. `journal` is a copy that may be changed; it goes into the home of the trial. */
export type Trial = {
  readonly paths: HomePaths
  readonly program: Program
  readonly journal: string | undefined
  readonly environment: NodeJS.ProcessEnv
  /** It answers for the first time. */
  readonly onReady?: () => void
}

/** How long each step may take, in milliseconds: until it is ready, that it then answers, and that it may be silent meanwhile. */
export type TrialLimits = { readonly readyMs: number; readonly steadyMs: number; readonly silentMs: number }

/** What is loaded only once it is ready is loaded by then, also on a small machine. */
export const TRIAL_LIMITS: TrialLimits = { readyMs: 60_000, steadyMs: 3_000, silentMs: 10_000 }

const LOOK_AGAIN_MS = 50
const ENTRY = join(import.meta.dirname, `trialEntry${extname(import.meta.filename)}`)
const COMPLAINT_CHARS = 400
const SAID_CHARS = 8_000

/** Where a trial has its home. One that was cut off is put away by the next. */
export function trialFolder({ data }: Pick<HomePaths, 'data'>): string {
  return join(data, 'trial')
}

/** Takes the work out of a copy of the journal: what was under way counts as ended, and no job is left. False where the copy is of no use for a trial. */
export function quieten(journal: string, nowMs: number): boolean {
  try {
    const db = new Sqlite(journal, { fileMustExist: true })
    try {
      settleRestored(db, { nowMs, above: 0, reason: 'only a trial' })
      for (const table of ['slots', 'jobs']) db.prepare(`DELETE FROM ${table}`).run()
      return true
    } finally {
      db.close()
    }
  } catch {
    return false
  }
}

/** Starts it, watches it, ends it. A complaint, or nothing where it got ready and went on to answer. Leaves nothing behind. */
export async function tryAgent(
  { paths, program, journal, environment, onReady }: Trial,
  limits: TrialLimits = TRIAL_LIMITS,
): Promise<string | undefined> {
  const home = trialFolder(paths)
  rmSync(home, { recursive: true, force: true })
  try {
    const trial = layTrial(paths, home, journal)
    const child = startTrial(program, trial, paths, environment)
    try {
      return await watchTrial(child, { trial, limits, onReady })
    } finally {
      await child.end()
    }
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 3 })
  }
}

function layTrial(paths: HomePaths, home: string, journal: string | undefined): HomePaths {
  const trial = homePaths(home)
  for (const folder of [home, trial.data, trial.run]) mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (existsSync(paths.settings)) copyFileSync(paths.settings, trial.settings)
  if (journal !== undefined) renameSync(journal, trial.agentDb)
  return trial
}

type Tried = {
  /** Why it has ended; undefined while it lives. */
  readonly ended: () => string | undefined
  readonly end: () => Promise<void>
}

function startTrial(program: Program, trial: HomePaths, { home }: HomePaths, environment: NodeJS.ProcessEnv): Tried {
  const { NOTIFY_SOCKET: _, WATCHDOG_USEC: __, ...own } = childEnvironment(home, environment)
  const env = {
    // The compile cache stays the one of the real home: what this start compiles is compiled at the switch.
    ...{ ...own, OTTUGI_HOME: trial.home, OTTUGI_NODE: program.node },
    ...{ OTTUGI_AGENT__HOST: '127.0.0.1', OTTUGI_AGENT__PORT: '0', OTTUGI_DASHBOARD__HOST: '127.0.0.1' },
  }
  const main = pathToFileURL(join(program.root, 'src', 'agent', `main${program.extension}`)).href
  const words = [...NODE_FLAGS, ENTRY, main]
  // A group of its own, which is ended as one.
  const options = {
    env,
    cwd: trial.home,
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe'] as ['pipe', 'ignore', 'pipe'],
  }
  return watchEnd(spawn(program.node, words, options))
}

function watchEnd(child: ChildProcess): Tried {
  let said = ''
  let why: string | undefined
  child.stderr?.on('data', (piece: Buffer) => {
    said = `${said}${piece.toString('utf8')}`.slice(-SAID_CHARS)
  })
  const gone = new Promise<void>((resolve) => {
    child.on('error', (error) => {
      why = error.message
      resolve()
    })
    child.on('close', (code, signal) => {
      why = complaintIn(said) || `it ended with ${signal ?? code}`
      resolve()
    })
  })
  const end = async () => {
    endGroup(child.pid)
    await gone
  }
  return { ended: () => why, end }
}

/** What it gives as the reason of its end, without the places in the code; else the last that it said. */
function complaintIn(said: string): string {
  const reason = /^ottugi agent: (.+)$/m.exec(said)?.[1] ?? said.trim().slice(-COMPLAINT_CHARS)
  return reason.slice(0, COMPLAINT_CHARS)
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}

type Watch = {
  readonly trial: HomePaths
  readonly limits: TrialLimits
  readonly onReady: Trial['onReady']
}

async function watchTrial(child: Tried, { trial, limits, onReady }: Watch): Promise<string | undefined> {
  const seen: Seen = { startedAt: monotonicMs(), readyAt: undefined, answeredAt: monotonicMs() }
  for (;;) {
    const askedAt = monotonicMs()
    const url = readLiving(trial, 'agent')?.url
    const doesAnswer = typeof url === 'string' && (await isServing(url))
    const why = child.ended()
    if (why !== undefined) return why
    if (doesAnswer) {
      if (seen.readyAt === undefined) onReady?.()
      seen.readyAt ??= askedAt
      seen.answeredAt = askedAt
      if (askedAt - seen.readyAt >= limits.steadyMs) return undefined
    }
    const late = whatIsLate(seen, limits, monotonicMs())
    if (late !== undefined) return late
    await delay(LOOK_AGAIN_MS)
  }
}

/** When it was started, was first seen ready, and last answered; milliseconds of the monotonic clock. */
type Seen = { readonly startedAt: number; readyAt: number | undefined; answeredAt: number }

function whatIsLate({ startedAt, readyAt, answeredAt }: Seen, limits: TrialLimits, at: number): string | undefined {
  if (readyAt === undefined) return at - startedAt >= limits.readyMs ? 'it did not get ready' : undefined
  return at - answeredAt >= limits.silentMs ? 'it stopped answering' : undefined
}

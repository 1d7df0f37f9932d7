/** TIER 3 as a child process with a deadline: the watchdog goes on beating while it works. */
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { childEnvironment } from '../shared/childEnvironment.ts'
import { monotonicMs } from '../shared/clock.ts'
import { appRoot, type HomePaths } from '../shared/paths.ts'
import type { RepairJob } from './watch.ts'

export type GuardianJob = {
  readonly view: () => RepairJob
  /** Starts `guardian repair`; a job that runs already goes on. */
  readonly run: (deadline: number, fault: string | null) => void
  readonly cancel: () => void
  /** Forgets a finished job, once its result has been acted on. */
  readonly forget: () => void
}

const MAX_OUTPUT_BYTES = 256 * 1_024

/** `onChange` is called when the job ends. */
export function createGuardianJob(paths: HomePaths, environment: NodeJS.ProcessEnv, onChange: () => void): GuardianJob {
  let view: RepairJob = { state: 'none' }
  let child: ChildProcess | undefined
  let timer: NodeJS.Timeout | undefined
  const finish = (result: RepairJob) => {
    clearTimeout(timer)
    child = undefined
    view = result
    onChange()
  }
  return {
    view: () => view,
    run(deadline, fault) {
      if (view.state === 'running') return
      view = { state: 'running' }
      child = startGuardian(paths, environment, fault, finish)
      timer = setTimeout(() => killGroup(child), Math.max(0, deadline - monotonicMs()))
    },
    cancel: () => killGroup(child),
    forget: () => {
      if (view.state === 'done') view = { state: 'none' }
    },
  }
}

function startGuardian(
  paths: HomePaths,
  environment: NodeJS.ProcessEnv,
  fault: string | null,
  finish: (result: RepairJob) => void,
): ChildProcess {
  const words = [
    join(appRoot, 'src', 'guardian', 'main.ts'),
    'repair',
    '--json',
    '--home',
    paths.home,
    ...(fault ? ['--fault', fault] : []),
  ]
  // Its own group: what it started (npm) ends with it.
  const child = spawn(process.execPath, words, {
    env: childEnvironment(paths.home, environment),
    cwd: appRoot,
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let output = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    output = (output + chunk.toString('utf8')).slice(-MAX_OUTPUT_BYTES)
  })
  child.on('error', (error) =>
    finish({ state: 'done', ok: false, fault, human: `the guardian did not start: ${error.message}` }),
  )
  child.on('close', () => finish(parseResult(output, fault)))
  return child
}

function parseResult(output: string, fault: string | null): RepairJob {
  try {
    const result = JSON.parse(output.trim().split('\n').at(-1) ?? '') as {
      ok?: boolean
      human?: string
      repairs?: { fault?: string; ok?: boolean; isCure?: boolean }[]
    }
    const repaired = result.repairs?.findLast((repair) => repair.ok && repair.isCure)
    // All well and nothing mended is no cure: the cause is one that no check knows.
    return {
      state: 'done',
      ok: result.ok === true && repaired !== undefined,
      fault: repaired?.fault ?? fault,
      human: result.human ?? null,
    }
  } catch {
    return { state: 'done', ok: false, fault, human: 'the guardian ended without a result' }
  }
}

function killGroup(child: ChildProcess | undefined): void {
  if (!child?.pid || child.exitCode !== null) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // Already gone.
  }
}

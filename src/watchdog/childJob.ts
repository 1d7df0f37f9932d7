/** A tier above this one as a child process with a deadline: the watchdog goes on beating while it works. */
import { type ChildProcess, spawn } from 'node:child_process'
import { childEnvironment } from '../shared/childEnvironment.ts'
import { monotonicMs } from '../shared/clock.ts'
import { appRoot } from '../shared/paths.ts'

/** How far a job is. `failure` says why there is no output to read; null where the process ended by itself. */
export type ChildJobView<Result> =
  | { readonly state: 'none' }
  | { readonly state: 'running' }
  | ({ readonly state: 'done' } & Result)

/** One job at a time. */
export type ChildJob<Order, Result> = {
  readonly view: () => ChildJobView<Result>
  /** Starts it; one that runs already goes on. `deadline` is monotonic milliseconds. */
  readonly run: (deadline: number, order: Order) => void
  readonly cancel: () => void
  /** Forgets a finished job, once its result has been acted on. */
  readonly forget: () => void
}

/** What is run, and how its output is read. */
export type ChildJobParts<Order, Result> = {
  readonly home: string
  readonly environment: NodeJS.ProcessEnv
  readonly wordsOf: (order: Order) => readonly string[]
  /** Reads everything that was printed; `failure` is set where the process could not be started. Never throws. */
  readonly read: (output: string, order: Order, failure: string | null) => Result
  /** Called when the job ends. */
  readonly onChange: () => void
}

const MAX_OUTPUT_BYTES = 256 * 1_024

/** Makes the job. */
export function createChildJob<Order, Result>(parts: ChildJobParts<Order, Result>): ChildJob<Order, Result> {
  let view: ChildJobView<Result> = { state: 'none' }
  let child: ChildProcess | undefined
  let timer: NodeJS.Timeout | undefined
  const finish = (result: Result) => {
    clearTimeout(timer)
    child = undefined
    view = { state: 'done', ...result }
    parts.onChange()
  }
  return {
    view: () => view,
    run(deadline, order) {
      if (view.state === 'running') return
      view = { state: 'running' }
      child = startChild(parts, order, finish)
      timer = setTimeout(() => killGroup(child), Math.max(0, deadline - monotonicMs()))
    },
    cancel: () => killGroup(child),
    forget: () => {
      if (view.state === 'done') view = { state: 'none' }
    },
  }
}

function startChild<Order, Result>(
  { home, environment, wordsOf, read }: ChildJobParts<Order, Result>,
  order: Order,
  finish: (result: Result) => void,
): ChildProcess {
  // Its own group: what it started (npm) ends with it.
  const child = spawn(process.execPath, wordsOf(order), {
    env: childEnvironment(home, environment),
    cwd: appRoot,
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let output = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    output = (output + chunk.toString('utf8')).slice(-MAX_OUTPUT_BYTES)
  })
  child.on('error', (error) => finish(read('', order, error.message)))
  child.on('close', () => finish(read(output, order, null)))
  return child
}

/** The last line that was printed, as JSON; undefined where it is none. */
export function lastJsonLine(output: string): unknown {
  try {
    return JSON.parse(output.trim().split('\n').at(-1) ?? '')
  } catch {
    return undefined
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

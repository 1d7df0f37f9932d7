/** Starts a sender and hears what it says. */
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { childEnvironment } from '../shared/childEnvironment.ts'
import { appRoot, type HomePaths } from '../shared/paths.ts'
import type { SenderJob, SenderLine } from './job.ts'

/** A sender at work. */
export type Courier = {
  /** Ends it with everything that it started. */
  readonly kill: () => void
}

/** What is heard of it. `ended` comes once, last. */
export type CourierEars = {
  readonly line: (line: SenderLine) => void
  readonly ended: () => void
}

/** Whose sender it is. */
export type CourierHome = {
  readonly paths: HomePaths
  readonly environment: NodeJS.ProcessEnv
  readonly passEnv: readonly string[]
}

/** No line of ours is longer; what is, is dropped. */
const MAX_LINE = 256 * 1_024

/** Starts the sender on a job. Never throws: a sender that cannot be started has ended. */
export function sendOff({ paths, environment, passEnv }: CourierHome, job: SenderJob, ears: CourierEars): Courier {
  const main = join(appRoot, 'src', 'alert', 'main.ts')
  // A group of its own: programs that it runs end with it.
  const child = spawn(process.execPath, [main], {
    env: childEnvironment(paths.home, environment, passEnv),
    cwd: appRoot,
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  let isOver = false
  const end = () => {
    if (!isOver) ears.ended()
    isOver = true
  }
  readLines(child, (line) => ears.line(line))
  child.once('error', end)
  child.once('close', end)
  child.stdin?.on('error', () => {})
  child.stdin?.end(JSON.stringify(job))
  return { kill: () => killGroup(child) }
}

function readLines(child: ChildProcess, hear: (line: SenderLine) => void): void {
  let rest = ''
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = (lines.pop() ?? '').slice(-MAX_LINE)
    for (const line of lines) {
      const said = parse(line)
      if (said) hear(said)
    }
  })
}

function parse(line: string): SenderLine | undefined {
  try {
    const value = JSON.parse(line)
    return typeof value?.is === 'string' ? value : undefined
  } catch {
    return undefined
  }
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // Already gone.
  }
}

/** Does a whole job and gives everything that was said; for callers that can wait. */
export function sendAndWait(home: CourierHome, job: SenderJob, limitMs: number): Promise<SenderLine[]> {
  return new Promise((resolve) => {
    const said: SenderLine[] = []
    const courier = sendOff(home, job, {
      line: (line) => said.push(line),
      ended: () => {
        clearTimeout(timer)
        resolve(said)
      },
    })
    const timer = setTimeout(courier.kill, limitMs)
  })
}

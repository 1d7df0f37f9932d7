/** Runs a program for a channel: words, never a shell's line; ended at the deadline with everything that it started. */
import { spawn } from 'node:child_process'
import { basename } from 'node:path'
import { phrase } from '../../shared/messages/phrase.ts'
import { DELIVERED, type Delivery, later, refused } from './channel.ts'

/** What is run. */
export type Run = {
  readonly words: readonly string[]
  readonly input: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
}

/** Resolves when the program has ended. Exit 0 is delivered; a program that cannot be run is a refusal; everything else may be better later. */
export function runProgram({ words: [file = '', ...args], input, environment, signal }: Run): Promise<Delivery> {
  const program = basename(file)
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(later(phrase('notify.why.timeout')))
    // A group of its own, so that what it started ends with it.
    const child = spawn(file, args, { env: environment, detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
    const end = () => killGroup(child.pid)
    signal.addEventListener('abort', end, { once: true })
    const finish = (delivery: Delivery) => {
      signal.removeEventListener('abort', end)
      resolve(delivery)
    }
    child.once('error', (error: NodeJS.ErrnoException) =>
      finish(refused(phrase('notify.why.program', { program, code: error.code ?? 'error' }))),
    )
    child.once('exit', (code, killedBy) => {
      if (signal.aborted) return finish(later(phrase('notify.why.timeout')))
      finish(code === 0 ? DELIVERED : later(phrase('notify.why.exit', { program, code: code ?? killedBy ?? 'signal' })))
    })
    // A program that does not read is no failure.
    child.stdin.on('error', () => {})
    child.stdin.end(input)
  })
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // Already gone.
  }
}

/** Hands a call over to the program that serves this home, where that is another version than the one that was called. Needs node: built-ins only. */
import { spawn } from 'node:child_process'
import { EXIT } from '../../shared/exitCodes.ts'
import { type Program, programElsewhere } from '../../shared/programOf.ts'
import type { CliContext } from '../context.ts'

const STANDARD_ERROR = 2
const PASSED_ON = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** The exit code of the other program, or undefined where this one is the right one. As PID 1 it becomes that program, and does not return. */
export async function runElsewhere(context: CliContext, words: readonly string[]): Promise<number | undefined> {
  const program = programElsewhere(context.home)
  if (!program) return undefined
  // The first process of a container inherits what others leave behind: that must be the program itself, not somebody who waits for it.
  if (process.pid === 1) become(program, context, words)
  return run(program, context, words, 'inherit')
}

/** The same in the middle of a command: its words go to the standard error, and this process goes on afterwards. */
export async function callElsewhere(context: CliContext, words: readonly string[]): Promise<number | undefined> {
  const program = programElsewhere(context.home)
  return program && run(program, context, words, STANDARD_ERROR)
}

function become({ node, main }: Program, { home, environment }: CliContext, words: readonly string[]): void {
  process.execve?.(node, [node, main, ...words], { ...environment, OTTUGI_HOME: home })
}

function run(
  { node, main }: Program,
  { home, environment }: CliContext,
  words: readonly string[],
  output: 'inherit' | typeof STANDARD_ERROR,
): Promise<number> {
  // Its own folder may look like a home of its own: the one that was meant is named.
  const env = { ...environment, OTTUGI_HOME: home }
  const child = spawn(node, [main, ...words], { stdio: ['inherit', output, 'inherit'], env })
  const pass = (signal: NodeJS.Signals) => child.kill(signal)
  for (const signal of PASSED_ON) process.on(signal, pass)
  return new Promise((resolve) => {
    child.on('error', () => resolve(EXIT.failed))
    child.on('exit', (code) => {
      for (const signal of PASSED_ON) process.off(signal, pass)
      resolve(code ?? EXIT.failed)
    })
  })
}

/**
 * Runs a program for a tool and keeps what it writes, standard output and errors in the order in which they come. Promises: it always settles; what was
 * started is ended with its whole process group, also what it left behind; a flood is kept from both ends only and stopped.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { sandboxEnvironment } from '../../shared/sandbox/plan.ts'

/** What is run. */
export type Program = {
  readonly program: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly workspace: string
  readonly signal: AbortSignal
  /** Beside those that every program gets. */
  readonly environment?: Readonly<Record<string, string>>
  /** What it reads; nothing where there is none. */
  readonly stdin?: string
}

/** How it ended. `output` is UTF-8 with what is none replaced. */
export type Ran =
  | {
      readonly ok: true
      readonly code: number | null
      readonly signal: NodeJS.Signals | null
      readonly output: string
      /** Why we ended it, where we did. */
      readonly ended?: 'cancelled' | 'flood'
    }
  | { readonly ok: false; readonly reason: string; readonly isMissing: boolean }

/** Kept of the beginning and of the end, in bytes. */
const HEAD_BYTES = 2 * 1_024 * 1_024
const TAIL_BYTES = 512 * 1_024
/** More than this is a flood, in bytes. */
const FLOOD_BYTES = 64 * 1_024 * 1_024
/** What was left behind may hold the output open: so long is waited for its end, in milliseconds. */
const DRAIN_MS = 300

/** Runs it. Never rejects. */
export function runProgram(wanted: Program): Promise<Ran> {
  const { program, args, cwd, workspace, signal, environment = {} } = wanted
  const result = Promise.withResolvers<Ran>()
  const kept = keepEnds()
  let ended: 'cancelled' | 'flood' | undefined
  const child = spawn(program, args, {
    cwd,
    env: { ...sandboxEnvironment(workspace), ...environment },
    // A group of its own, which can be ended as a whole.
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const stop = (why: 'cancelled' | 'flood') => {
    ended ??= why
    endGroup(child)
  }
  const cancel = () => stop('cancelled')
  const take = (chunk: Buffer) => {
    kept.add(chunk)
    if (kept.bytes() > FLOOD_BYTES) stop('flood')
  }
  child.stdout?.on('data', take)
  child.stderr?.on('data', take)
  // A program that does not read what it is given is no fault.
  child.stdin?.on('error', () => {})
  child.stdin?.end(wanted.stdin ?? '')
  child.on('error', (error: NodeJS.ErrnoException) => {
    result.resolve({
      ok: false,
      reason: `${program} could not be started: ${error.message}`,
      isMissing: error.code === 'ENOENT',
    })
  })
  child.on('exit', (code, killedBy) => {
    endGroup(child)
    const finish = () => {
      child.stdout?.destroy()
      child.stderr?.destroy()
      const why = ended === undefined ? {} : { ended }
      result.resolve({ ok: true, code, signal: killedBy, output: kept.text(), ...why })
    }
    const late = setTimeout(finish, DRAIN_MS)
    child.on('close', () => {
      clearTimeout(late)
      finish()
    })
  })
  signal.addEventListener('abort', cancel, { once: true })
  if (signal.aborted) cancel()
  return result.promise.finally(() => signal.removeEventListener('abort', cancel))
}

/** Ends everything in the group of a child; its number stays taken while any member lives. */
function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // Nobody is left in it.
  }
}

/** Keeps the beginning and the end of a stream. */
function keepEnds() {
  const head: Buffer[] = []
  let tail: Buffer[] = []
  let headBytes = 0
  let tailBytes = 0
  let all = 0
  const add = (chunk: Buffer) => {
    all += chunk.length
    const forHead = chunk.subarray(0, HEAD_BYTES - headBytes)
    if (forHead.length > 0) head.push(forHead)
    headBytes += forHead.length
    const forTail = chunk.subarray(forHead.length)
    if (forTail.length === 0) return
    tail.push(forTail)
    tailBytes += forTail.length
    if (tailBytes < 2 * TAIL_BYTES) return
    tail = [Buffer.concat(tail).subarray(-TAIL_BYTES)]
    tailBytes = TAIL_BYTES
  }
  return {
    add,
    bytes: () => all,
    text: () => {
      const left = all - headBytes - tailBytes
      const note = left > 0 ? [Buffer.from(`\n[… ${left} bytes left out …]\n`)] : []
      return Buffer.concat([...head, ...note, ...tail]).toString('utf8')
    },
  }
}

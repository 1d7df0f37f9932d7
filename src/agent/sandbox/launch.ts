/** One child in a sandbox: its start, its line, its end. */
import { type Identity, signalIdentity } from '../../shared/identity.ts'
import { readStat } from '../../shared/procfs.ts'
import type { SandboxPlan } from '../../shared/sandbox/plan.ts'
import { type SandboxMode, spawnSandboxed } from '../../shared/sandbox/spawn.ts'
import { processesBelow } from './processTree.ts'
import { type FromChild, fromChild, MAX_FROM_CHILD, readLines, sendLine, type ToChild } from './protocol.ts'

/** How a child ended. */
export type ChildEnd = { readonly code: number | null; readonly signal: string | null; readonly said: string }

/** A child that lives, or did. */
export type SandboxChild = {
  /** Resolves when it takes calls; false when it ended before. */
  readonly ready: Promise<boolean>
  readonly ended: Promise<ChildEnd>
  readonly send: (message: ToChild) => void
  /** Who hears what it says; undefined for nobody. */
  readonly listen: (hear: ((message: FromChild) => void) | undefined) => void
  /** Everything that runs in the sandbox, as pids of the machine. */
  readonly everyone: () => readonly number[]
  /** What runs there beside the child itself: what a tool left behind. */
  readonly leftovers: () => readonly number[]
  /** Ends everything in the sandbox by identity; resolves when nothing of it is left. */
  readonly kill: () => Promise<void>
  readonly isGone: () => boolean
}

/** So much of what a child says as it dies is kept, in characters. */
const KEPT_WORDS = 2_000
/** After this time the starter of the sandbox is ended beside its first process, in milliseconds. */
const KILL_AGAIN_MS = 1_000

/** Starts a child. Never throws for what a child does. */
export function launchChild(mode: SandboxMode, plan: SandboxPlan): SandboxChild {
  const started = spawnSandboxed(mode, plan)
  const { process: child, line } = started
  const starter = identityOf(child.pid)
  let hear: ((message: FromChild) => void) | undefined
  let isGone = false
  let said = ''
  child.stderr?.setEncoding('utf8')
  child.stderr?.on('data', (chunk: string) => {
    said = `${said}${chunk}`.slice(-KEPT_WORDS)
  })
  const ready = Promise.withResolvers<boolean>()
  const ended = endOf(child, () => said).then((end) => {
    isGone = true
    ready.resolve(false)
    line.destroy()
    return end
  })
  const kill = async () => {
    if (!isGone) await killAll(started, starter, ended)
  }
  // Known before the first tool runs: then nothing but the child is there.
  let top: number | undefined
  let own: number | undefined
  const becomeReady = async () => {
    top ??= await topOf(mode, plan, started)
    own ??= top === undefined || mode !== 'bubblewrap' ? top : processesBelow(top)[0]
    ready.resolve(!isGone)
  }
  readLines(line, MAX_FROM_CHILD, {
    line: (value) => {
      const message = fromChild(value)
      if (message?.type === 'ready') return void becomeReady()
      if (message) return hear?.(message)
      said = 'it sent what is no message'
      void kill()
    },
    broken: (why) => {
      said = why
      void kill()
    },
  })
  return {
    ready: ready.promise,
    ended,
    send: (message) => sendLine(line, message),
    listen: (listener) => {
      hear = listener
    },
    everyone: () => (top === undefined ? [] : [top, ...processesBelow(top)]),
    leftovers: () => {
      const left = () => (top === undefined ? [] : processesBelow(top).filter((pid) => pid !== own))
      const first = left()
      // A process that changes its parent while the tree is read stands nowhere in it: a daemon is seen at the second look.
      return first.length > 0 ? first : left()
    },
    kill,
    isGone: () => isGone,
  }
}

type Started = ReturnType<typeof spawnSandboxed>
type Known = Pick<Identity, 'pid' | 'startTicks'>

function identityOf(pid: number | undefined): Known | undefined {
  const stat = pid === undefined ? undefined : readStat(pid)
  return stat && { pid: stat.pid, startTicks: stat.startTicks }
}

function endOf(child: Started['process'], said: () => string): Promise<ChildEnd> {
  return new Promise((resolve) => {
    child.on('error', ({ message }) => resolve({ code: null, signal: null, said: message }))
    child.on('exit', (code, signal) => resolve({ code, signal, said: said().trim() }))
  })
}

/**
 * The kernel ends a whole pid namespace with its first process, whatever its members ignore, forked or stopped; and the starter ends when it has
 * seen that. So the starter is spared at first: its end is the proof.
 */
async function killAll(
  { firstPid, process: child }: Started,
  starter: Known | undefined,
  ended: Promise<ChildEnd>,
): Promise<void> {
  const again = setTimeout(() => endGroup(starter, child), KILL_AGAIN_MS)
  void firstPid.then((pid) => {
    const first = identityOf(pid)
    if (!first || !signalIdentity(first, 'SIGKILL')) endGroup(starter, child)
  })
  await ended
  clearTimeout(again)
}

function endGroup(starter: Known | undefined, child: Started['process']): void {
  if (!starter || !signalIdentity(starter, 'SIGKILL', true)) child.kill('SIGKILL')
}

/** The process whose children are the child and what it left behind: the first one inside. Under root it stands below that of the first round. */
async function topOf(
  mode: SandboxMode,
  plan: SandboxPlan,
  { firstPid, process: child }: Started,
): Promise<number | undefined> {
  if (mode !== 'bubblewrap') return child.pid
  const first = await firstPid
  if (first === undefined || !plan.user) return first
  // Neither of the two starts anything else.
  const [, innermost] = processesBelow(first)
  return innermost
}

/**
 * PID 1 inherits every process whose parent has ended, and must take in its end: otherwise it stays in the table of processes as a zombie, and a container
 * has a limit on those. Node asks for the end of its own children only, so this asks the C library for the others, one by one and by their pid:
 * a `waitpid(-1)` would take the end of a child that Node waits for.
 */
import { listPids, readStat } from '../shared/procfs.ts'

/** Takes in the ends of all inherited processes but `own` (children that Node waits for); gives how many. Never blocks. */
export type Reaper = (own: ReadonlySet<number>) => number

type WaitFor = (pid: number) => boolean

/** `waitpid`: do not wait for an end that has not come. The same number on every Linux and macOS. */
const WNOHANG = 1

/** A reaper, or undefined where this Node cannot call the C library. */
export async function createReaper(): Promise<Reaper | undefined> {
  const waitFor = await loadWait()
  return waitFor && ((own) => zombiesOf(process.pid).filter((pid) => !own.has(pid) && waitFor(pid)).length)
}

async function loadWait(): Promise<WaitFor | undefined> {
  try {
    const { dlopen } = await import('node:ffi')
    const { functions } = dlopen(null, { waitpid: { return: 'i32', arguments: ['i32', 'pointer', 'i32'] } })
    return (pid) => functions.waitpid(pid, 0n, WNOHANG) === pid
  } catch {
    return undefined
  }
}

function zombiesOf(parent: number): number[] {
  return listPids().filter((pid) => {
    const stat = readStat(pid)
    return stat?.parentPid === parent && stat.state === 'Z'
  })
}

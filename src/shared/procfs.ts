import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** What the kernel says of one process. */
export type ProcessStat = {
  readonly pid: number
  readonly parentPid: number
  readonly processGroup: number
  /** One letter: R running, S sleeping, D disk, T stopped, t traced, Z zombie. */
  readonly state: string
  /** Start time: clock ticks since boot on Linux, seconds since 1970 elsewhere. With the pid it names one process. */
  readonly startTicks: number
  /** CPU time used so far, user and system, in clock ticks (100 a second on Linux); 0 where it is not known. */
  readonly cpuTicks: number
}

const FIELD_AFTER_NAME = {
  state: 0,
  parentPid: 1,
  processGroup: 2,
  userTicks: 11,
  systemTicks: 12,
  startTicks: 19,
} as const

/**
 * Reads `/proc/<pid>/stat`; undefined when there is no such process.
 * The name in brackets may hold spaces and brackets itself, so fields are counted from the last `)`.
 */
export function readStat(pid: number): ProcessStat | undefined {
  if (process.platform !== 'linux') return readStatFromPs(pid)
  let text: string
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'latin1')
  } catch {
    return undefined
  }
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const field = (index: number) => Number(fields[index])
  return {
    pid,
    state: fields[FIELD_AFTER_NAME.state] ?? '?',
    parentPid: field(FIELD_AFTER_NAME.parentPid),
    processGroup: field(FIELD_AFTER_NAME.processGroup),
    startTicks: field(FIELD_AFTER_NAME.startTicks),
    cpuTicks: field(FIELD_AFTER_NAME.userTicks) + field(FIELD_AFTER_NAME.systemTicks),
  }
}

function readStatFromPs(pid: number): ProcessStat | undefined {
  try {
    const output = execFileSync('/bin/ps', ['-o', 'ppid=,pgid=,state=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { LC_ALL: 'C', TZ: 'UTC' },
    })
    const match = /^\s*(\d+)\s+(\d+)\s+(\S)\S*\s+(.+?)\s*$/.exec(output)
    if (!match) return undefined
    const [, parent, group, state, started] = match
    return {
      pid,
      parentPid: Number(parent),
      processGroup: Number(group),
      state: state ?? '?',
      startTicks: Date.parse(`${started} UTC`) / 1_000,
      cpuTicks: 0,
    }
  } catch {
    return undefined
  }
}

/** All process ids of this machine that we may see (Linux; empty elsewhere). */
export function listPids(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
  } catch {
    return []
  }
}

/** The command line of a process, words separated by single spaces; empty when it cannot be read. */
export function readCommandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim()
  } catch {
    return ''
  }
}

/** Where in the kernel a process waits (`/proc/<pid>/wchan`), for a hang in native code; empty when unknown. */
export function readWaitChannel(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/wchan`, 'utf8').trim()
  } catch {
    return ''
  }
}

/** The inodes of the sockets that a process has open; empty when we may not look. */
export function socketInodes(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      const match = /^socket:\[(\d+)\]$/.exec(linkTarget(`/proc/${pid}/fd/${fd}`))
      return match?.[1] ? [match[1]] : []
    })
  } catch {
    return []
  }
}

function linkTarget(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

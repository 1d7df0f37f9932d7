import type { StdioOptions } from 'node:child_process'
import { openSync, readdirSync, readFileSync } from 'node:fs'

/** O_CLOEXEC in the octal flags of /proc/<pid>/fdinfo: the descriptor is not handed on. */
const CLOSE_ON_EXEC = 0o2000000

let cached: readonly number[] | undefined

/**
 * Descriptors that whoever started us left open and that every child would get: a file or pipe of somebody's, inside the sandbox. Node marks its own
 * so that they are not handed on. Looked up once: no more come later. Linux; empty elsewhere.
 */
function inheritedDescriptors(): readonly number[] {
  cached ??= fdNames().filter((fd) => fd > 2 && isHandedOn(fd))
  return cached
}

function fdNames(): number[] {
  try {
    return readdirSync('/proc/self/fd').map(Number)
  } catch {
    return []
  }
}

function isHandedOn(fd: number): boolean {
  try {
    const flags = /^flags:\s*([0-7]+)/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1]
    return flags !== undefined && (Number.parseInt(flags, 8) & CLOSE_ON_EXEC) === 0
  } catch {
    return false
  }
}

let nothing: number | undefined

/** The wanted descriptors of a child, with nothing in the place of those that it would inherit. */
export function withoutInherited(wanted: readonly ('ignore' | 'pipe')[]): StdioOptions {
  const last = Math.max(wanted.length - 1, ...inheritedDescriptors())
  return Array.from(
    { length: last + 1 },
    (_, fd) => wanted[fd] ?? (inheritedDescriptors().includes(fd) ? devNull() : 'ignore'),
  )
}

function devNull(): number {
  nothing ??= openSync('/dev/null', 'r+')
  return nothing
}

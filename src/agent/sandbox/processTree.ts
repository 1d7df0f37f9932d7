/** The processes of one sandbox, as the machine sees them, and how much they use. Linux; elsewhere there are none to see. */
import { readdirSync, readFileSync } from 'node:fs'
import { MIB } from '../../shared/sandbox/plan.ts'

/** Every process below this one, itself not included. Orphans fall to the first process of their namespace, and so stay in its tree. */
export function processesBelow(pid: number): number[] {
  const children = childrenOf(pid)
  return children.flatMap((child) => [child, ...processesBelow(child)])
}

function childrenOf(pid: number): number[] {
  return names(`/proc/${pid}/task`).flatMap((thread) =>
    read(`/proc/${pid}/task/${thread}/children`).split(' ').filter(Boolean).map(Number),
  )
}

/** What processes use now: memory of their own in MiB, and what they and their ended children wrote to disks, in MiB. */
export function usageOf(pids: readonly number[]): { memoryMb: number; writtenMb: number } {
  const sum = (file: string, pattern: RegExp) =>
    pids.reduce((total, pid) => total + Number(pattern.exec(read(`/proc/${pid}/${file}`))?.[1] ?? 0), 0)
  return {
    memoryMb: sum('status', /^RssAnon:\s+(\d+) kB/m) / KIB_PER_MIB,
    writtenMb: sum('io', /^write_bytes: (\d+)/m) / MIB,
  }
}

const KIB_PER_MIB = 1_024

function names(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

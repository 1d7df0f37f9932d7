import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { listPids } from '../shared/procfs.ts'

/** The two lowest bits of the flags of an open file: 0 is reading only. */
const ACCESS_MODE = 3

/**
 * The processes that have a file open for writing, also where it has been removed since (Linux; nobody elsewhere). Whoever only reads it
 * is not in the way: it goes on reading what it has until it opens the file anew.
 */
export function writersOf(path: string): number[] {
  const names = new Set([path, `${path} (deleted)`])
  return listPids().filter((pid) => openFiles(pid).some((fd) => names.has(target(pid, fd)) && isForWriting(pid, fd)))
}

function openFiles(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`)
  } catch {
    return []
  }
}

function target(pid: number, fd: string): string {
  try {
    return readlinkSync(`/proc/${pid}/fd/${fd}`)
  } catch {
    return ''
  }
}

function isForWriting(pid: number, fd: string): boolean {
  try {
    const flags = /^flags:\s*([0-7]+)/m.exec(readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'latin1'))?.[1]
    return flags === undefined || (Number.parseInt(flags, 8) & ACCESS_MODE) !== 0
  } catch {
    return false
  }
}

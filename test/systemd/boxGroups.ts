/**
 * Control groups for one box, in the hierarchies by which systemd counts processes. Two boxes in one group would count, and end, each other's
 * processes; and what a box leaves behind can be ended by its group alone.
 */
import { mkdirSync, readdirSync, readFileSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { waitFor } from '../../src/drill/waitFor.ts'

const END_LIMIT_MS = 20_000

/** `entrances`: whoever writes its pid into all of them is in. `end`: nothing of the groups is left when it resolves. */
export type BoxGroups = { readonly entrances: readonly string[]; readonly end: () => Promise<void> }

/** Makes the groups, as children of our own. */
export function makeBoxGroups(name: string): BoxGroups {
  const folders = ownGroups().map((folder) => join(folder, name))
  for (const folder of folders) mkdirSync(folder)
  return {
    entrances: folders.map((folder) => join(folder, 'cgroup.procs')),
    end: async () => {
      await waitFor('a box to end', END_LIMIT_MS, () => isEnded(folders) || undefined)
      for (const folder of folders) remove(folder)
    },
  }
}

/** Our groups in the unified hierarchy and in systemd's own, whichever there are. */
function ownGroups(): string[] {
  const ours = new Map(
    readFileSync('/proc/self/cgroup', 'utf8')
      .trim()
      .split('\n')
      .map((line) => /^\d+:([^:]*):(.*)$/.exec(line))
      .map((found) => [found?.[1] ?? '', found?.[2] ?? '/']),
  )
  return readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, at = '', type = '', options = ''] = line.split(' ')
      const name =
        type === 'cgroup2' ? '' : type === 'cgroup' && options.includes('name=systemd') ? 'name=systemd' : null
      const own = name === null ? undefined : ours.get(name)
      return own === undefined ? [] : [join(at, own)]
    })
}

/** Ends who is in them; whoever has no parent any more may take a moment. */
function isEnded(folders: readonly string[]): boolean {
  const pids = folders.flatMap(pidsBelow)
  for (const pid of pids) end(pid)
  return pids.length === 0
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It was quicker.
  }
}

function pidsBelow(folder: string): number[] {
  const own = readFileSync(join(folder, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number)
  return [...own, ...childrenOf(folder).flatMap(pidsBelow)]
}

function remove(folder: string): void {
  for (const child of childrenOf(folder)) remove(child)
  rmdirSync(folder)
}

function childrenOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? [join(folder, entry.name)] : [],
  )
}

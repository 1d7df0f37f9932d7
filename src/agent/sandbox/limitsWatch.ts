/** Watches what the kernel's limits for single processes cannot hold: the memory of all together, what they write in all, and the room on the disk. */
import { readDiskRoom } from '../../shared/diskRoom.ts'
import type { SandboxChild } from './launch.ts'
import { usageOf } from './processTree.ts'

/** Limits in MiB, and the folder whose disk must keep room. */
export type WatchedLimits = { readonly memoryMb: number; readonly writeMb: number; readonly workspace: string }

/** Time between two looks, in milliseconds. */
const LOOK_EVERY_MS = 200

/** Looks until it is stopped; tells once what was broken, in words for the model. Returns how to stop it. */
export function watchLimits(child: SandboxChild, limits: WatchedLimits, onBroken: (why: string) => void): () => void {
  const before = usageOf(child.everyone()).writtenMb
  const timer = setInterval(() => {
    const why = brokenLimit(child, limits, before)
    if (why === undefined) return
    clearInterval(timer)
    onBroken(why)
  }, LOOK_EVERY_MS)
  return () => clearInterval(timer)
}

function brokenLimit(
  child: SandboxChild,
  { memoryMb, writeMb, workspace }: WatchedLimits,
  before: number,
): string | undefined {
  const usage = usageOf(child.everyone())
  if (usage.memoryMb > memoryMb) return `it used more than ${memoryMb} MiB of memory`
  if (usage.writtenMb - before > writeMb) return `it wrote more than ${writeMb} MiB`
  return readDiskRoom(workspace).isLow ? 'the disk has no room left' : undefined
}

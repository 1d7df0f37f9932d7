import { setTimeout as sleep } from 'node:timers/promises'
import { signalIdentity } from '../../shared/identity.ts'
import { readStat } from '../../shared/procfs.ts'
import type { SandboxChild } from './launch.ts'

/** Rounds of killing before a sandbox is given up; whoever forks faster than that goes with all of it. */
const ROUNDS = 5
/** Time for the killed to be gone, in milliseconds. */
const BETWEEN_MS = 10

/** Ends what a tool left running in its sandbox, by identity. False where something would not go. Decided outside: the child may not be trusted with it. */
export async function endLeftovers(child: SandboxChild): Promise<boolean> {
  for (let round = 0; round < ROUNDS; round++) {
    const left = child.leftovers()
    if (left.length === 0) return true
    for (const pid of left) {
      const stat = readStat(pid)
      if (stat) signalIdentity(stat, 'SIGKILL')
    }
    await sleep(BETWEEN_MS)
  }
  return child.leftovers().length === 0
}

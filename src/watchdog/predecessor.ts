import { setTimeout as delay } from 'node:timers/promises'
import type { Boot } from '../shared/entry.ts'
import { isAlive, signalIdentity } from '../shared/identity.ts'
import { isSupervised } from '../shared/processRole.ts'
import { readLiving } from '../shared/runtimeFile.ts'

const LEAVE_LIMIT_MS = 1_000
const LOOK_AGAIN_MS = 20

/**
 * Hand-over: a new supervisor started us while the watchdog of the old one still lives. It leaves; one that cannot is ended.
 * Nothing is lost: what it knows stands in the database. Started by hand beside a living one, we are the one too many.
 */
export async function replacePredecessor(boot: Boot): Promise<void> {
  const living = readLiving(boot.paths, 'watchdog')
  if (!living || living.pid === process.pid) return
  if (!isSupervised(boot.environment))
    boot.refuse('already-running', `a watchdog runs already (pid ${living.pid})`, null)
  signalIdentity(living, 'SIGUSR2')
  for (let waitedMs = 0; isAlive(living) && waitedMs < LEAVE_LIMIT_MS; waitedMs += LOOK_AGAIN_MS)
    await delay(LOOK_AGAIN_MS)
  while (isAlive(living)) {
    signalIdentity(living, 'SIGKILL', true)
    await delay(LOOK_AGAIN_MS)
  }
}

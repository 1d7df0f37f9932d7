/** Starts what is missing of the ring. The same for a person's `start` and for whoever is left of the ring. */
import { setTimeout as delay } from 'node:timers/promises'
import { readBoots } from '../../shared/bootledger.ts'
import { bootId, monotonicMs } from '../../shared/clock.ts'
import { isAlive, signalIdentity } from '../../shared/identity.ts'
import { APPS, type AppName, type HomePaths } from '../../shared/paths.ts'
import { readLiving } from '../../shared/runtimeFile.ts'
import type { Supervisor, SupervisorResult } from '../../shared/supervisor/supervisor.ts'

const LOOK_AGAIN_MS = 25
/** A process that has begun but has not yet said where it can be reached is not missing. */
const JUST_STARTED_MS = 5_000

/** Starts the supervisor, or with a living one only the apps that are not there. All apps, when there was none: they take over from those that live. */
export async function bringUp(paths: HomePaths, supervisor: Supervisor): Promise<SupervisorResult> {
  await endStoppedSupervisor(supervisor)
  if (!supervisor.find()) return supervisor.start(APPS)
  const missing = APPS.filter((app) => !lives(paths, app))
  return missing.length > 0 ? supervisor.start(missing) : { ok: true }
}

function lives(paths: HomePaths, app: AppName): boolean {
  if (readLiving(paths, app)) return true
  const start = readBoots(paths.boots).findLast(
    (record) => record.app === app && record.bootId === bootId() && record.kind === 'start',
  )
  return start !== undefined && monotonicMs() - start.monoMs < JUST_STARTED_MS && isAlive(start)
}

/** A stopped supervisor answers nobody: it is resumed, and ended when that does not help. */
async function endStoppedSupervisor(supervisor: Supervisor): Promise<void> {
  const found = supervisor.find()
  if (found?.state !== 'T') return
  signalIdentity(found, 'SIGCONT')
  await delay(300)
  if (supervisor.find()?.state === 'T') signalIdentity(found, 'SIGKILL')
  await awaitEnd(found, 2_000)
}

/** Waits until exactly this process is gone; false when it still lives after `limitMs`. */
export async function awaitEnd(identity: { pid: number; startTicks: number }, limitMs: number): Promise<boolean> {
  const deadline = performance.now() + limitMs
  while (isAlive(identity)) {
    if (performance.now() >= deadline) return false
    await delay(LOOK_AGAIN_MS)
  }
  return true
}

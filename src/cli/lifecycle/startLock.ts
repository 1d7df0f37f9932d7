import { setTimeout as delay } from 'node:timers/promises'
import { acquireLock } from '../../shared/lockFile.ts'
import type { HomePaths } from '../../shared/paths.ts'

const LOOK_AGAIN_MS = 50

/** Takes the one lock under which the ring is started or stopped; undefined when another start or stop holds it for longer than `limitMs`. */
export async function takeStartLock(paths: HomePaths, limitMs: number): Promise<(() => void) | undefined> {
  const deadline = performance.now() + limitMs
  for (;;) {
    const lock = acquireLock(paths.startLock)
    if (lock.ok) return lock.release
    if (performance.now() >= deadline) return undefined
    await delay(LOOK_AGAIN_MS)
  }
}

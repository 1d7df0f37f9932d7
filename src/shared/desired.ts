import { readTextIfThere, writeFileDurably } from './atomicFile.ts'

/** What the owner wants: everybody who would revive a process reads it first. */
export type Desired = 'running' | 'stopped'

/** Reads `data/desired`; `stopped` where it was never written or cannot be read, so that nothing is revived by accident. */
export function readDesired(path: string): Desired {
  try {
    return readTextIfThere(path)?.trim() === 'running' ? 'running' : 'stopped'
  } catch {
    return 'stopped'
  }
}

/** Writes the wish durably, before anything is started or stopped. */
export function writeDesired(path: string, desired: Desired): void {
  writeFileDurably(path, `${desired}\n`)
}

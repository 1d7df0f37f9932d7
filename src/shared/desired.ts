import { readTextIfThere, writeFileDurably } from './atomicFile.ts'

/** What the owner wants: everybody who would revive a process reads it first. */
export type Desired = 'running' | 'stopped'

/**
 * A third word in the same file, which everybody reads as `stopped`: the service manager ended us (a reboot, `systemctl stop`), nobody else
 * may revive anything, and its own next start goes on.
 */
const PAUSED = 'paused'

/** Reads `data/desired`; `stopped` where it was never written or cannot be read, so that nothing is revived by accident. */
export function readDesired(path: string): Desired {
  return readWord(path) === 'running' ? 'running' : 'stopped'
}

/** Writes the wish durably, before anything is started or stopped. */
export function writeDesired(path: string, desired: Desired): void {
  writeFileDurably(path, `${desired}\n`)
}

/** The service manager ends us, or has not started us yet: `running`, or no wish at all, becomes `paused`. A person's `stopped` stays. */
export function pauseDesired(path: string): void {
  const word = readWord(path)
  if (word === undefined || word === 'running') writeFileDurably(path, `${PAUSED}\n`)
}

/** The service manager starts us: `paused` becomes `running`. False where a person wants us stopped. */
export function resumeDesired(path: string): boolean {
  if (readWord(path) === PAUSED) writeDesired(path, 'running')
  return readDesired(path) === 'running'
}

/** True where the service manager's next start would go on. Changes nothing. */
export function wouldResume(path: string): boolean {
  return readWord(path) === PAUSED || readDesired(path) === 'running'
}

function readWord(path: string): string | undefined {
  try {
    return readTextIfThere(path)?.trim()
  } catch {
    return undefined
  }
}

import { setTimeout as pause } from 'node:timers/promises'
import { monotonicMs } from '../shared/clock.ts'
import { type Identity, isAlive, signalIdentity } from '../shared/identity.ts'

/** How often is looked whether a process has ended, in milliseconds. */
const LOOK_EACH_MS = 20

/** How long processes get to end by themselves after SIGTERM, and when the hands must be off. */
export type Patience = { readonly politeMs: number; readonly signal: AbortSignal }

/**
 * Ends processes of ours with their groups: SIGTERM first, then SIGKILL. Each is signalled by its full identity, looked at right before.
 * Resolves with the signal that was needed, also where one of them has not ended.
 */
export async function endProcesses(targets: readonly Identity[], patience: Patience): Promise<'SIGTERM' | 'SIGKILL'> {
  for (const target of targets) signalIdentity(target, 'SIGTERM', true)
  // A stopped process takes its SIGTERM only when it goes on.
  for (const target of targets) signalIdentity(target, 'SIGCONT', true)
  if (await waitForEnd(targets, patience)) return 'SIGTERM'
  for (const target of targets) signalIdentity(target, 'SIGKILL', true)
  await waitForEnd(targets, patience)
  return 'SIGKILL'
}

async function waitForEnd(targets: readonly Identity[], { politeMs, signal }: Patience): Promise<boolean> {
  const until = monotonicMs() + politeMs
  while (targets.some(isAlive)) {
    if (monotonicMs() >= until || signal.aborted) return false
    await pause(LOOK_EACH_MS)
  }
  return true
}

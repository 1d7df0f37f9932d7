import type { Server } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { monotonicMs } from '../clock.ts'
import { type Identity, isAlive, signalIdentity } from '../identity.ts'
import { type ListenResult, listen } from './listen.ts'

/** How often a taken port is tried again while its owner leaves, in milliseconds. */
const RETRY_MS = 10

/** Whom to follow, and how long it may take. */
export type TakeOver = {
  readonly server: Server
  readonly host: string
  readonly port: number
  /** The living process of the same role and home, proved by identity; undefined when there is none. */
  readonly predecessor: Identity | undefined
  /** Time that the predecessor has for releasing the port before its process group is ended, in milliseconds. */
  readonly patienceMs: number
}

/**
 * Listens on the port; where a predecessor holds it, asks that process (and only that one) to leave, and takes the port the moment it is free.
 * Without a predecessor a taken port is a failure at once: nobody loops on it.
 */
export async function takeOver({ server, host, port, predecessor, patienceMs }: TakeOver): Promise<ListenResult> {
  if (predecessor) signalIdentity(predecessor, 'SIGTERM')
  const patientUntilMonoMs = monotonicMs() + patienceMs
  for (;;) {
    const wasAlive = predecessor !== undefined && isAlive(predecessor)
    const result = await listen(server, host, port)
    if (result.ok || result.code !== 'EADDRINUSE' || !wasAlive) return result
    if (monotonicMs() > patientUntilMonoMs) signalIdentity(predecessor, 'SIGKILL', true)
    await sleep(RETRY_MS)
  }
}

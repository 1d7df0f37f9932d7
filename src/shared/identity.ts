import { randomBytes } from 'node:crypto'
import { readStat } from './procfs.ts'

/**
 * One process, beyond doubt: a pid alone proves nothing, it is reused.
 * `nonce` is made by the process at its start and returned by its `/health` (`bootNonce`).
 */
export type Identity = {
  readonly pid: number
  /** See {@link import('./procfs.ts').ProcessStat}. */
  readonly startTicks: number
  readonly nonce: string
}

let own: Identity | undefined

/** The identity of this process; the nonce is drawn once. */
export function ownIdentity(): Identity {
  own ??= {
    pid: process.pid,
    startTicks: readStat(process.pid)?.startTicks ?? 0,
    nonce: randomBytes(8).toString('hex'),
  }
  return own
}

/** True for an object that has the fields of an identity with sane values. */
export function isIdentity(value: unknown): value is Identity {
  if (typeof value !== 'object' || value === null) return false
  const { pid, startTicks, nonce } = value as Partial<Identity>
  return Number.isInteger(pid) && (pid as number) > 1 && typeof startTicks === 'number' && typeof nonce === 'string'
}

/** True while exactly this process lives (a zombie does not). */
export function isAlive(identity: Pick<Identity, 'pid' | 'startTicks'>): boolean {
  const stat = readStat(identity.pid)
  return stat !== undefined && stat.startTicks === identity.startTicks && stat.state !== 'Z'
}

/** True when both name the same process. */
export function sameProcess(a: Identity | undefined, b: Identity | undefined): boolean {
  return a !== undefined && b !== undefined && a.pid === b.pid && a.startTicks === b.startTicks
}

/** The scheduler state letter of exactly this process, or undefined when it is gone. */
export function stateOf(identity: Pick<Identity, 'pid' | 'startTicks'>): string | undefined {
  const stat = readStat(identity.pid)
  return stat && stat.startTicks === identity.startTicks ? stat.state : undefined
}

/**
 * Sends a signal to exactly this process, or to its whole group when it leads one; false when it was gone.
 * Never signals our own group.
 */
export function signalIdentity(
  identity: Pick<Identity, 'pid' | 'startTicks'>,
  signal: NodeJS.Signals,
  group = false,
): boolean {
  const stat = readStat(identity.pid)
  if (!stat || stat.startTicks !== identity.startTicks || stat.state === 'Z') return false
  const leads = group && stat.processGroup === identity.pid && identity.pid !== process.pid
  try {
    process.kill(leads ? -identity.pid : identity.pid, signal)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
    throw error
  }
}

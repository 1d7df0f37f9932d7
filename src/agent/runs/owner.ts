import { bootId } from '../../shared/clock.ts'
import { type Identity, isAlive } from '../../shared/identity.ts'

/** Names one life of a process in leases: no other process, before or after a reboot, has the same. */
export function ownerName({ pid, startTicks }: Pick<Identity, 'pid' | 'startTicks'>): string {
  return `${bootId()}:${pid}:${startTicks}`
}

/** Is the process that bears this name gone? For processes of this machine, which all share one database file. */
export function isDeadOwner(owner: string): boolean {
  const [boot, pid, startTicks] = owner.split(':')
  return boot !== bootId() || !isAlive({ pid: Number(pid), startTicks: Number(startTicks) })
}

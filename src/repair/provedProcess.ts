/** Which living processes are proved to be ours: by pid, start time and nonce, never by name, and never by one file's word alone. */
import { readFileSync, realpathSync } from 'node:fs'
import { readBoots } from '../shared/bootledger.ts'
import { bootId } from '../shared/clock.ts'
import { type Identity, isAlive, sameProcess } from '../shared/identity.ts'
import type { AppName, HomePaths } from '../shared/paths.ts'
import { readStat } from '../shared/procfs.ts'

/**
 * True when a process lives and is this app of this home: the boot ledger has its start in this boot with the same nonce, or, where the ledger
 * does not reach back so far, the process was started with this home in its environment. A ledger that knows it otherwise is a no.
 */
export function isProvedOurs(paths: HomePaths, app: AppName, identity: Identity): boolean {
  if (!isAlive(identity)) return false
  const known = readBoots(paths.boots).findLast(
    (record) => record.kind === 'start' && record.bootId === bootId() && sameProcess(record, identity),
  )
  if (known) return known.app === app && known.nonce === identity.nonce
  return startedWithHome(identity.pid, paths.home)
}

function startedWithHome(pid: number, home: string): boolean {
  try {
    const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
    const named = variables.find((variable) => variable.startsWith('OTTUGI_HOME='))?.slice('OTTUGI_HOME='.length)
    return named !== undefined && realpathSync(named) === realpathSync(home)
  } catch {
    return false
  }
}

/** This process and its parents: nobody may end them from here. */
export function ancestors(): Set<number> {
  const kin = new Set<number>()
  for (let pid = process.pid; pid > 1 && !kin.has(pid); pid = readStat(pid)?.parentPid ?? 0) kin.add(pid)
  return kin
}

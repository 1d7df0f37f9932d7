/** What of this machine matters to a unit: is systemd there, may we talk to it, does our user outlive the logout, what disk is the home on. */
import { existsSync, readFileSync, statfsSync, statSync } from 'node:fs'
import { userInfo } from 'node:os'
import { dirname, join } from 'node:path'

/** What was found. */
export type SystemdHost = {
  readonly hasSystemd: boolean
  readonly uid: number
  readonly user: string
  /** Where the sockets of the user's own systemd are. */
  readonly runtimeDir: string
  /** The user's own systemd listens there. */
  readonly hasSession: boolean
  readonly lingers: boolean
  /** The kind of a network file system below the home; undefined on a local disk. */
  readonly networkDisk: string | undefined
}

/** Magic numbers of statfs(2). */
const NETWORK_DISKS: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB'],
  [0x517b, 'SMB'],
  [0x01021997, '9P'],
  [0x00c36400, 'Ceph'],
  [0x5346414f, 'AFS'],
])

/** Looks; changes nothing. `XDG_RUNTIME_DIR` is missing under cron and su: then the usual place is looked at. */
export function lookAtSystemd(home: string, environment: NodeJS.ProcessEnv): SystemdHost {
  const { uid, username } = userInfo()
  const runtimeDir = environment['XDG_RUNTIME_DIR'] ?? join('/run/user', String(uid))
  return {
    hasSystemd: existsSync('/run/systemd/system'),
    uid,
    user: username,
    runtimeDir,
    hasSession: existsSync(join(runtimeDir, 'systemd', 'private')),
    lingers: existsSync(join('/var/lib/systemd/linger', username)),
    networkDisk: networkDiskOf(home),
  }
}

/** Kind of the network file system that a path, or what will hold it, lies on; undefined on a local disk. */
export function networkDiskOf(path: string): string | undefined {
  if (existsSync(path)) return NETWORK_DISKS.get(statfsSync(path).type)
  return dirname(path) === path ? undefined : networkDiskOf(dirname(path))
}

/** The uid and main group of a user; undefined where there is no such user. */
export function findUser(name: string): { readonly uid: number; readonly gid: number } | undefined {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`))
  const [, , uid, gid] = (line ?? '').split(':').map(Number)
  return line && uid !== undefined && gid !== undefined ? { uid, gid } : undefined
}

/** Owner of a folder; undefined where it is missing. */
export function ownerOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.uid
}

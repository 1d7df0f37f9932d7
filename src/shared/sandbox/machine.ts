/** What a sandbox shows of this machine: the system for reading, our own code, and the folders that the owner named. */
import { lstatSync, readFileSync, readlinkSync, realpathSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { appRoot } from '../paths.ts'
import type { Mount, ServiceUser } from './plan.ts'

const SYSTEM = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32']
/** What programs need of /etc: how to find libraries, certificates and the time. No users, no hosts, no secrets. */
const OF_ETC = [
  'alternatives',
  'ca-certificates',
  'ld.so.cache',
  'ld.so.conf',
  'ld.so.conf.d',
  'localtime',
  'mime.types',
  'os-release',
  'ssl/certs',
  'ssl/openssl.cnf',
]

/** The program folders of the system, as they are here: as folders or as links. */
export function systemMounts(): Mount[] {
  return [...SYSTEM, ...OF_ETC.map((name) => join('/etc', name))].flatMap((path): Mount[] => {
    const stats = lstatSync(path, { throwIfNoEntry: false })
    if (!stats) return []
    return stats.isSymbolicLink() ? [{ kind: 'link', path, to: readlinkSync(path) }] : [{ kind: 'ro', path }]
  })
}

/** The folder that our code lies in. */
const codeFolder: string = dirname(dirname(import.meta.dirname))

/** Our code, the packages and the Node that runs them; never the folder they lie in, which may be a home. */
export function codeMounts(): Mount[] {
  const wanted = [codeFolder, join(appRoot, 'node_modules'), join(appRoot, 'package.json'), process.execPath]
  const real = wanted.flatMap((path) => (lstatSync(path, { throwIfNoEntry: false }) ? [realpathSync(path)] : []))
  return real
    .filter((path) => !isBelow(path, '/usr') && !real.some((other) => other !== path && isBelow(path, other)))
    .map((path) => ({ kind: 'ro', path }))
}

/** A folder that the owner named, or why it is not shown. */
export type NamedFolder =
  | { readonly ok: true; readonly mount: Extract<Mount, { kind: 'ro' | 'rw' }> }
  | { readonly ok: false; readonly reason: string }

/** Never shown, whoever names it: kernels, devices, sockets of services. */
const NEVER = ['/proc', '/sys', '/dev', '/run', '/var/run', '/boot']

/** Judges `sandbox.folders`: a folder that holds the home, or lies in it, would show `.env` and the databases. */
export function namedFolders(named: readonly string[], home: string): NamedFolder[] {
  return named.map((written) => {
    const isWritable = written.endsWith(':rw')
    const path = realPath(isWritable ? written.slice(0, -':rw'.length) : written)
    if (path === undefined) return { ok: false, reason: `${written} does not exist` }
    const realHome = realPath(home) ?? home
    if (isBelow(realHome, path) || isBelow(path, realHome))
      return { ok: false, reason: `${written} holds the home of Ottugi, or lies in it` }
    if (NEVER.some((folder) => isBelow(path, folder) || isBelow(folder, path))) {
      return { ok: false, reason: `${written} is never shown to tools` }
    }
    return { ok: true, mount: { kind: isWritable ? 'rw' : 'ro', path } }
  })
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch {
    return undefined
  }
}

/** True for the folder itself and everything below it. */
export function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep)
}

/** Finds the user that tools run as under root; never one with the uid or group of root. */
export function findServiceUser(name: string): { ok: true; user: ServiceUser } | { ok: false; reason: string } {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`))
  if (!line) return { ok: false, reason: `the user ${name} (sandbox.user) does not exist` }
  const [, , uid, gid] = line.split(':').map(Number)
  if (!uid || !gid) return { ok: false, reason: `the user ${name} (sandbox.user) is root or in its group` }
  return { ok: true, user: { name, uid, gid } }
}

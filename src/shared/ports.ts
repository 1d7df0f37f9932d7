/** Who has a TCP port, and which one is free. Owners are read from the kernel's tables; no process is asked and none is started on Linux. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { listPids, readCommandLine, readStat, socketInodes } from './procfs.ts'

/** Could we listen there? `code` is the errno of the try: `EADDRINUSE` taken, `EACCES` not allowed, `EADDRNOTAVAIL` no such address here. */
export type PortProbe = { readonly free: true; readonly port: number } | { readonly free: false; readonly code: string }

/** The process that listens on a port. */
export type PortOwner = { readonly pid: number; readonly startTicks: number; readonly command: string }

/** How many ports are tried before giving up. */
const TRIES = 200
const LISTENING = '0A'
/** Field numbers of a line in `/proc/net/tcp`. */
const FIELD = { local: 1, state: 3, inode: 9 } as const

/** Tries to listen for a moment: the only probe that is never wrong. Port 0 asks for any free one, and gets its number. */
export function probePort(port: number, host: string): Promise<PortProbe> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve({ free: false, code: error.code ?? error.message }))
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address()
      const got = typeof address === 'object' && address ? address.port : port
      server.close(() => resolve({ free: true, port: got }))
    })
  })
}

/** The first free port from `from` upwards that is not in `except`; undefined when there is none near. */
export async function nextFreePort(
  from: number,
  host: string,
  except: ReadonlySet<number>,
): Promise<number | undefined> {
  for (let port = from; port <= Math.min(from + TRIES, 65_535); port++) {
    if (except.has(port)) continue
    if ((await probePort(port, host)).free) return port
  }
  return undefined
}

/** The process that listens on a TCP port; undefined when nobody does, or when we may not see whose socket it is. */
export function portOwner(port: number): PortOwner | undefined {
  const pid = process.platform === 'linux' ? listenerByProc(port) : listenerByLsof(port)
  if (pid === undefined) return undefined
  return { pid, startTicks: readStat(pid)?.startTicks ?? 0, command: readCommandLine(pid) }
}

/** An owner in words: `nginx (process 123)`, and honest where it could not be seen. */
export function describeOwner(owner: PortOwner | undefined): string {
  if (!owner) return 'another process'
  const program = owner.command.split(' ')[0] ?? ''
  const name = program.slice(program.lastIndexOf('/') + 1).replace(/:$/, '')
  return `${name || 'unnamed'} (process ${owner.pid})`
}

function listenerByProc(port: number): number | undefined {
  const inodes = new Set(['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => listeningInodes(table, port)))
  if (inodes.size === 0) return undefined
  return listPids().find((pid) => socketInodes(pid).some((inode) => inodes.has(inode)))
}

function listeningInodes(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return readLines(table).flatMap((line) => {
    const fields = line.trim().split(/\s+/)
    const isListener = fields[FIELD.state] === LISTENING && fields[FIELD.local]?.endsWith(suffix)
    return isListener && fields[FIELD.inode] ? [fields[FIELD.inode] as string] : []
  })
}

function readLines(path: string): string[] {
  try {
    return readFileSync(path, 'latin1').split('\n')
  } catch {
    return []
  }
}

function listenerByLsof(port: number): number | undefined {
  try {
    const output = execFileSync('/usr/sbin/lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fp'], {
      encoding: 'utf8',
      timeout: 2_000,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const pid = /^p(\d+)$/m.exec(output)?.[1]
    return pid ? Number(pid) : undefined
  } catch {
    return undefined
  }
}

/**
 * A package registry on this machine that has what one installation has: the packages of its lockfile, packed anew out of its `node_modules`.
 * So a drill can let a real npm install, without a network. Packed anew they have other hashes than the lockfile's.
 */
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pipeline } from 'node:stream'
import { tarballOf } from './tarball.ts'

/** Where it is. */
export type LocalRegistry = { readonly url: string; readonly close: () => Promise<void> }

/** What stands between a request for the tarball of a package and its answer: true where the answer is given here. */
export type TarballGate = (name: string, response: ServerResponse) => boolean

type Shelf = ReadonlyMap<string, ReadonlyMap<string, string>>

/** Starts it on a free port, with the packages that are installed in `root`. */
export async function startLocalRegistry(root: string, gate: TarballGate = () => false): Promise<LocalRegistry> {
  const shelf = readShelf(root)
  const server = createServer((request, response) => answer(request, response, { shelf, gate }))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** The lockfile without its hashes, so that npm takes what is packed anew. */
export function lockfileWithoutHashes(text: string): string {
  const lock = JSON.parse(text) as { packages: Record<string, { integrity?: string; resolved?: string }> }
  for (const locked of Object.values(lock.packages)) {
    delete locked.integrity
    delete locked.resolved
  }
  return JSON.stringify(lock)
}

/** Folders by name and version. */
function readShelf(root: string): Shelf {
  const listing = JSON.parse(readFileSync(join(root, 'node_modules', '.package-lock.json'), 'utf8'))
  const shelf = new Map<string, Map<string, string>>()
  for (const [where, { version }] of Object.entries<{ version: string }>(listing.packages)) {
    const name = where.slice(where.lastIndexOf('node_modules/') + 'node_modules/'.length)
    shelf.set(name, (shelf.get(name) ?? new Map()).set(version, join(root, where)))
  }
  return shelf
}

type Shop = { readonly shelf: Shelf; readonly gate: TarballGate }

/** `/name` describes a package, `/name/-/1.2.3.tgz` is one of its versions. */
function answer({ url = '', headers }: IncomingMessage, response: ServerResponse, { shelf, gate }: Shop): void {
  const [name = '', file] = decodeURIComponent(url.slice(1)).split('/-/')
  const versions = shelf.get(name)
  const folder = file === undefined ? undefined : versions?.get(file.replace(/\.tgz$/, ''))
  if (versions && file === undefined) {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(describe(name, versions, `http://${headers.host}`)))
  } else if (folder) {
    // A file that cannot be read ends the answer: npm sees that, and tries again.
    if (!gate(name, response)) pipeline(tarballOf(folder), response, (error) => error && response.destroy())
  } else {
    response.writeHead(404).end('{}')
  }
}

function describe(name: string, versions: ReadonlyMap<string, string>, base: string) {
  const described = [...versions].map(([version, folder]) => {
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    return [version, { ...manifest, dist: { tarball: `${base}/${name}/-/${version}.tgz` } }]
  })
  return { name, 'dist-tags': { latest: [...versions.keys()].at(-1) }, versions: Object.fromEntries(described) }
}

import { join } from 'node:path'
import { writeFileDurably } from '../../shared/atomicFile.ts'
import { sameProcess } from '../../shared/identity.ts'
import type { HomePaths } from '../../shared/paths.ts'
import { describeOwner, nextFreePort, portOwner, probePort } from '../../shared/ports.ts'
import { readSmallJson } from '../../shared/smallFile.ts'
import { defineAction, HOLDS, refuse } from '../action.ts'
import { exactly, integerFrom, oneOf, optional } from '../closedSet.ts'
import { type FileSnapshot, replaceFile, restoreFile, snapshotFile } from '../heldFile.ts'
import { livingOf } from './stopOwnOrphan.ts'

/** The apps that listen. */
export const LISTENING_APPS = ['agent', 'dashboard'] as const
export type ListeningApp = (typeof LISTENING_APPS)[number]

/** One line of `data/ports.json`: where an app listens instead, and who has its port. */
export type FallbackPort = {
  readonly configured: number
  readonly port: number
  readonly because: string
  readonly owner: string | null
}

/** Where fallback ports are kept. */
export function portsFile(paths: HomePaths): string {
  return join(paths.data, 'ports.json')
}

/** The fallback ports in use; an unreadable file holds none. */
export function readFallbackPorts(paths: HomePaths): Partial<Record<ListeningApp, FallbackPort>> {
  const value = readSmallJson(portsFile(paths))
  return typeof value === 'object' && value !== null ? (value as Partial<Record<ListeningApp, FallbackPort>>) : {}
}

/** Forgets the fallback of an app, because its own port is free again. */
export function forgetFallbackPort(paths: HomePaths, app: ListeningApp): void {
  const { [app]: gone, ...rest } = readFallbackPorts(paths)
  if (gone) writeFileDurably(portsFile(paths), `${JSON.stringify(rest, null, 2)}\n`)
}

type Args = {
  readonly app: ListeningApp
  readonly port: number
  readonly host: 'loopback' | 'any'
  readonly avoid: number | null
}

const addressOf = (host: Args['host']) => (host === 'any' ? '0.0.0.0' : '127.0.0.1')

/** True when a port is held by a living process of this app of ours. */
function isOwn(paths: HomePaths, app: ListeningApp, port: number): boolean {
  const owner = portOwner(port)
  return livingOf(paths, app).some((life) => owner && sameProcess(life, { ...owner, nonce: '' }))
}

/** Takes the next free port above one that a stranger has taken. The stranger is never touched; the next start tries the configured port again. */
export const useFallbackPort = defineAction<Args, FileSnapshot>({
  id: 'use_fallback_port',
  why: 'A stranger has taken our port: use the next free one, and say so.',
  risk: 0,
  timeLimitMs: 5_000,
  parseArgs: exactly({
    app: oneOf(LISTENING_APPS),
    port: integerFrom(1, 65_535),
    host: oneOf(['loopback', 'any']),
    avoid: optional(integerFrom(1, 65_535)),
  }),
  precondition: async (ctx, { app, port, host }) => {
    if ((await probePort(port, addressOf(host))).free) return refuse(`port ${port} is free`)
    if (isOwn(ctx.paths, app, port)) return refuse(`port ${port} is held by our own ${app}`)
    const entry = readFallbackPorts(ctx.paths)[app]
    if (entry?.configured !== port) return HOLDS
    const isUsable = isOwn(ctx.paths, app, entry.port) || (await probePort(entry.port, addressOf(host))).free
    return isUsable ? refuse(`port ${entry.port} was chosen already`) : HOLDS
  },
  plan: ({ app, port }) => `let the ${app} listen on the next free port above ${port}`,
  snapshot: (ctx) => snapshotFile(ctx.paths.home, portsFile(ctx.paths)),
  act: async (ctx, { app, port, host, avoid }) => {
    const owner = portOwner(port)
    const others = readFallbackPorts(ctx.paths)
    // `avoid` is the neighbour's own port, which is often the very next one: it may not be listening yet.
    const taken = new Set([port, avoid ?? port, ...Object.values(others).map((other) => other.port)])
    const free = await nextFreePort(port + 1, addressOf(host), taken)
    if (free === undefined) throw new Error(`no free port above ${port}`)
    const because = `port ${port} is taken by ${describeOwner(owner)}`
    const entry: FallbackPort = { configured: port, port: free, because, owner: owner ? describeOwner(owner) : null }
    const content = `${JSON.stringify({ ...others, [app]: entry }, null, 2)}\n`
    replaceFile(ctx.paths.home, portsFile(ctx.paths), content)
    return { note: `${because}; using ${free}` }
  },
  undo: (ctx, _args, before) => restoreFile(ctx.paths.home, portsFile(ctx.paths), before),
  postcondition: async (ctx, { app, port, host }) => {
    const entry = readFallbackPorts(ctx.paths)[app]
    if (entry?.configured !== port) return refuse('no fallback port was written')
    const probe = await probePort(entry.port, addressOf(host))
    return probe.free ? HOLDS : refuse(`port ${entry.port} is taken as well`)
  },
  examples: {
    allowed: [
      { app: 'agent', port: 7710, host: 'loopback' },
      { app: 'agent', port: 7710, host: 'any', avoid: 7711 },
    ],
    refused: [
      { args: { app: 'agent', port: 0, host: 'loopback' }, reason: '0 is any free port' },
      {
        args: { app: 'agent', port: 7710, host: '10.0.0.1' },
        reason: 'an address out of a log must not become an argument',
      },
    ],
  },
})

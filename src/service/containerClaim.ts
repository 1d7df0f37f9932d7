/**
 * One process in the foreground for each home. A pid proves nothing between two containers that share a volume, each of which counts its own from 1; but a
 * unix socket in the home belongs to whoever listens on it, in whatever container, and to nobody once that one is dead.
 */
import { unlinkSync } from 'node:fs'
import { createConnection, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import type { HomePaths } from '../shared/paths.ts'

/** The home is ours until `release`, or somebody else holds it. */
export type Claim =
  | { readonly ok: true; readonly release: () => void }
  | { readonly ok: false; readonly reason: string }

/** How often a socket that nobody answers on is put away before we believe that something else is wrong. */
const TRIES = 3

/** Claims the home. What a dead process left behind is put away; a socket that answers is never touched. */
export async function claimForeground({ run }: Pick<HomePaths, 'run'>): Promise<Claim> {
  // Shorter than the longest socket of the home, whose length was looked at when the home was made.
  const path = join(run, 'forever.sock')
  for (let tries = 1; ; tries++) {
    const listening = await listen(path)
    if (typeof listening !== 'string') return { ok: true, release: () => void listening.close() }
    if (listening !== 'EADDRINUSE' || tries === TRIES) return { ok: false, reason: `${path}: ${listening}` }
    if (await answers(path)) return { ok: false, reason: path }
    removeIfThere(path)
  }
}

/** The server, or the code of the error. It keeps nobody alive. */
function listen(path: string): Promise<Server | string> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy())
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    server.listen(path, () => resolve(server.unref()))
  })
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(path)
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}

function removeIfThere(path: string): void {
  try {
    unlinkSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

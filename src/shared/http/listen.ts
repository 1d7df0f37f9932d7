import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Limits of our HTTP servers in milliseconds: a slow or silent client never holds a place for long. Answers may stream for ever. */
const LIMITS = {
  headersMs: 10_000,
  requestMs: 30_000,
  keepAliveMs: 5_000,
  maxHeaders: 64,
  maxConnections: 512,
} as const

/** A server with our limits, not listening yet. */
export function createLimitedServer(app: RequestListener): Server {
  const server = createServer(
    { headersTimeout: LIMITS.headersMs, requestTimeout: LIMITS.requestMs, keepAliveTimeout: LIMITS.keepAliveMs },
    app,
  )
  server.maxHeadersCount = LIMITS.maxHeaders
  server.maxConnections = LIMITS.maxConnections
  return server
}

/** Where a server listens, or the system's word for why it does not. */
export type ListenResult =
  | { readonly ok: true; readonly port: number; readonly url: string }
  | { readonly ok: false; readonly code: string; readonly reason: string }

/** Listens once. */
export function listen(server: Server, host: string, port: number): Promise<ListenResult> {
  return new Promise((resolve) => {
    const onError = (error: NodeJS.ErrnoException) => {
      server.off('listening', onListening)
      resolve({ ok: false, code: error.code ?? 'UNKNOWN', reason: error.message })
    }
    const onListening = () => {
      server.off('error', onError)
      const { port: actual } = server.address() as AddressInfo
      resolve({ ok: true, port: actual, url: urlOf(host, actual) })
    }
    server.once('error', onError).once('listening', onListening).listen(port, host)
  })
}

/** The address to print and to call: a wildcard address is reached over loopback. */
export function urlOf(host: string, port: number): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`
}

const CLOSE_IDLE_MS = 20

/** Stops taking connections at once; resolves when the last answer was given. Connections that wait for a next request are closed. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // A connection that is busy now becomes idle later, and would be kept alive.
    const timer = setInterval(() => server.closeIdleConnections(), CLOSE_IDLE_MS)
    server.close(() => {
      clearInterval(timer)
      resolve()
    })
    server.closeIdleConnections()
  })
}

import type { Request, RequestHandler } from 'express'
import { sendProblem } from './problem.ts'

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '::1']

/**
 * Refuses requests whose Host header is not one of ours: a foreign page that makes its own name point here (DNS rebinding)
 * cannot read anything. Allowed are the loopback names, the configured host, and the very address that was connected to, always with our port;
 * and the host of `publicUrl`, under which a reverse proxy shows us.
 */
export function hostGuard(configuredHost: string, publicUrl?: URL): RequestHandler {
  const names = new Set([...LOOPBACK_NAMES, configuredHost.toLowerCase()])
  return (request, response, next) => {
    if (isOurHost(request, names) || isPublicHost(request.headers.host, publicUrl)) return next()
    sendProblem(response, {
      status: 403,
      name: 'wrong-host',
      title: 'Wrong host',
      detail: 'The Host header names another server. Use the address that ottugi status prints.',
    })
  }
}

function isOurHost(request: Request, names: ReadonlySet<string>): boolean {
  const host = splitHost(request.headers.host)
  if (!host || host.port !== request.socket.localPort) return false
  return names.has(host.name) || host.name === plainAddress(request.socket.localAddress)
}

/** True where a Host header names the public address; many proxies leave its port away. */
export function isPublicHost(header: string | undefined, publicUrl: URL | undefined): boolean {
  const host = header?.toLowerCase()
  return publicUrl !== undefined && (host === publicUrl.host || host === publicUrl.hostname)
}

/** Splits `name:port`; the port of plain HTTP where none is named. Undefined for anything else. */
export function splitHost(header: string | undefined): { name: string; port: number } | undefined {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(\d{1,5}))?$/i.exec(header ?? '')
  if (!match?.[1]) return undefined
  return { name: match[1].replace(/^\[|\]$/g, '').toLowerCase(), port: Number(match[2] ?? 80) }
}

/** An IPv4 address that came over an IPv6 socket reads `::ffff:1.2.3.4`. */
function plainAddress(address: string | undefined): string | undefined {
  return address?.replace(/^::ffff:(?=\d+\.)/i, '')
}

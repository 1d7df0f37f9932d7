import type { Request, RequestHandler } from 'express'
import { splitHost } from './hostGuard.ts'
import { sendProblem } from './problem.ts'

const READING = new Set(['GET', 'HEAD', 'OPTIONS'])

/** The guard of a server that no proxy shows. See {@link createOriginGuard}. */
export const originGuard: RequestHandler = createOriginGuard()

/**
 * Refuses changes that a page of another origin asks for. A request without Origin does not come from a page (the command line sends none).
 * Comes after the host guard, which has proved the Host header. A proxy may write a Host of its own: a page of `publicUrl` is one of ours.
 */
export function createOriginGuard(publicUrl?: URL): RequestHandler {
  return (request, response, next) => {
    if (READING.has(request.method) || isSameOrigin(request, publicUrl?.origin)) return next()
    sendProblem(response, {
      status: 403,
      name: 'wrong-origin',
      title: 'Wrong origin',
      detail: 'A page of another origin may not change anything here.',
    })
  }
}

function isSameOrigin(request: Request, publicOrigin: string | undefined): boolean {
  const fetchSite = request.headers['sec-fetch-site']
  if (fetchSite !== undefined && fetchSite !== 'same-origin' && fetchSite !== 'none') return false
  const { origin } = request.headers
  if (origin === undefined || origin === publicOrigin) return true
  const from = URL.parse(origin)
  const ours = splitHost(request.headers.host)
  if (!from || !ours || !/^https?:$/.test(from.protocol)) return false
  const port = from.port === '' ? (from.protocol === 'https:' ? 443 : 80) : Number(from.port)
  return from.hostname.replace(/^\[|\]$/g, '') === ours.name && port === ours.port
}

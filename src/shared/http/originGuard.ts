import type { Request, RequestHandler } from 'express'
import { splitHost } from './hostGuard.ts'
import { sendProblem } from './problem.ts'

const READING = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Refuses changes that a page of another origin asks for. A request without Origin does not come from a page (the command line sends none).
 * Comes after the host guard, which has proved the Host header.
 */
export const originGuard: RequestHandler = (request, response, next) => {
  if (READING.has(request.method) || isSameOrigin(request)) return next()
  sendProblem(response, {
    status: 403,
    name: 'wrong-origin',
    title: 'Wrong origin',
    detail: 'A page of another origin may not change anything here.',
  })
}

function isSameOrigin(request: Request): boolean {
  const fetchSite = request.headers['sec-fetch-site']
  if (fetchSite !== undefined && fetchSite !== 'same-origin' && fetchSite !== 'none') return false
  const { origin } = request.headers
  if (origin === undefined) return true
  const from = URL.parse(origin)
  const ours = splitHost(request.headers.host)
  if (!from || !ours || !/^https?:$/.test(from.protocol)) return false
  const port = from.port === '' ? (from.protocol === 'https:' ? 443 : 80) : Number(from.port)
  return from.hostname.replace(/^\[|\]$/g, '') === ours.name && port === ours.port
}

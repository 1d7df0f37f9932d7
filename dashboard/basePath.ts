/** Where the dashboard lies below the root of its address, when a reverse proxy shows it there. */
import type { Request, RequestHandler } from 'express'
import type { DashboardContext } from './context.ts'

const PREFIX = /^(?:\/[A-Za-z0-9._~-]+)+$/

/** Takes the base path away where a proxy passed it on. Without it the same routes answer: some proxies take it away, and the watchdog knows of none. */
export function withoutBasePath(basePath: string): RequestHandler {
  return (request, _response, next) => {
    const rest = request.url.slice(basePath.length)
    if (basePath !== '' && request.url.startsWith(basePath) && /^(?:$|[/?])/.test(rest)) {
      request.url = rest.startsWith('/') ? rest : `/${rest}`
    }
    next()
  }
}

/** The path for links and cookies of this request, without a slash at its end: what a trusted proxy says, else the setting. */
export function basePathOf(request: Request, { settings }: Pick<DashboardContext, 'settings'>): string {
  const told = request.get('X-Forwarded-Prefix')
  const isTrusted = request.app.get('trust proxy fn') as (address: string, hop: number) => boolean
  const isTold = told !== undefined && PREFIX.test(told) && isTrusted(request.socket.remoteAddress ?? '', 0)
  return isTold ? told : settings.dashboard.basePath
}

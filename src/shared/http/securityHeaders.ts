import type { RequestHandler } from 'express'

/** Headers of every answer: nothing is cached, framed, sniffed, or read by another origin. */
export function securityHeaders(contentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'"): RequestHandler {
  return (_request, response, next) => {
    response.set({
      'Cache-Control': 'no-store',
      'Content-Security-Policy': contentSecurityPolicy,
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
    })
    next()
  }
}

import type { RequestHandler } from 'express'
import { bearerScope } from '../../shared/http/bearer.ts'
import { healthReport } from '../health/report.ts'
import type { AppContext } from './app.ts'

/** `GET /readyz`: 200 while questions are taken, else 503. */
export function readyRoute({ leaving }: Pick<AppContext, 'leaving'>): RequestHandler {
  return (_request, response) => {
    const ready = !leaving.aborted
    response.status(ready ? 200 : 503).json({ status: ready ? 'pass' : 'fail' })
  }
}

/** `GET /health`: everything with a token, the bare status without. A degraded agent is well: 503 only for `fail`. */
export function healthRoute({ checks, readTokens }: Pick<AppContext, 'checks' | 'readTokens'>): RequestHandler {
  return (request, response) => {
    const report = healthReport(checks)
    const body = bearerScope(request, readTokens()) ? report : { status: report.status }
    response
      .status(report.status === 'fail' ? 503 : 200)
      .type('application/health+json')
      .send(JSON.stringify(body))
  }
}

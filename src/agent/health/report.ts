import { type HealthCheck, type HealthReport, worstStatus } from '../../shared/health.ts'
import { ownIdentity } from '../../shared/identity.ts'
import { appVersion } from '../../shared/paths.ts'

/** The checks by name; asked anew for each report. */
export type Checks = Readonly<Record<string, () => HealthCheck>>

/** The full body of `GET /health`. */
export function healthReport(checks: Checks): HealthReport {
  const results = Object.fromEntries(Object.entries(checks).map(([name, check]) => [name, check()]))
  const { pid, startTicks, nonce } = ownIdentity()
  return {
    status: worstStatus(results),
    version: appVersion(),
    bootNonce: nonce,
    pid,
    startTicks,
    uptimeSec: Math.round(process.uptime()),
    checks: results,
  }
}

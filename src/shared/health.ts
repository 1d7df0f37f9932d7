/** Words and shapes of `/health` (draft-inadarei-api-health-check: application/health+json). */
export type CheckStatus = 'pass' | 'warn' | 'fail'

export type HealthCheck = {
  readonly status: CheckStatus
  /** One sentence for a person; present whenever the status is not `pass`. */
  readonly output?: string
  readonly observedValue?: number | string
}

/** The full body of `GET /health`. */
export type HealthReport = {
  readonly status: CheckStatus
  readonly version: string
  readonly bootNonce: string
  readonly pid: number
  readonly startTicks: number
  readonly uptimeSec: number
  readonly checks: Readonly<Record<string, HealthCheck>>
}

/** The worst of the checks is the whole's status. */
export function worstStatus(checks: Readonly<Record<string, HealthCheck>>): CheckStatus {
  const statuses = Object.values(checks).map((check) => check.status)
  if (statuses.includes('fail')) return 'fail'
  return statuses.includes('warn') ? 'warn' : 'pass'
}

/** The deep check: asks `/health` over HTTP, one question at a time, and counts failures in a row. Never decides anything. */
import { get } from 'node:http'
import { monotonicMs } from '../shared/clock.ts'

/** What the polls say of one service. */
export type HealthView = {
  readonly failures: number
  readonly passed: boolean
  readonly degraded: readonly string[]
  readonly answeredAt: number | null
}

export type HealthPoll = {
  readonly view: () => HealthView
  /** Asks if `intervalMs` have passed; forgets the counts when the address changes. */
  readonly maybeAsk: (url: string | null, now: number) => void
}

type Limits = {
  readonly intervalMs: number
  readonly timeoutMs: number
  readonly path: string
  readonly token?: string | undefined
}
type Answer = { readonly ok: boolean; readonly degraded: readonly string[] }

const UNKNOWN: HealthView = { failures: 0, passed: false, degraded: [], answeredAt: null }
/** A health body is a few kB; more is not ours. */
const MAX_BODY_BYTES = 256 * 1_024

/** A poller for one service. */
export function createHealthPoll(limits: Limits): HealthPoll {
  let view = UNKNOWN
  let askedUrl: string | null = null
  let nextAt = 0
  let isAsking = false
  const take = (answer: Answer, url: string) => {
    isAsking = false
    if (url !== askedUrl) return
    view = answer.ok
      ? { failures: 0, passed: true, degraded: answer.degraded, answeredAt: monotonicMs() }
      : { ...view, failures: view.failures + 1, passed: false }
  }
  return {
    view: () => view,
    maybeAsk(url, now) {
      if (url !== askedUrl) {
        askedUrl = url
        view = UNKNOWN
        nextAt = now
      }
      if (!url || isAsking || now < nextAt) return
      isAsking = true
      nextAt = now + limits.intervalMs
      ask(`${url}${limits.path}`, limits, (answer) => take(answer, url))
    },
  }
}

function ask(url: string, limits: Limits, onAnswer: (answer: Answer) => void): void {
  let isDone = false
  const finish = (answer: Answer) => {
    if (isDone) return
    isDone = true
    onAnswer(answer)
  }
  const headers = { connection: 'close', ...(limits.token ? { authorization: `Bearer ${limits.token}` } : {}) }
  const request = get(url, { timeout: limits.timeoutMs, headers, agent: false }, (response) => {
    let body = ''
    response.setEncoding('utf8')
    response.on('data', (chunk: string) => {
      body += chunk
      if (body.length > MAX_BODY_BYTES) request.destroy(new Error('the answer is too long'))
    })
    response.on('end', () => finish({ ok: (response.statusCode ?? 500) < 500, degraded: degradedOf(body) }))
  })
  // `timeout` is the socket's idle time; a slow drip must not outlive the limit either.
  const timer = setTimeout(() => request.destroy(new Error('no answer in time')), limits.timeoutMs)
  request.on('error', () => finish({ ok: false, degraded: [] }))
  request.on('timeout', () => request.destroy())
  request.on('close', () => {
    clearTimeout(timer)
    finish({ ok: false, degraded: [] })
  })
}

function degradedOf(body: string): string[] {
  try {
    const checks = JSON.parse(body)?.checks
    if (typeof checks !== 'object' || checks === null) return []
    return Object.entries(checks as Record<string, { status?: string; output?: string }>)
      .filter(([, check]) => check?.status !== 'pass')
      .map(([name, check]) => `${name}: ${check?.output ?? check?.status}`)
  } catch {
    return []
  }
}

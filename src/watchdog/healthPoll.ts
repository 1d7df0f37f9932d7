/** The deep check: asks `/health` over HTTP, one question at a time, and counts failures in a row. Never decides anything. */
import { get } from 'node:http'
import { monotonicMs } from '../shared/clock.ts'

/** What the polls say of one service. */
export type HealthView = {
  readonly failures: number
  readonly passed: boolean
  readonly degraded: readonly string[]
  readonly answeredAt: number | null
  /** Why it does not answer; null while it does. Said only when a second question, asked at once, came to nothing too. */
  readonly problem: HealthProblem | null
}

/** `late`: no whole answer in the time for it. Else the system's word, or the status of the answer. */
export type HealthProblem =
  | { readonly kind: 'late'; readonly afterMs: number }
  | { readonly kind: 'broken'; readonly reason: string }

export type HealthPoll = {
  readonly view: () => HealthView
  /** Asks if `intervalMs` have passed; forgets the counts when the address changes, or the process that has it. */
  readonly maybeAsk: (url: string | null, now: number, nonce?: string) => void
}

type Limits = {
  readonly intervalMs: number
  readonly timeoutMs: number
  readonly path: string
  readonly token?: string | undefined
}
/** Undefined: nobody knows, because we were not awake to hear it. */
type Answer =
  | { readonly ok: true; readonly degraded: readonly string[] }
  | { readonly ok: false; readonly problem: HealthProblem }
  | undefined

const UNKNOWN: HealthView = { failures: 0, passed: false, degraded: [], answeredAt: null, problem: null }
/** When our own timer comes later than this, we slept ourselves: the answer may lie there unread. */
const OWN_LATE_MS = 1_000
/** A health body is a few kB; more is not ours. */
const MAX_BODY_BYTES = 256 * 1_024

/** A poller for one service. */
export function createHealthPoll(limits: Limits): HealthPoll {
  let view = UNKNOWN
  let askedWhom = ''
  let nextAt = 0
  let isAsking = false
  const send = (url: string, whom: string, isSecond: boolean) => {
    isAsking = true
    ask(`${url}${limits.path}`, limits, (answer) => {
      isAsking = false
      if (whom !== askedWhom || !answer) return
      if (!answer.ok && !isSecond && view.problem === null) send(url, whom, true)
      view = answer.ok
        ? { failures: 0, passed: true, degraded: answer.degraded, answeredAt: monotonicMs(), problem: null }
        : afterFailure(view, answer.problem, isSecond)
    })
  }
  return {
    view: () => view,
    maybeAsk(url, now, nonce = '') {
      const whom = `${url} ${nonce}`
      if (whom !== askedWhom) {
        askedWhom = whom
        view = UNKNOWN
        nextAt = now
      }
      if (!url || isAsking || now < nextAt) return
      nextAt = now + limits.intervalMs
      send(url, whom, false)
    },
  }
}

/** The second question confirms the first; it is no failure of its own. */
function afterFailure(view: HealthView, problem: HealthProblem, isSecond: boolean): HealthView {
  if (isSecond) return { ...view, problem }
  return { ...view, failures: view.failures + 1, passed: false, problem: view.problem && problem }
}

function ask(url: string, limits: Limits, onAnswer: (answer: Answer) => void): void {
  const askedAt = monotonicMs()
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
    response.on('end', () => finish(answerOf(response.statusCode ?? 500, body)))
  })
  const beLate = () => {
    finish(
      wasAwake(askedAt, limits.timeoutMs)
        ? { ok: false, problem: { kind: 'late', afterMs: limits.timeoutMs } }
        : undefined,
    )
    request.destroy()
  }
  // `timeout` is the socket's idle time; a slow drip must not outlive the limit either.
  const timer = setTimeout(beLate, limits.timeoutMs)
  request.on('timeout', beLate)
  request.on('error', (error) => finish(broken(error.message)))
  request.on('close', () => {
    clearTimeout(timer)
    finish(broken('the connection was closed'))
  })
}

function wasAwake(askedAt: number, timeoutMs: number): boolean {
  return monotonicMs() - askedAt < timeoutMs + OWN_LATE_MS
}

function answerOf(status: number, body: string): Answer {
  return status < 500 ? { ok: true, degraded: degradedOf(body) } : broken(`status ${status}`)
}

function broken(reason: string): Answer {
  return { ok: false, problem: { kind: 'broken', reason } }
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

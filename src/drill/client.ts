/** A client that never rests: its first failed request to its first good one is the downtime that a user sees. */
import { Agent, get } from 'node:http'

export type Client = {
  /** Ends the client and gives what it saw. */
  readonly stop: () => Promise<ClientReport>
  readonly report: () => ClientReport
}

export type ClientReport = {
  readonly requests: number
  readonly failed: number /** Longest time without a good answer, from the first failure; 0 when none failed. */
  readonly downMs: number
  readonly lastGoodAt: number
  readonly outageAt: number | null
}

const EVERY_MS = 10
const LIMIT_MS = 1_500

/** Asks `/readyz` each 10 ms, whether earlier questions were answered or not (so that a hang is seen at once). */
export function startClient(url: () => string): Client {
  const pool = new Agent({ keepAlive: false, maxSockets: 64 })
  let requests = 0
  let failed = 0
  let outageAt: number | null = null
  let downMs = 0
  let lastGoodAt = performance.now()
  let inFlight = 0
  const settle = (askedAt: number, isGood: boolean) => {
    inFlight--
    if (isGood) {
      lastGoodAt = performance.now()
      // An answer to a question from before the outage does not end it.
      if (outageAt !== null && askedAt >= outageAt) {
        downMs = Math.max(downMs, lastGoodAt - outageAt)
        outageAt = null
      }
    } else {
      failed++
      outageAt = outageAt === null ? askedAt : Math.min(outageAt, askedAt)
    }
  }
  const ask = () => {
    if (inFlight >= 48) return
    inFlight++
    requests++
    askOnce(`${url()}/readyz`, pool, settle)
  }
  const timer = setInterval(ask, EVERY_MS)
  const report = (): ClientReport => ({
    requests,
    failed,
    downMs: outageAt === null ? downMs : Math.max(downMs, performance.now() - outageAt),
    lastGoodAt,
    outageAt,
  })
  return {
    report,
    async stop() {
      clearInterval(timer)
      pool.destroy()
      return report()
    },
  }
}

function askOnce(url: string, agent: Agent, settle: (askedAt: number, isGood: boolean) => void): void {
  const askedAt = performance.now()
  let isDone = false
  const finish = (isGood: boolean) => {
    if (isDone) return
    isDone = true
    settle(askedAt, isGood)
  }
  const request = get(url, { agent, timeout: LIMIT_MS }, (response) => {
    response.resume()
    response.on('end', () => finish(response.statusCode === 200))
    response.on('error', () => finish(false))
  })
  request.on('timeout', () => request.destroy())
  request.on('error', () => finish(false))
}

import { get } from 'node:http'

/** An answer that takes longer counts as none, in milliseconds. */
const LIMIT_MS = 1_000

/** One question to `/readyz` of an address. */
export function isServing(address: string, limitMs: number = LIMIT_MS): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(`${address}/readyz`, { timeout: limitMs, agent: false }, (response) => {
      response.resume()
      resolve(response.statusCode === 200)
    })
    request.on('timeout', () => request.destroy())
    request.on('error', () => resolve(false))
  })
}

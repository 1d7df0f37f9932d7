import { isIP } from 'node:net'
import { networkInterfaces } from 'node:os'

/** What an address said: `answers` (its loop turns), `silent`, or `foreign` where the address is not one of this machine's. */
export type LiveAnswer = 'answers' | 'silent' | 'foreign'

/** Asks `/livez` at an address of this machine; any answer at all within the limit shows a turning loop. Asks nobody elsewhere, follows nothing. */
export async function answersLive(address: string, limitMs: number): Promise<LiveAnswer> {
  const url = localUrl(address)
  if (!url) return 'foreign'
  // Seldom needed, and not quick to load.
  const { get } = await import('node:http')
  return new Promise((resolve) => {
    const request = get(url, { agent: false, signal: AbortSignal.timeout(limitMs) }, (response) => {
      response.destroy()
      resolve('answers')
    })
    request.on('error', () => resolve('silent'))
  })
}

function localUrl(address: string): URL | undefined {
  if (!URL.canParse(address)) return undefined
  const url = new URL('/livez', address)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (url.protocol !== 'http:' || url.username || url.password || isIP(host) === 0) return undefined
  if (host === '0.0.0.0') url.hostname = '127.0.0.1'
  else if (host === '::') url.hostname = '[::1]'
  else if (!isOwnAddress(host)) return undefined
  return url
}

function isOwnAddress(host: string): boolean {
  if (host.startsWith('127.') || host === '::1') return true
  return Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ address }) => address === host))
}

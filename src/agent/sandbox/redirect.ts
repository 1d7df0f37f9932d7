/** Where a redirect leads, and what goes along. Pure. */
import type { BrokerRequest } from '../tools/tool.ts'
import { judgeUrl, type NetworkRules } from './brokerRules.ts'

/** One request on the way. */
export type Hop = {
  readonly url: URL
  readonly method: string
  readonly body: string | undefined
  readonly secret: BrokerRequest['secret']
}

/** A redirect is a new request: judged anew, without the secret on another host, as GET where browsers do so too. */
export function nextHop(
  hop: Hop,
  status: number,
  location: string,
  rules: NetworkRules,
): { ok: true; hop: Hop } | { ok: false; reason: string } {
  const judged = judgeUrl(URL.parse(location, hop.url)?.href ?? '', rules)
  if (!judged.ok) return { ok: false, reason: `it was redirected to where it may not go: ${judged.reason}` }
  const { url } = judged
  const isSameHost = url.host === hop.url.host
  if (hop.secret && hop.url.protocol === 'https:' && url.protocol === 'http:') {
    return { ok: false, reason: 'it was redirected from https to http with a secret' }
  }
  const keepsBody = status === 307 || status === 308
  if (keepsBody && hop.body !== undefined && !isSameHost) {
    return { ok: false, reason: 'it was redirected to another host with what was sent' }
  }
  const method = keepsBody || hop.method === 'HEAD' ? hop.method : 'GET'
  const body = keepsBody ? hop.body : undefined
  return { ok: true, hop: { url, method, body, secret: isSameHost ? hop.secret : undefined } }
}

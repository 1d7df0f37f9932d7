/** What the broker decides before it connects: may this request be made, to which addresses, with which secret. Pure but for the tables of addresses. */
import { isIP } from 'node:net'
import type { NetworkSettings } from '../../shared/config/sandboxSection.ts'
import type { BrokerRequest } from '../tools/tool.ts'
import { isLoopback, isOwn, notPublic } from './addresses.ts'
import { allowing, type HostRule, hostRule, isDenied, ORDINARY_PORTS, type Target, targetOf } from './hostRules.ts'

/** The owner's rules, taken apart once. */
export type NetworkRules = {
  readonly allow: readonly HostRule[]
  readonly deny: readonly HostRule[]
  readonly secrets: readonly { readonly variable: string; readonly rule: HostRule }[]
}

/** Reads the settings. */
export function networkRules({ allow, deny, secrets }: NetworkSettings): NetworkRules {
  return {
    allow: allow.map(hostRule),
    deny: deny.map(hostRule),
    secrets: secrets.map((written) => {
      const [variable = '', host = ''] = written.split('=')
      return { variable, rule: hostRule(host) }
    }),
  }
}

/** An answer with a reason; the reason is told to the model. */
export type Judgement<T> = ({ readonly ok: true } & T) | { readonly ok: false; readonly reason: string }

const METHODS = ['GET', 'HEAD', 'POST']
/** Headers that a tool may send. What carries a login is not among them: that comes from the broker. */
const HEADERS = [
  'accept',
  'accept-language',
  'content-type',
  'if-modified-since',
  'if-none-match',
  'prefer',
  'range',
  'user-agent',
  'x-github-api-version',
]
/** Headers that a secret may stand in. */
const SECRET_HEADERS = [
  'authorization',
  'x-api-key',
  'api-key',
  'x-auth-token',
  'x-subscription-token',
  'private-token',
  'x-token',
]
const MAX_URL = 8_192
const MAX_BODY = 1_048_576

/** Judges everything that can be judged without asking for addresses. */
export function judgeRequest(request: BrokerRequest, rules: NetworkRules): Judgement<{ url: URL }> {
  const judged = judgeUrl(request.url, rules)
  if (!judged.ok) return judged
  if (!METHODS.includes(request.method ?? 'GET')) return no(`the method ${String(request.method)} is not allowed`)
  if (request.body !== undefined && request.method !== 'POST') return no('only POST has a body')
  if ((request.body?.length ?? 0) > MAX_BODY) return no(`the body is longer than ${MAX_BODY} characters`)
  const header = Object.entries(request.headers ?? {}).find(([name, value]) => !isHeaderAllowed(name, value))
  return header ? no(`the header ${header[0].slice(0, 50)} may not be sent by a tool`) : judged
}

/** Judges an address of the web, of a request or of a redirect. */
export function judgeUrl(written: string, rules: NetworkRules): Judgement<{ url: URL }> {
  const url = written.length > MAX_URL ? null : URL.parse(written)
  if (!url) return no('it is no address of the web')
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return no(`${url.protocol} is not allowed, only http and https`)
  if (url.username !== '' || url.password !== '') return no('an address may hold no user and no password')
  const target = targetOf(url)
  if (target.host === '') return no('it names no host')
  if (isDenied(target, rules.deny)) return no(`${target.host} is denied by network.deny`)
  if (!ORDINARY_PORTS.includes(target.port) && allowing(target, rules.allow).length === 0) {
    return no(`port ${target.port} is not allowed; the owner can allow ${target.host}:${target.port} in network.allow`)
  }
  return { ok: true, url }
}

function isHeaderAllowed(name: string, value: string): boolean {
  return HEADERS.includes(name.toLowerCase()) && isHeaderValue(value)
}

function isHeaderValue(value: string): boolean {
  return value.length <= MAX_URL && /^[\t\x20-\x7e]*$/.test(value)
}

/**
 * Judges the addresses that a host has: all of them, one bad one refuses it. An owner's rule for exactly this host opens this machine and private
 * networks; metadata, link-local and the like only a rule for the address itself.
 */
export function judgeAddresses(target: Target, addresses: readonly string[], rules: NetworkRules): Judgement<object> {
  if (addresses.length === 0) return no(`${target.host} has no address`)
  const exact = allowing(target, rules.allow).filter(({ isWildcard }) => !isWildcard)
  const isLiteral = isIP(target.host) !== 0
  for (const address of addresses) {
    const what = notPublic(address)
    if (what === undefined || (exact.length > 0 && (isLiteral || isOwn(address)))) continue
    return no(
      `${target.host} leads to ${address}, which is ${what}; the owner can allow ${target.host}:${target.port} in network.allow`,
    )
  }
  return { ok: true }
}

/** Judges the use of a secret. Without a port its rule means https on 443; in clear it goes to this machine only. */
export function judgeSecret(
  { variable, header, prefix }: NonNullable<BrokerRequest['secret']>,
  url: URL,
  { secrets }: NetworkRules,
): Judgement<object> {
  const { host, port } = targetOf(url)
  const rule = secrets.find(
    (entry) => entry.variable === variable && entry.rule.host === host && (entry.rule.port ?? 443) === port,
  )
  if (!rule) return no(`${variable} may not be sent to ${host}:${port}; the owner can allow it in network.secrets`)
  if (!SECRET_HEADERS.includes(header.toLowerCase()))
    return no(`a secret may not stand in the header ${header.slice(0, 50)}`)
  return isHeaderValue(prefix ?? '') ? { ok: true } : no('the prefix of the secret is no text of a header')
}

/** In clear a secret goes to this machine only, whatever is allowed. */
export function mayCarrySecret(url: URL, addresses: readonly string[]): boolean {
  return url.protocol === 'https:' || addresses.every(isLoopback)
}

function no(reason: string): { ok: false; reason: string } {
  return { ok: false, reason }
}

/**
 * The one way from a tool to the network. Promises: http and https only; a host is resolved once, all its addresses are judged, and exactly those are
 * connected to; every redirect is judged like a request; a secret goes only to the hosts that the owner named with it, is dropped on the way to any
 * other, and never comes back in an answer. Nothing is logged here.
 */
import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import type { NetworkSettings } from '../../shared/config/sandboxSection.ts'
import type { BrokerAnswer, BrokerRequest } from '../tools/tool.ts'
import { judgeAddresses, judgeRequest, judgeSecret, mayCarrySecret, networkRules } from './brokerRules.ts'
import { exchange, type Reply } from './exchange.ts'
import { targetOf } from './hostRules.ts'
import { masker } from './maskSecret.ts'
import { type Hop, nextHop } from './redirect.ts'

/** All addresses of a host, in the order in which they should be tried. */
export type Resolve = (host: string) => Promise<readonly string[]>

/** What the broker is built from. */
export type BrokerInput = {
  readonly settings: NetworkSettings
  /** The value of a secret of `.env`; asked for anew each time. */
  readonly readSecret: (variable: string) => string | undefined
  /** Default: as the machine resolves names. */
  readonly resolve?: Resolve
}

/** Makes a request; never rejects. */
export type Broker = (request: BrokerRequest, signal: AbortSignal) => Promise<BrokerAnswer>

/** Redirects that are followed. */
const MAX_REDIRECTS = 5

/** Builds the broker. */
export function createBroker({ settings, readSecret, resolve = resolveHere }: BrokerInput): Broker {
  const rules = networkRules(settings)
  return async (request, signal) => {
    const timeout = AbortSignal.timeout(settings.timeoutMs)
    const secret = request.secret && readSecret(request.secret.variable)
    const mask = masker(secret)
    try {
      const judged = judgeRequest(request, rules)
      if (!judged.ok) return judged
      const hop = { url: judged.url, method: request.method ?? 'GET', body: request.body, secret: request.secret }
      const either = AbortSignal.any([signal, timeout])
      const context = {
        rules,
        resolve,
        value: secret,
        headers: request.headers ?? {},
        signal: either,
        maxBytes: bytesOf(request, settings),
      }
      const answer = await follow(hop, context, MAX_REDIRECTS)
      return answer.ok ? shown(answer, mask) : { ok: false, reason: mask.text(answer.reason) }
    } catch (error) {
      if (timeout.aborted) return { ok: false, reason: `no answer within ${settings.timeoutMs / 1_000} s` }
      return { ok: false, reason: signal.aborted ? 'it was cancelled' : mask.text(reasonOf(error)) }
    }
  }
}

function bytesOf({ maxBytes }: BrokerRequest, settings: NetworkSettings): number {
  return maxBytes === undefined || !(maxBytes >= 0) ? settings.maxBytes : Math.min(maxBytes, settings.maxBytes)
}

type Context = {
  readonly rules: ReturnType<typeof networkRules>
  readonly resolve: Resolve
  readonly value: string | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  readonly maxBytes: number
}

type Arrived =
  | { readonly ok: true; readonly url: URL; readonly reply: Reply }
  | { readonly ok: false; readonly reason: string }

async function follow(hop: Hop, context: Context, left: number): Promise<Arrived> {
  const { url, method, body } = hop
  // Before the name is looked up: that, too, tells somebody something.
  const may = hop.secret ? judgeSecret(hop.secret, url, context.rules) : { ok: true as const }
  if (!may.ok) return may
  const addresses = await addressesOf(url, context)
  if (!addresses.ok) return addresses
  const login = loginFor(hop, addresses.found, context)
  if (!login.ok) return login
  const headers = { 'user-agent': 'ottugi', accept: '*/*', ...lowerCased(context.headers), ...login.headers }
  const { signal, maxBytes } = context
  const reply = await exchange({ url, method, body, headers, addresses: addresses.found, signal, maxBytes })
  if (reply.location === undefined) return { ok: true, url, reply }
  if (left === 0) return { ok: false, reason: `more than ${MAX_REDIRECTS} redirects` }
  const next = nextHop(hop, reply.status, reply.location, context.rules)
  return next.ok ? follow(next.hop, context, left - 1) : next
}

async function addressesOf(url: URL, { resolve, rules, signal }: Context) {
  const target = targetOf(url)
  const found = isIP(target.host) ? [target.host] : await raced(resolve(target.host), signal)
  const judged = judgeAddresses(target, found, rules)
  return judged.ok ? { ok: true as const, found } : judged
}

/** A resolver cannot be cancelled; nobody has to wait for it. */
function raced<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    work.then(resolve, reject)
  })
}

function loginFor({ secret, url }: Hop, addresses: readonly string[], { value }: Context) {
  if (!secret) return { ok: true as const, headers: {} }
  if (!value) return { ok: false as const, reason: `${secret.variable} is not set in .env` }
  if (!mayCarrySecret(url, addresses)) return { ok: false as const, reason: 'a secret is sent over https only' }
  return { ok: true as const, headers: { [secret.header.toLowerCase()]: `${secret.prefix ?? ''}${value}` } }
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

function shown({ url, reply }: Extract<Arrived, { ok: true }>, mask: ReturnType<typeof masker>): BrokerAnswer {
  const headers = Object.fromEntries(Object.entries(reply.headers).map(([name, value]) => [name, mask.text(value)]))
  return {
    ok: true,
    status: reply.status,
    url: mask.text(url.href),
    headers,
    body: mask.body(reply.body, reply.isCut),
    isCut: reply.isCut,
  }
}

async function resolveHere(host: string): Promise<string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address)
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'the host is not known'
  return `the request failed: ${code ?? message}`
}

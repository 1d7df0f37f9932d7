/** The dashboard's session cookie: when it began, what it may do, and a signature. Only what was signed out is stored; a new session secret ends all sessions. */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { SCOPES, type Scope, type Token } from '../src/shared/tokens.ts'

/** The name of the cookie. */
export const SESSION_COOKIE = 'ottugi_dashboard'
/** How long a session lasts, in milliseconds. */
export const SESSION_MS: number = 12 * 3_600_000
/** A session that began later than now was signed before the clock was put back: so much of it is forgiven, in milliseconds. */
const CLOCK_SLACK_MS = 5 * 60_000
const ID_BYTES = 12

/** A session that stands. Wall clock in milliseconds. */
export type Session = { readonly id: string; readonly scope: Scope; readonly endsMs: number }

/** What signs: a new secret ends every session, a new token those of its scope. */
export type SessionKey = { readonly secret: string; readonly tokens: readonly Token[] }

/** The value of a new cookie. */
export function signSession(key: SessionKey, scope: Scope, nowMs: number): string {
  const content = `${nowMs}.${scope}.${randomBytes(ID_BYTES).toString('base64url')}`
  return `${content}.${signatureOf(key, scope, content)}`
}

/** The session of a cookie that we signed and that has not run out. */
export function readSession(value: string, key: SessionKey, nowMs: number): Session | undefined {
  const match = /^((\d{1,15})\.([a-z]+)\.([\w-]{16}))\.([\w-]{43})$/.exec(value)
  const [, content = '', begun = '', word = '', id = '', signature = ''] = match ?? []
  const scope = SCOPES.find((one) => one === word)
  if (!scope) return undefined
  const given = Buffer.from(signature)
  const expected = Buffer.from(signatureOf(key, scope, content))
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined
  const begunMs = Number(begun)
  const endsMs = begunMs + SESSION_MS
  return begunMs - CLOCK_SLACK_MS <= nowMs && nowMs < endsMs ? { id, scope, endsMs } : undefined
}

function signatureOf({ secret, tokens }: SessionKey, scope: Scope, content: string): string {
  const token = tokens.find((one) => one.scope === scope)?.token ?? ''
  const proof = createHash('sha256').update(token).digest('hex')
  return createHmac('sha256', secret).update(`${SESSION_COOKIE}.${content}.${proof}`).digest('base64url')
}

/** The value of a cookie in a Cookie header. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const [key, value] = part.trim().split('=', 2)
    if (key === name) return value
  }
  return undefined
}

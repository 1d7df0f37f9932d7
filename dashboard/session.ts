/** The dashboard's session cookie: an expiry and its signature. Nothing is stored; a new session secret ends all sessions. */
import { createHmac, timingSafeEqual } from 'node:crypto'

export const SESSION_COOKIE = 'ottugi_dashboard'
/** How long a session lasts, in milliseconds. */
export const SESSION_MS: number = 12 * 3_600_000

/** The value of a new cookie. */
export function signSession(secret: string, nowMs: number): string {
  const expiresMs = nowMs + SESSION_MS
  return `${expiresMs}.${signatureOf(secret, expiresMs)}`
}

/** True for a cookie that we signed and that has not run out. */
export function isSession(value: string, secret: string, nowMs: number): boolean {
  const match = /^(\d{1,16})\.([\w-]+)$/.exec(value)
  if (!match?.[1] || !match[2]) return false
  const expiresMs = Number(match[1])
  const given = Buffer.from(match[2])
  const expected = Buffer.from(signatureOf(secret, expiresMs))
  return given.length === expected.length && timingSafeEqual(given, expected) && nowMs < expiresMs
}

function signatureOf(secret: string, expiresMs: number): string {
  return createHmac('sha256', secret).update(`${SESSION_COOKIE}.${expiresMs}`).digest('base64url')
}

/** The value of a cookie in a Cookie header. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const [key, value] = part.trim().split('=', 2)
    if (key === name) return value
  }
  return undefined
}

/** One HTTP request with a deadline, for channels. What a server answers is data: it is read up to a limit, and never shown. */
import { phrase } from '../../shared/messages/phrase.ts'
import { DELIVERED, type Delivery, type Failure, later, refused } from './channel.ts'

/** What is sent. */
export type Outgoing = {
  readonly url: string
  readonly method?: 'POST' | 'GET'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** An answer, its body cut at {@link MAX_ANSWER_BYTES}. */
export type Answer = { readonly ok: true; readonly status: number; readonly headers: Headers; readonly text: string }

/** Longer answers are not read on. */
const MAX_ANSWER_BYTES = 64 * 1_024
const MAX_REDIRECTS = 3
/** The longest that a server may send us away: a day. */
const MAX_RETRY_AFTER_MS = 86_400_000

/** Sends and asks only whether it was taken. */
export async function deliver(outgoing: Outgoing, signal: AbortSignal): Promise<Delivery> {
  const answer = await request(outgoing, signal)
  return answer.ok ? verdictOn(answer) : answer
}

/** 2xx is taken; 408, 425, 429 and 5xx may be later; every other answer is a refusal. */
export function verdictOn({ status, headers }: Answer): Delivery {
  if (status >= 200 && status < 300) return DELIVERED
  const reason = phrase('notify.why.http', { status })
  const isLater = status >= 500 || status === 408 || status === 425 || status === 429
  return isLater ? later(reason, retryAfterMs(headers.get('retry-after'), Date.now())) : refused(reason)
}

/** `Retry-After`: seconds or a date. Undefined where it says neither. */
export function retryAfterMs(header: string | null, wall: number): number | undefined {
  if (header === null || header.trim() === '') return undefined
  const ms = /^\d+(\.\d+)?$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - wall
  return Number.isFinite(ms) ? Math.min(Math.max(0, ms), MAX_RETRY_AFTER_MS) : undefined
}

/** Sends, and gives the answer. A redirect is followed on the same host only: the secret in the address or a header is for nobody else. */
export async function request(outgoing: Outgoing, signal: AbortSignal): Promise<Answer | Failure> {
  let url = outgoing.url
  try {
    for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
      const response = await fetch(url, { ...initOf(outgoing), redirect: 'manual', signal })
      const location = response.headers.get('location')
      if (response.status < 300 || response.status >= 400 || location === null) {
        return { ok: true, status: response.status, headers: response.headers, text: await readSome(response) }
      }
      await response.body?.cancel()
      const next = URL.parse(location, url)
      if (next === null || next.origin !== new URL(url).origin) break
      url = next.href
    }
    return refused(phrase('notify.why.redirect'))
  } catch (error) {
    if (signal.aborted) return later(phrase('notify.why.timeout'))
    return later(phrase('notify.why.network', { code: codeOf(error) }))
  }
}

function initOf({ method, headers, body }: Outgoing): RequestInit {
  return {
    method: method ?? 'POST',
    headers: { 'user-agent': 'ottugi', ...headers },
    ...(body === undefined ? {} : { body }),
  }
}

/** The status is the answer: a body that breaks off, or never ends, takes nothing from it. */
async function readSome(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of response.body ?? []) {
      chunks.push(chunk)
      length += chunk.length
      if (length > MAX_ANSWER_BYTES) break
    }
  } catch {
    // What came until then is what there is.
  }
  return Buffer.concat(chunks).subarray(0, MAX_ANSWER_BYTES).toString('utf8')
}

/** The code of an error, never its text: that may hold an address with a secret. */
export function codeOf(error: unknown): string {
  const { code, cause } = error as { code?: unknown; cause?: { code?: unknown } }
  return (
    [code, cause?.code].find((found): found is string => typeof found === 'string' && /^[A-Z_]{2,60}$/.test(found)) ??
    'network'
  )
}

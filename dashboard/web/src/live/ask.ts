/** One question to the server: with the cookie, in the reader's language, never kept in a cache. */
import { signal } from '@preact/signals'
import { language } from '../app/text.ts'
import { basePath } from './basePath.ts'
import { type Answer, aborted, failureOf, unreachable } from './problem.ts'

/** True once the server said that nobody is signed in: the shell shows how to. */
export const isSignedOut = signal(false)

/** What a question has beside its path (`api/overview`, without a slash before it). */
export type Question = {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly query?: Readonly<Record<string, string | number | null | undefined>>
  readonly body?: unknown
  readonly signal?: AbortSignal | undefined
  readonly headers?: Readonly<Record<string, string>>
}

/** Path with its query, below the base path. Parts that are null, undefined or empty are left out. */
export function addressOf(path: string, query: Question['query'] = {}): string {
  const pairs = Object.entries(query).flatMap(([key, value]): [string, string][] =>
    value === null || value === undefined || value === '' ? [] : [[key, String(value)]],
  )
  return `${basePath}/${path}${pairs.length > 0 ? `?${new URLSearchParams(pairs)}` : ''}`
}

/** Asks and gives the answer as it came, or why there is none. A 401 signs the page out. */
export async function askRaw(path: string, question: Question = {}): Promise<Answer<Response>> {
  const { method = 'GET', query, body, signal: abort, headers } = question
  try {
    const response = await fetch(addressOf(path, { ...query, lang: language.peek() }), {
      method,
      cache: 'no-store',
      credentials: 'same-origin',
      headers: {
        Accept: 'application/json',
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(abort ? { signal: abort } : {}),
    })
    if (response.status === 401) isSignedOut.value = true
    if (response.ok) return { ok: true, value: response }
    return failureOf(response.status, await response.json().catch(() => null))
  } catch {
    return abort?.aborted ? aborted() : unreachable()
  }
}

/** Asks for JSON. */
export async function ask<Value>(path: string, question: Question = {}): Promise<Answer<Value>> {
  const answer = await askRaw(path, question)
  if (!answer.ok) return answer
  try {
    return { ok: true, value: (await answer.value.json()) as Value }
  } catch {
    return question.signal?.aborted ? aborted() : unreachable()
  }
}

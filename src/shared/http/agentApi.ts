/** One call of the running agent's HTTP interface, from this machine: finds its address and the token with the scope that is needed. */
import { readEnvFile } from '../config/envFile.ts'
import type { HomePaths } from '../paths.ts'
import { readLiving } from '../runtimeFile.ts'
import { mayDo, type Scope, tokensFrom } from '../tokens.ts'

/** What is asked of the agent. */
export type ApiCall = {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Begins with `/api/`; every variable part of it encoded by the caller. */
  readonly path: string
  readonly body?: unknown
  readonly scope: Scope
  readonly signal?: AbortSignal
}

/** What came back: parsed JSON (a text where it is none), or why nothing did. `name` is the end of a problem's type. */
export type ApiResult =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly why: 'unreachable' | 'no-token' }
  | {
      readonly ok: false
      readonly why: 'problem'
      readonly name: string
      readonly detail: string
      readonly status: number
    }

/** Calls it. Never throws for what the agent or the network do. */
export async function callAgent(paths: HomePaths, call: ApiCall): Promise<ApiResult> {
  const url = readLiving(paths, 'agent')?.url
  if (!url) return { ok: false, why: 'unreachable' }
  const token = tokenWith(paths, call.scope)
  if (!token) return { ok: false, why: 'no-token' }
  try {
    const response = await fetch(`${url}${call.path}`, {
      method: call.method ?? 'GET',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: call.body === undefined ? null : JSON.stringify(call.body),
      signal: call.signal ?? null,
    })
    const value = parse(await response.text())
    return response.ok ? { ok: true, value } : problemOf(value, response.status)
  } catch {
    return { ok: false, why: 'unreachable' }
  }
}

/** The token with the least power that is enough; undefined where there is none. */
export function tokenWith(paths: HomePaths, needed: Scope): string | undefined {
  const file = readEnvFile(paths.env)
  if (!file.ok) return undefined
  const tokens = tokensFrom(file.variables)
  return (tokens.find(({ scope }) => scope === needed) ?? tokens.find(({ scope }) => mayDo(scope, needed)))?.token
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function problemOf(body: unknown, status: number): ApiResult {
  const { type, detail } = (typeof body === 'object' && body !== null ? body : {}) as {
    type?: unknown
    detail?: unknown
  }
  const name = String(type ?? 'unknown').replace(/^urn:ottugi:problem:/, '')
  return { ok: false, why: 'problem', name, detail: String(detail ?? name), status }
}

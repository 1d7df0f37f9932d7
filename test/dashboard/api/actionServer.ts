/** The real app of the dashboard on a free port over a home of its own, with a token of each scope. */
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AuditEntry } from '../../../dashboard/api/actionsAudit.ts'
import { createDashboardApp } from '../../../dashboard/app.ts'
import { createContext } from '../../../dashboard/context.ts'
import { defaultSettings } from '../../../src/shared/config/load.ts'
import { createLimitedServer } from '../../../src/shared/http/listen.ts'
import { type HomePaths, homePaths } from '../../../src/shared/paths.ts'
import { createToken, SCOPES, type Scope } from '../../../src/shared/tokens.ts'

export type ActionServer = {
  readonly paths: HomePaths
  readonly url: string
  readonly audits: readonly AuditEntry[]
  /** What routes threw by mistake. */
  readonly bugs: readonly unknown[]
  /** A request with a token of this scope, and its status with the parsed answer. */
  readonly ask: (scope: Scope, path: string, wish?: AskWish) => Promise<{ status: number; body: unknown }>
  readonly raw: (scope: Scope, path: string, wish?: AskWish) => Promise<Response>
  readonly leave: () => void
  readonly close: () => Promise<void>
}
export type AskWish = {
  readonly method?: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

/** A home with the folders of an installation. */
export function actionHome(): HomePaths {
  const paths = homePaths(mkdtempSync(join(tmpdir(), 'ottugi-actions-')))
  for (const folder of [paths.data, paths.run, paths.logs, paths.alerts]) mkdirSync(folder, { mode: 0o700 })
  return paths
}

/** Removes a home, also where a test took rights away. */
export function removeHome({ home }: HomePaths): void {
  chmodSync(home, 0o700)
  rmSync(home, { recursive: true, force: true, maxRetries: 5 })
}

/** Lines of `.env` with a token of each scope; the agent of the home takes the same. */
export function tokenLines(): { readonly tokens: Readonly<Record<Scope, string>>; readonly text: string } {
  const tokens = Object.fromEntries(SCOPES.map((scope) => [scope, createToken(scope)])) as Record<Scope, string>
  const names = {
    admin: 'OTTUGI_TOKEN',
    read: 'OTTUGI_TOKEN_READ',
    chat: 'OTTUGI_TOKEN_CHAT',
    approve: 'OTTUGI_TOKEN_APPROVE',
  }
  return { tokens, text: SCOPES.map((scope) => `${names[scope]}=${tokens[scope]}\n`).join('') }
}

/** Starts it. `waitMs` is how long the watchdog is waited for. */
export async function startActions(
  paths: HomePaths,
  { waitMs, env = '', tokens }: { waitMs?: number; env?: string; tokens?: Readonly<Record<Scope, string>> } = {},
): Promise<ActionServer> {
  const own = tokenLines()
  if (!tokens) writeFileSync(paths.env, own.text + env, { mode: 0o600 })
  const known = tokens ?? own.tokens
  const audits: AuditEntry[] = []
  const bugs: unknown[] = []
  const leaving = new AbortController()
  const context = createContext({
    ...{ paths, environment: {}, settings: defaultSettings(), language: 'en', notes: [], howToSignIn: '' },
    supervisor: { kind: 'pm2', find: () => undefined },
    leaving: leaving.signal,
    writeAudit: (entry) => void audits.push(entry),
    onBug: (error) => void bugs.push(error),
  })
  const server = createLimitedServer(createDashboardApp({ ...context, ...(waitMs === undefined ? {} : { waitMs }) }))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const raw = (scope: Scope, path: string, wish: AskWish = {}) => call(`${url}${path}`, known[scope], wish)
  return {
    ...{ paths, url, audits, bugs, raw },
    ask: async (scope, path, wish) => {
      const response = await raw(scope, path, wish)
      return { status: response.status, body: parsed(await response.text()) }
    },
    leave: () => leaving.abort(),
    close: async () => {
      leaving.abort()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      context.agentDb.close()
      context.watchdogDb.close()
    },
  }
}

function call(address: string, token: string, { method, body, headers = {}, signal }: AskWish): Promise<Response> {
  const hasBody = body !== undefined
  return fetch(address, {
    method: method ?? (hasBody ? 'POST' : 'GET'),
    headers: {
      authorization: `Bearer ${token}`,
      ...(hasBody ? { 'content-type': 'application/json' } : {}),
      ...headers,
    },
    body: hasBody ? (typeof body === 'string' ? body : JSON.stringify(body)) : null,
    signal: signal ?? null,
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

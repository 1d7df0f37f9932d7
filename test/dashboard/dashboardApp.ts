/** The dashboard's server in this process, over a temporary home with real files and databases. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDashboardApp } from '../../dashboard/app.ts'
import { createContext, type DashboardContext } from '../../dashboard/context.ts'
import { SESSION_COOKIE, signSession } from '../../dashboard/session.ts'
import { checkSettingsText } from '../../src/shared/config/load.ts'
import { createLimitedServer, listen } from '../../src/shared/http/listen.ts'
import type { Incident } from '../../src/shared/incident.ts'
import { type HomePaths, homePaths } from '../../src/shared/paths.ts'
import { createToken, type Scope } from '../../src/shared/tokens.ts'

/** A running server. */
export type TestDashboard = {
  readonly url: string
  readonly port: number
  readonly context: DashboardContext
  readonly bugs: unknown[]
  /** The tokens of its home. */
  readonly tokens: Readonly<Record<Scope, string>>
  /** A valid Cookie header. */
  readonly cookie: (scope?: Scope, atMs?: number) => string
  /** `GET` with a session. */
  readonly get: (path: string, headers?: Record<string, string>) => Promise<Response>
  readonly close: () => Promise<void>
}

/** What a test may change. */
export type TestOptions = {
  readonly yaml?: string
  readonly language?: 'en' | 'ko'
  readonly distFolder?: string
}

/** A home with its folders, and tokens in `.env`. */
export function makeDashboardHome(): { readonly paths: HomePaths; readonly remove: () => void } {
  const paths = homePaths(mkdtempSync(join(tmpdir(), 'ottugi-dashboard-')))
  for (const folder of [paths.data, paths.run, paths.logs, paths.alerts]) mkdirSync(folder, { mode: 0o700 })
  return { paths, remove: () => rmSync(paths.home, { recursive: true, force: true, maxRetries: 5 }) }
}

/** Starts it on a free port. */
export async function startDashboard(paths: HomePaths, options: TestOptions = {}): Promise<TestDashboard> {
  const { language = 'en', distFolder = join(paths.home, 'no-dist') } = options
  const checked = checkSettingsText(options.yaml ?? '')
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems))
  const tokens = writeTokens(paths)
  const bugs: unknown[] = []
  const leaving = new AbortController()
  const context = createContext({
    paths,
    environment: {},
    settings: checked.settings,
    language,
    notes: ['a note'],
    howToSignIn: 'Run: ottugi dashboard',
    supervisor: { kind: 'none', find: () => undefined },
    distFolder,
    leaving: leaving.signal,
    writeAudit: () => undefined,
    onBug: (error) => bugs.push(error),
  })
  const server: Server = createLimitedServer(createDashboardApp(context))
  const listening = await listen(server, '127.0.0.1', 0)
  if (!listening.ok) throw new Error(listening.reason)
  const { url, port } = listening
  const cookie: TestDashboard['cookie'] = (scope = 'admin', atMs = Date.now()) =>
    `${SESSION_COOKIE}=${signSession({ secret: context.readSessionSecret() ?? '', tokens: context.readTokens() }, scope, atMs)}`
  return {
    url,
    port,
    context,
    bugs,
    tokens,
    cookie,
    get: (path, headers = {}) => fetch(url + path, { headers: { cookie: cookie(), ...headers }, redirect: 'manual' }),
    close: async () => {
      leaving.abort()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      context.agentDb.close()
      context.watchdogDb.close()
    },
  }
}

/** Writes new tokens and a session secret. */
export function writeTokens(paths: HomePaths): Record<Scope, string> {
  const tokens = {
    read: createToken('read'),
    chat: createToken('chat'),
    approve: createToken('approve'),
    admin: createToken('admin'),
  }
  const lines = [
    `OTTUGI_TOKEN=${tokens.admin}`,
    `OTTUGI_TOKEN_READ=${tokens.read}`,
    `OTTUGI_TOKEN_CHAT=${tokens.chat}`,
    `OTTUGI_TOKEN_APPROVE=${tokens.approve}`,
    'OTTUGI_SESSION_SECRET=a-secret-of-this-test-only',
  ]
  writeFileSync(paths.env, `${lines.join('\n')}\n`, { mode: 0o600 })
  return tokens
}

/** An incident, closed and healed unless something else is said. */
export function anIncident(id: string, more: Partial<Incident> = {}): Incident {
  return {
    id,
    openedAt: '2026-05-04T03:02:01.000Z',
    closedAt: '2026-05-04T03:02:07.000Z',
    fault: 'stale-lock',
    symptom: 'exited',
    tier: 'guardian',
    outcome: 'healed',
    downMs: 6_000,
    detectMs: 250,
    actions: [],
    modelCalls: 0,
    costUsd: 0,
    human: null,
    ...more,
  }
}

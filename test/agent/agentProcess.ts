/** Starts real agents in temporary homes, for tests. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseEnv } from 'node:util'
import { appRoot, type HomePaths, homePaths } from '../../src/shared/paths.ts'
import { readRuntimeFile } from '../../src/shared/runtimeFile.ts'

/** A home for one test. */
export type TestHome = { readonly paths: HomePaths; readonly remove: () => void }

/** Makes a home whose agent talks to `modelUrl`; `lines` are further lines of `ottugi.yaml`, `env` is its `.env`; `ownPorts` leaves the dashboard's port to `yaml`. */
export function makeHome({ modelUrl = 'http://127.0.0.1:9', yaml = '', env = '', ownPorts = false }): TestHome {
  const home = mkdtempSync(join(tmpdir(), 'ottugi-agent-'))
  const paths = homePaths(home)
  if (!/^agent:/m.test(yaml)) yaml += '\nagent:\n  port: 0\n'
  if (!/^model:/m.test(yaml)) yaml += `\nmodel:\n  baseUrl: ${modelUrl}\n`
  writeFileSync(paths.settings, ownPorts ? yaml : `${yaml}\ndashboard:\n  port: 0\n`, { mode: 0o600 })
  writeFileSync(paths.env, env, { mode: 0o600 })
  return { paths, remove: () => rmSync(home, { recursive: true, force: true, maxRetries: 5 }) }
}

/** A running process of ours. */
export type TestProcess = {
  readonly child: ChildProcess
  readonly url: string
  readonly token: string
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  /** Ends it politely, and waits. */
  readonly stop: () => Promise<void>
  readonly kill: () => Promise<void>
}

/** Starts an agent and waits until it has announced itself. */
export function startAgent(home: TestHome, environment: Record<string, string> = {}): Promise<TestProcess> {
  return startProcess(home, 'agent', environment)
}

/** Starts one of our processes and waits until it has announced itself. */
export async function startProcess(
  { paths }: TestHome,
  app: 'agent' | 'dashboard',
  environment: Record<string, string> = {},
): Promise<TestProcess> {
  mkdirSync(paths.run, { recursive: true, mode: 0o700 })
  const entry = app === 'agent' ? 'src/agent/main.ts' : 'dashboard/server.ts'
  const child = spawn(process.execPath, [join(appRoot, entry)], {
    env: { PATH: process.env['PATH'] ?? '', OTTUGI_HOME: paths.home, ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  })
  let complaint = ''
  child.stderr?.on('data', (chunk) => {
    complaint += chunk
  })
  const exited = once(child, 'exit').then(([code, signal]) => ({ code, signal }))
  const url = await Promise.race([
    eventually(() => {
      const file = readRuntimeFile(paths, app)
      return file?.pid === child.pid ? file?.url : undefined
    }),
    exited.then(({ code }) => {
      throw new Error(`${app} ended with ${code}: ${complaint}\n${readFileSync(paths.boots, 'utf8')}`)
    }),
  ])
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal)
    await exited
  }
  return { child, url, token: readToken(paths), exited, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') }
}

function readToken(paths: HomePaths): string {
  return parseEnv(readFileSync(paths.env, 'utf8'))['OTTUGI_TOKEN'] ?? ''
}

/** Looks again and again until there is a value, or fails after `limitMs`. */
export async function eventually<Value>(
  look: () => Value | undefined | null | false | Promise<Value | undefined | null | false>,
  limitMs = 15_000,
): Promise<Value> {
  const until = Date.now() + limitMs
  for (;;) {
    const value = await look()
    if (value !== undefined && value !== null && value !== false) return value
    if (Date.now() > until) throw new Error(`not within ${limitMs} ms: ${look}`)
    await sleep(10)
  }
}

/** A request with the admin token; JSON where a body is given. */
export function call(
  agent: Pick<TestProcess, 'url' | 'token'>,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(agent.url + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      authorization: `Bearer ${agent.token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
}

/** An agent alone, with nothing else of the ring beside it, and a provider on this machine that answers at once over the real wire. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { echo } from '../../src/drill/fakeProvider.ts'
import { startLoopbackServer } from '../../src/drill/loopbackServer.ts'
import { waitFor } from '../../src/drill/waitFor.ts'
import { tokenWith } from '../../src/shared/http/agentApi.ts'
import { NODE_FLAGS } from '../../src/shared/nodeFlags.ts'
import { appRoot, type HomePaths, homePaths } from '../../src/shared/paths.ts'
import { readRuntimeFile } from '../../src/shared/runtimeFile.ts'

/** A running agent. */
export type Agent = {
  readonly pid: number
  readonly readyMs: number
  /** One question and its answer, in milliseconds. */
  readonly turn: (session: string, more?: { readonly id?: string; readonly signal?: AbortSignal }) => Promise<number>
  /** Runs that have not ended, by its own metrics. */
  readonly unfinished: () => Promise<number>
  readonly end: (signal: NodeJS.Signals) => Promise<void>
}

/** A provider that can be told to keep its answers back. */
export type Provider = {
  readonly url: string
  readonly hold: (isHeld: boolean) => void
  /** How many requests were answered. */
  readonly answered: () => number
  /** The last request, whole. */
  readonly lastBody: () => string
  readonly close: () => Promise<void>
}

const READY_MS = 30_000

/** A home below the temporary folder; the caller removes it. */
export function makeHome(modelUrl: string): HomePaths {
  const paths = homePaths(mkdtempSync(join(tmpdir(), 'ottugi-turns-')))
  const settings = {
    agent: { port: 0 },
    dashboard: { port: 0 },
    model: { baseUrl: modelUrl },
    budget: { dayUsd: 1_000 },
  }
  writeFileSync(paths.settings, stringify(settings), { mode: 0o600 })
  writeFileSync(paths.env, '', { mode: 0o600 })
  return paths
}

/** Removes it. */
export function removeHome({ home }: HomePaths): void {
  rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
}

/** Starts an agent of this home as PM2 would, and waits until it is ready. */
export async function startAgent(paths: HomePaths): Promise<Agent> {
  const startedAt = performance.now()
  const env = {
    PATH: process.env['PATH'] ?? '',
    OTTUGI_HOME: paths.home,
    MALLOC_ARENA_MAX: '1',
    NODE_COMPILE_CACHE: join(paths.data, 'compile-cache'),
  }
  const words = [...NODE_FLAGS, join(appRoot, 'src', 'agent', 'main.ts')]
  const child = spawn(process.execPath, words, { env, stdio: 'ignore', detached: true })
  const exited = once(child, 'exit')
  const url = await waitFor(
    'the agent',
    READY_MS,
    async () => {
      const file = readRuntimeFile(paths, 'agent')
      return (file?.pid === child.pid && file?.url) || undefined
    },
    2,
  )
  const readyMs = performance.now() - startedAt
  return {
    pid: child.pid ?? 0,
    readyMs,
    ...clientOf(url, tokenWith(paths, 'admin') ?? ''),
    end: async (signal) => {
      child.kill(signal)
      await exited
    },
  }
}

function clientOf(url: string, token: string): Pick<Agent, 'turn' | 'unfinished'> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  return {
    turn: async (session, { id, signal } = {}) => {
      const from = performance.now()
      const body = JSON.stringify({ session, message: 'Reply OK', ...(id ? { id } : {}) })
      const response = await fetch(`${url}/api/chat`, { method: 'POST', headers, body, ...(signal ? { signal } : {}) })
      const { finish } = (await response.json()) as { finish?: string }
      if (finish !== 'answered') throw new Error(`a turn ended by ${finish} (${response.status})`)
      return performance.now() - from
    },
    unfinished: async () => {
      const text = await (await fetch(`${url}/metrics`, { headers })).text()
      return Number(/^ottugi_runs_unfinished (\d+)/m.exec(text)?.[1] ?? Number.NaN)
    },
  }
}

/** Starts the provider. */
export async function startProvider(): Promise<Provider> {
  let waiting: (() => void)[] = []
  let isHeld = false
  let last = ''
  let answered = 0
  const server = await startLoopbackServer(async (_request, body, response) => {
    last = body
    if (isHeld) await new Promise<void>((resolve) => waiting.push(resolve))
    echo(response, 'OK')
    answered++
  })
  return {
    url: server.url,
    answered: () => answered,
    lastBody: () => last,
    hold: (next) => {
      isHeld = next
      if (next) return
      for (const go of waiting) go()
      waiting = []
    },
    close: server.close,
  }
}

/** What a turn of the agent costs, with journal, gates and budget on, and a provider that answers at once over the real wire. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { stringify } from 'yaml'
import { echo } from '../../src/drill/fakeProvider.ts'
import { startLoopbackServer } from '../../src/drill/loopbackServer.ts'
import { waitFor } from '../../src/drill/waitFor.ts'
import { tokenWith } from '../../src/shared/http/agentApi.ts'
import { appRoot, type HomePaths, homePaths } from '../../src/shared/paths.ts'
import { readRuntimeFile } from '../../src/shared/runtimeFile.ts'
import { round } from './drillBench.ts'
import { pssMiB } from './idle.ts'
import type { Bench, Figure, Outcome } from './measurement.ts'

const WARM_UP = 50
const WARM_TURNS = 1_000
/** A session is left for a new one after so many turns: what is measured is a turn, not the length of a history. */
const TURNS_A_SESSION = 10
const SESSIONS = 64
const THROUGHPUT_MS = 10_000
const IDLE_SESSIONS = 1_000
const MANY_TURNS = 10_000
const RESUMED_RUNS = 1_000
const SETTLE_MS = 5_000

/** An agent alone: nothing else of the ring runs beside it. */
type Agent = {
  readonly pid: number
  readonly readyMs: number
  readonly turn: (session: string, id?: string) => Promise<number>
  readonly post: (path: string, body: object) => Promise<Response>
  readonly end: (signal: NodeJS.Signals) => Promise<void>
}

/** A provider that can be told to keep its answers back. */
type Provider = {
  readonly url: string
  readonly hold: (isHeld: boolean) => void
  readonly close: () => Promise<void>
}

/** `--rows turns`. */
export const TURNS_BENCH: Bench = {
  id: 'turns',
  groups: ['agent'],
  title: 'turns of the agent',
  async run({ times }) {
    const provider = await startProvider()
    const paths = makeHome(provider.url)
    try {
      return await measureAll(paths, provider, Math.min(times, 20))
    } finally {
      await provider.close()
      rmSync(paths.home, { recursive: true, force: true })
    }
  },
}

async function measureAll(paths: HomePaths, provider: Provider, starts: number): Promise<Outcome> {
  const ready: number[] = []
  const first: number[] = []
  const memory: number[] = []
  for (let turn = 0; turn < starts; turn++) {
    const agent = await startAgent(paths)
    ready.push(agent.readyMs)
    first.push(await agent.turn(`first-${turn}`))
    memory.push(pssMiB(agent.pid))
    await agent.end('SIGTERM')
    process.stderr.write('.')
  }
  const agent = await startAgent(paths)
  const atReady = pssMiB(agent.pid)
  const warm = await warmTurns(agent)
  const perSecond = await throughput(agent)
  for (let index = 0; index < IDLE_SESSIONS; index++) await agent.turn(`idle-${index}`)
  await delay(SETTLE_MS)
  const idle = pssMiB(agent.pid)
  await manyTurns(agent)
  await delay(SETTLE_MS)
  const after = pssMiB(agent.pid)
  await agent.end('SIGTERM')
  const resumed = await resume(paths, provider)
  return { figures: figuresOf({ ready, first, memory, atReady, warm, perSecond, idle, after, resumed }) }
}

async function warmTurns(agent: Agent): Promise<number[]> {
  for (let index = 0; index < WARM_UP; index++) await agent.turn(`warm-up-${Math.floor(index / TURNS_A_SESSION)}`)
  const times: number[] = []
  for (let index = 0; index < WARM_TURNS; index++)
    times.push(await agent.turn(`warm-${Math.floor(index / TURNS_A_SESSION)}`))
  return times
}

async function throughput(agent: Agent): Promise<number> {
  const until = performance.now() + THROUGHPUT_MS
  let turns = 0
  const talk = async (session: number) => {
    for (let index = 0; performance.now() < until; index++) {
      await agent.turn(`many-${session}-${Math.floor(index / TURNS_A_SESSION)}`)
      turns++
    }
  }
  await Promise.all(Array.from({ length: SESSIONS }, (_, session) => talk(session)))
  return turns / (THROUGHPUT_MS / 1_000)
}

async function manyTurns(agent: Agent): Promise<void> {
  let left = MANY_TURNS
  const talk = async (lane: number) => {
    for (; left > 0; left--) await agent.turn(`long-${lane}-${Math.floor(left / TURNS_A_SESSION / 8)}`)
  }
  await Promise.all(Array.from({ length: 8 }, (_, lane) => talk(lane)))
}

/** Many runs whose answers are kept back, SIGKILL, and the time from the next start to the end of the last of them. */
async function resume(paths: HomePaths, provider: Provider): Promise<number> {
  const agent = await startAgent(paths)
  provider.hold(true)
  const pending = Array.from({ length: RESUMED_RUNS }, (_, index) =>
    agent.turn(`resume-${index}`, `resume-${index}`).catch(() => 0),
  )
  await waitFor(
    'the runs to be accepted',
    60_000,
    async () => ((await unfinished(agent)) >= RESUMED_RUNS ? true : undefined),
    50,
  )
  await agent.end('SIGKILL')
  await Promise.all(pending)
  provider.hold(false)
  const startedAt = performance.now()
  const next = await startAgent(paths)
  await waitFor('the runs to be finished', 120_000, async () => ((await unfinished(next)) === 0 ? true : undefined), 20)
  const tookMs = performance.now() - startedAt
  await next.end('SIGTERM')
  return tookMs
}

async function unfinished(agent: Agent): Promise<number> {
  const metrics = await (await agent.post('/metrics', {})).text()
  return Number(/^ottugi_runs_unfinished (\d+)/m.exec(metrics)?.[1] ?? Number.NaN)
}

type Seen = {
  readonly ready: readonly number[]
  readonly first: readonly number[]
  readonly memory: readonly number[]
  readonly atReady: number
  readonly warm: readonly number[]
  readonly perSecond: number
  readonly idle: number
  readonly after: number
  readonly resumed: number
}

function figuresOf(seen: Seen): Record<string, Figure> {
  const times = (values: readonly number[]) => values.map(round)
  return {
    ready: { title: 'start of the agent alone → ready', unit: 'ms', values: times(seen.ready) },
    first: { title: 'first turn', unit: 'ms', values: times(seen.first) },
    warm: { title: 'warm turn', unit: 'ms', values: times(seen.warm) },
    perSecond: { title: `turns a second, ${SESSIONS} sessions`, unit: 'times', values: [Math.round(seen.perSecond)] },
    memory: { title: 'memory after the first turn (PSS)', unit: 'MiB', values: times(seen.memory) },
    atReady: { title: 'memory at ready (PSS)', unit: 'MiB', values: [round(seen.atReady)] },
    idle: { title: `memory with ${IDLE_SESSIONS} idle sessions (PSS)`, unit: 'MiB', values: [round(seen.idle)] },
    after: { title: `memory after ${MANY_TURNS} further turns (PSS)`, unit: 'MiB', values: [round(seen.after)] },
    resumed: {
      title: `${RESUMED_RUNS} runs after SIGKILL: start → all finished`,
      unit: 'ms',
      values: [round(seen.resumed)],
    },
  }
}

function makeHome(modelUrl: string): HomePaths {
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

async function startAgent(paths: HomePaths): Promise<Agent> {
  const startedAt = performance.now()
  const env = {
    PATH: process.env['PATH'] ?? '',
    OTTUGI_HOME: paths.home,
    NODE_COMPILE_CACHE: join(paths.data, 'compile-cache'),
  }
  const words = ['--max-semi-space-size=2', join(appRoot, 'src', 'agent', 'main.ts')]
  const child = spawn(process.execPath, words, { env, stdio: 'ignore', detached: true })
  const exited = once(child, 'exit')
  const url = await waitFor(
    'the agent',
    30_000,
    async () => {
      const file = readRuntimeFile(paths, 'agent')
      return file?.pid === child.pid ? file?.url : undefined
    },
    2,
  )
  const readyMs = performance.now() - startedAt
  const token = tokenWith(paths, 'admin') ?? ''
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const post = (path: string, body: object) =>
    path === '/metrics'
      ? fetch(`${url}${path}`, { headers })
      : fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
  return {
    pid: child.pid ?? 0,
    readyMs,
    post,
    turn: async (session, id) => {
      const from = performance.now()
      const response = await post('/api/chat', { session, message: 'Reply OK', ...(id ? { id } : {}) })
      const { finish } = (await response.json()) as { finish?: string }
      if (finish !== 'answered') throw new Error(`a turn ended by ${finish} (${response.status})`)
      return performance.now() - from
    },
    end: async (signal) => {
      child.kill(signal)
      await exited
    },
  }
}

async function startProvider(): Promise<Provider> {
  let waiting: (() => void)[] = []
  let isHeld = false
  const server = await startLoopbackServer(async (_request, _body, response) => {
    if (isHeld) await new Promise<void>((resolve) => waiting.push(resolve))
    echo(response, 'OK')
  })
  return {
    url: server.url,
    hold: (next) => {
      isHeld = next
      if (next) return
      for (const go of waiting) go()
      waiting = []
    },
    close: server.close,
  }
}
